"""The package akismet, whose requests to its own host arrive at ours."""

from __future__ import annotations

import json
import os

import akismet
import httpx


class Elsewhere(httpx.HTTPTransport):
    """Sends what is meant for Akismet's host to ours: the package has no setting for it."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The same request at another address."""
        request.url = httpx.URL(os.environ["URL"]).copy_with(raw_path=request.url.raw_path)
        return super().handle_request(request)


def client(key: str) -> akismet.SyncClient:
    """A client as its documentation makes one."""
    config = akismet.Config(key=key, url="https://blog.example")
    return akismet.SyncClient(config=config, http_client=httpx.Client(transport=Elsewhere()))


ours = client(os.environ["KEY"])
rude = {"user_ip": "203.0.113.7", "comment_content": "You are a stupid idiot."}
told: dict[str, object] = {
    "verified": [ours.verify_key(), client("abcdef012345").verify_key("abcdef012345")],
    "rude": ours.comment_check(**rude).name,
    "fine": ours.comment_check(user_ip="203.0.113.7", comment_content="What a nice day.").name,
    "submitted": [ours.submit_spam(**rude), ours.submit_ham(**rude)],
}
try:
    client("abcdef012345").comment_check(**rude)
except akismet.APIKeyError as error:
    told["stranger"] = type(error).__name__
print(json.dumps(told))
