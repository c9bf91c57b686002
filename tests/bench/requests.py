"""What is sent: mild comments without end, as `/predict` requests and as signed webhooks."""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import json
import random
import time
from collections.abc import Iterator

SECRET = "a-secret-of-the-bench-and-nothing-else"
CORAL_SECRET = "empsec_another-secret-of-the-bench"
THREADS, AUTHORS = 200, 500
RUDE_EVERY = 20  # one comment in so many is rude, so that windows are counted and alerts raised
SUBJECTS = ["the new bridge", "that old song", "my sister", "this recipe", "the second chapter"]
SUBJECTS += ["our team", "a good bicycle", "the late train", "everybody here", "nobody I know"]
VERBS = ["really likes", "cannot stand", "talks about", "forgets", "should have known"]
VERBS += ["is better than", "was written for", "does not need", "keeps looking for"]
OBJECTS = ["a quiet evening", "the weather in march", "what you said before", "garden tomatoes"]
OBJECTS += ["the first goal", "an honest answer", "all those meetings", "the last election"]
ENDINGS = ["to be fair.", "I think!", "and that is fine.", "thanks for sharing.", "just saying"]
SYLLABLES = ["ba", "den", "ki", "lo", "mar", "ne", "pol", "ri", "sen", "ta", "vo", "wen", "zel"]
RUDE = "You are a stupid idiot and nobody cares what you think."


def texts(seed: int = 1) -> Iterator[str]:
    """Comments of 100 to 140 characters."""
    chosen = random.Random(seed)
    for number in itertools.count(1):
        if number % RUDE_EVERY == 0:
            yield f"{RUDE} {chosen.choice(ENDINGS)}"
            continue
        first, second = (
            f"{chosen.choice(SUBJECTS)} {chosen.choice(VERBS)} {chosen.choice(OBJECTS)}"
            for _ in range(2)
        )
        # Words that were not there before, as in any forum: what a scorer remembers is no help.
        name, place = ("".join(chosen.choices(SYLLABLES, k=3)) for _ in range(2))
        yield f"{name}, {first}, but {second} in {place} {chosen.choice(ENDINGS)}".capitalize()


def predictions(port: int) -> Iterator[bytes]:
    """`POST /predict`."""
    for text in texts():
        yield _request(port, "/predict", json.dumps({"text": text}).encode())


def webhooks(port: int, run: str) -> Iterator[bytes]:
    """Signed comments, none the same as another; `run` keeps the ids of two runs apart."""
    for number, text in enumerate(texts()):
        body = json.dumps(
            {
                "type": "comment.created",
                "timestamp": "2026-11-22T10:00:00Z",
                "data": {
                    "id": f"{run}-{number}",
                    "thread_id": str(number % THREADS),
                    "board": "general",
                    "url": f"https://board.example/{number % THREADS}#{number}",
                    "text": text,
                    "author": {"id": str(number % AUTHORS), "name": "ann", "role": "member"},
                    "created_at": "2026-11-22T10:00:00Z",
                },
            }
        ).encode()
        delivery, now = f"d-{run}-{number}", int(time.time())
        signed = hmac.digest(SECRET.encode(), f"{delivery}.{now}.".encode() + body, hashlib.sha256)
        signature = base64.b64encode(signed).decode()
        yield _request(
            port,
            "/webhooks/forum",
            body,
            f"webhook-id: {delivery}\r\nwebhook-timestamp: {now}\r\n"
            f"webhook-signature: v1,{signature}\r\n",
        )


def questions(port: int, run: str) -> Iterator[bytes]:
    """Signed questions of Coral's phase, none the same as another; `run` keeps two runs apart."""
    for number, text in enumerate(texts()):
        question = {
            "action": "NEW",
            "comment": {"body": f"<div>{text}</div>", "parentID": None},
            "author": {"id": f"{run}-{number}", "role": "COMMENTER"},
            "story": {"id": str(number % THREADS), "url": "https://news.example/story"},
            "site": {"id": "1"},
            "tenantID": "1",
            "tenantDomain": "news.example",
        }
        body = json.dumps(question, indent=2).encode()
        signature = hmac.digest(CORAL_SECRET.encode(), body, hashlib.sha256).hex()
        yield _request(
            port, "/phases/coral/news", body, f"x-coral-signature: sha256={signature}\r\n"
        )


def analyses(port: int, key: str, run: str, *, is_stored: bool) -> Iterator[bytes]:
    """Comments as clients of the Perspective API send them, none the same as another."""
    for number, text in enumerate(texts()):
        asked = {
            "comment": {"text": f"{text} ({run}, {number})"},
            "requestedAttributes": {"TOXICITY": {}},
            "languages": ["en"],
            "doNotStore": not is_stored,
        }
        yield _request(port, f"/v1alpha1/comments:analyze?key={key}", json.dumps(asked).encode())


def _request(port: int, path: str, body: bytes, headers: str = "") -> bytes:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n{headers}\r\n"
    )
    return head.encode() + body
