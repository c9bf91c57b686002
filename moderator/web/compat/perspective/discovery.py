"""`GET /$discovery/rest?version=v1alpha1`: what Google's client libraries build themselves from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs

from starlette.types import Receive, Scope, Send

from moderator.web.compat.perspective.errors import written
from moderator.web.compat.perspective.messages import for_discovery
from moderator.web.compat.perspective.method import send_google
from moderator.web.errors import NotFound
from moderator.web.runtime import Runtime

VERSION = "v1alpha1"
REVISION = "20240811"

_HOST = re.compile(r"[A-Za-z0-9.-]{1,253}(?::[0-9]{1,5})?|\[[0-9a-fA-F:.]{2,45}\](?::[0-9]{1,5})?")
_PARAMETERS = {
    "$.xgafv": "V1 error format; without effect.",
    "access_token": "OAuth access token; without effect.",
    "alt": "Data format for response: json.",
    "callback": "JSONP; refused.",
    "fields": "Selector specifying which fields to include in a partial response.",
    "key": "API key: one that `moderator keys create` made.",
    "oauth_token": "OAuth 2.0 token; without effect.",
    "quotaUser": "Without effect.",
    "uploadType": "Without effect.",
    "upload_protocol": "Without effect.",
}
_METHODS = {
    "analyze": ("AnalyzeComment", "Scores a text."),
    "suggestscore": ("SuggestCommentScore", "Tells what the scores of a text should have been."),
}


@dataclass(frozen=True, slots=True, eq=False)
class Discovery:
    """Open to everybody, as it is at Google: there is nothing of ours in it but our address."""

    runtime: Runtime

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Raises NotFound for another version."""
        query = parse_qs(scope["query_string"].decode("latin-1"), max_num_fields=None)
        if query.get("version", [VERSION]) != [VERSION]:
            raise NotFound(f"Discovery document not found: the version is {VERSION}")
        root = _root(scope, self.runtime.in_force.public_url)
        await send_google(send, 200, written(document(root), pretty=True))


def document(root: str) -> dict[str, object]:
    """The discovery document of a service at `root`, which ends in a slash."""
    return {
        "kind": "discovery#restDescription",
        "discoveryVersion": "v1",
        "id": f"commentanalyzer:{VERSION}",
        "name": "commentanalyzer",
        "canonicalName": "Comment Analyzer",
        "version": VERSION,
        "revision": REVISION,
        "title": "Perspective Comment Analyzer API",
        "description": "The Perspective API's methods, answered by moderator.",
        "protocol": "rest",
        "rootUrl": root,
        "servicePath": "",
        "basePath": "",
        "baseUrl": root,
        "parameters": {
            **{
                name: {"type": "string", "location": "query", "description": told}
                for name, told in _PARAMETERS.items()
            },
            "prettyPrint": {
                "type": "boolean",
                "location": "query",
                "default": "true",
                "description": "Returns response with indentations and line breaks.",
            },
        },
        "schemas": for_discovery(),
        "resources": {
            "comments": {
                "methods": {
                    name: {
                        "id": f"commentanalyzer.comments.{name}",
                        "description": told,
                        "httpMethod": "POST",
                        "path": f"{VERSION}/comments:{name}",
                        "flatPath": f"{VERSION}/comments:{name}",
                        "parameters": {},
                        "parameterOrder": [],
                        "request": {"$ref": f"{message}Request"},
                        "response": {"$ref": f"{message}Response"},
                    }
                    for name, (message, told) in _METHODS.items()
                }
            }
        },
    }


def _root(scope: Scope, public_url: str | None) -> str:
    """Where this service is: where it was asked, since the document is for the asker alone.

    A host that is none gives way to the address in the configuration.
    """
    hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
    if len(hosts) == 1 and _HOST.fullmatch(hosts[0]):
        return f"{scope['scheme']}://{hosts[0]}/"
    if public_url is None:
        raise NotFound("Discovery document not found: the request names no host")
    return f"{public_url.rstrip('/')}/"
