"""The query parameters that every API of Google's takes, as far as they mean something here."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.types import Scope

from moderator.web.compat.perspective.errors import malformed, shown
from moderator.web.compat.perspective.selection import Selection, selection

# Taken and without effect: who is behind a request, how errors are versioned, how Google's own
# tokens are sent (we hand none out), and how uploads are.
_WITHOUT_EFFECT = frozenset(
    {
        *("$.xgafv", "access_token", "oauth_token", "quotaUser", "userIp"),
        *("uploadType", "upload_protocol"),
    }
)
_FLAGS = {"true": True, "1": True, "": True, "false": False, "0": False}
_MOST = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What was asked of the answer's form. `key` is None where none was given."""

    key: str | None = None
    pretty: bool = True
    selection: Selection


def parameters(scope: Scope) -> Parameters:
    """The parameters of a request. Raises Refusal."""
    given = _given(scope["query_string"])
    if given.get("alt", "json") != "json":
        raise malformed("Invalid value at 'alt': only json is answered", "alt")
    if "callback" in given:
        raise malformed("Invalid value at 'callback': JSONP is not answered", "callback")
    pretty = _FLAGS.get(given.get("prettyPrint", given.get("pp", "true")).lower())
    if pretty is None:
        raise malformed("Invalid value at 'prettyPrint' (TYPE_BOOL)", "prettyPrint")
    unknown = given.keys() - _WITHOUT_EFFECT - {"alt", "key", "fields", "prettyPrint", "pp"}
    if unknown:
        raise malformed(
            f'Invalid JSON payload received. Unknown name "{shown(min(unknown))}": Cannot bind'
            " query parameter."
        )
    return Parameters(
        key=given.get("key", "").strip() or None,
        pretty=pretty,
        selection=selection(given.get("fields", "")),
    )


def _given(query: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True, max_num_fields=_MOST)
    except ValueError:
        raise malformed(f"There are more than {_MOST} query parameters") from None
    given = dict(pairs)
    if len(given) < len(pairs):
        raise malformed("A query parameter is given more than once")
    return given
