"""Signatures of webhook requests: checked here, and made here for the demo and the tests.

Two forms. Standard Webhooks (https://www.standardwebhooks.com) signs id, time and body; the
boards' own form is the hex HMAC of the body alone. The rules are stricter than those of the
reference library, which raises half a dozen stray exceptions on malformed headers:

* the time is ten ASCII digits, at most 300 s from our clock either way;
* the id is 1 to 128 of `A-Z a-z 0-9 _ -`; a dot in it would let id and time slide into each other;
* the signature header is 1 to 5 tokens with one blank between them, each `version,base64`;
  only `v1` is ours, in padded standard base64, exactly as `sign` writes it.

Whatever is wrong, the answer is the same BadSignature: it never says which part it was.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from moderator.domain.errors import BadSignature
from moderator.sources.base import Headers
from moderator.sources.headers import single

Algorithm = Literal["sha1", "sha256"]

TOLERANCE_S = 300
MOST_SIGNATURES = 5
MOST_HEX_SIGNATURES = 10  # where a sender signs by every secret that it has not thrown away yet
PREFIX = "whsec_"
REFUSED = "the request is not signed by a secret of this source"

_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")
_TIMESTAMP = re.compile(r"[0-9]{10}")
_TOKEN = re.compile(r"(v[0-9]{1,2}[a-z]?),([A-Za-z0-9+/]{1,200}={0,2})")
_HEX_FORMS = {
    "sha1": re.compile("sha1=[0-9a-f]{40}"),
    "sha256": re.compile("sha256=[0-9a-f]{64}"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A request whose signature holds. `secret_index` counts from 0, the current secret."""

    delivery_id: str
    secret_index: int


def standard_key(secret: str) -> bytes:
    """The key in a Standard Webhooks secret: `whsec_` and base64, else the text's own bytes.

    Raises ValueError, without quoting the secret, where base64 was announced and is not there.
    """
    if not secret.startswith(PREFIX):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except ValueError:
        raise ValueError(f"what follows {PREFIX} is not base64") from None


def sign(secret: str, delivery_id: str, timestamp: int, body: bytes) -> str:
    """The `webhook-signature` of a request; `timestamp` in seconds since 1970."""
    signed = f"{delivery_id}.{timestamp}.".encode() + body
    return f"v1,{_base64_hmac(standard_key(secret), signed)}"


def sign_hex(secret: str, body: bytes, algorithm: Algorithm) -> str:
    """The signature header of Discourse and Coral (`sha256`) and NodeBB (`sha1`)."""
    return f"{algorithm}={hmac.digest(secret.encode(), body, algorithm).hex()}"


def verify_standard(headers: Headers, body: bytes, keys: Sequence[bytes], now: datetime) -> Signed:
    """Check a Standard Webhooks request; raises BadSignature, AmbiguousRequest."""
    delivery_id = single(headers, "webhook-id") or ""
    timestamp = single(headers, "webhook-timestamp") or ""
    given = _v1_signatures(single(headers, "webhook-signature") or "")
    if not _ID.fullmatch(delivery_id) or not _TIMESTAMP.fullmatch(timestamp):
        raise BadSignature(REFUSED)
    if abs(now.timestamp() - int(timestamp)) > TOLERANCE_S:
        raise BadSignature(REFUSED)
    signed = f"{delivery_id}.{timestamp}.".encode() + body
    expected = [_base64_hmac(key, signed).encode() for key in keys]
    return Signed(delivery_id=delivery_id, secret_index=_matching(expected, given))


def verify_hex(
    headers: Headers, name: str, body: bytes, keys: Sequence[bytes], algorithm: Algorithm
) -> int:
    """Check a header `name: algorithm=<lower-case hex>` over the body.

    Returns the position of the secret that signed; raises BadSignature, AmbiguousRequest.
    """
    return _verify_hex([single(headers, name) or ""], body, keys, algorithm)


def verify_hex_list(
    headers: Headers, name: str, body: bytes, keys: Sequence[bytes], algorithm: Algorithm
) -> int:
    """As `verify_hex`, of a header with several such signatures and a comma between them."""
    given = (single(headers, name) or "").split(",", MOST_HEX_SIGNATURES)
    if len(given) > MOST_HEX_SIGNATURES:
        raise BadSignature(REFUSED)
    return _verify_hex(given, body, keys, algorithm)


def _verify_hex(
    given: Sequence[str], body: bytes, keys: Sequence[bytes], algorithm: Algorithm
) -> int:
    if not all(_HEX_FORMS[algorithm].fullmatch(signature) for signature in given):
        raise BadSignature(REFUSED)
    expected = [f"{algorithm}={hmac.digest(key, body, algorithm).hex()}".encode() for key in keys]
    return _matching(expected, [signature.encode() for signature in given])


def _v1_signatures(header: str) -> list[bytes]:
    tokens = header.split(" ", MOST_SIGNATURES)  # at most one more than is allowed
    matches = [_TOKEN.fullmatch(token) for token in tokens]
    if len(matches) > MOST_SIGNATURES or None in matches:
        raise BadSignature(REFUSED)
    return [match[2].encode() for match in matches if match is not None and match[1] == "v1"]


def _matching(expected: Sequence[bytes], given: Sequence[bytes]) -> int:
    for index, signature in enumerate(expected):
        # Bytes: compare_digest raises TypeError on text that is not ASCII.
        if any(hmac.compare_digest(signature, candidate) for candidate in given):
            return index
    raise BadSignature(REFUSED)


def _base64_hmac(key: bytes, signed: bytes) -> str:
    return base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
