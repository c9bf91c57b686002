"""Answers of the routes that do without the framework's own."""

from __future__ import annotations

import json

from starlette.types import Send

JSON = b"application/json"


async def send_json(send: Send, value: object) -> None:
    """Answer 200 with `value` as JSON."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    headers = [(b"content-type", JSON), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def send_nothing(send: Send) -> None:
    """Answer 204."""
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})
