"""Logs: one line of JSON an event, and nobody's words in it."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from moderator.domain.errors import Unavailable
from moderator.web.logs import JsonFormatter, configure, request_id


@contextmanager
def restored() -> Iterator[None]:
    """Puts the loggers back as they were."""
    names = ["", "uvicorn", "uvicorn.error", "uvicorn.access", "apscheduler", "urllib3", "asyncio"]
    loggers = [logging.getLogger(name or None) for name in names]
    before = [(log, log.handlers[:], log.level, log.propagate, log.disabled) for log in loggers]
    yield
    for log, handlers, level, propagate, disabled in before:
        log.handlers[:] = handlers
        log.setLevel(level)
        log.propagate, log.disabled = propagate, disabled


@pytest.fixture
def told():
    """Configures the logs and gives what was told, line by line, parsed."""
    with restored():
        stream = io.StringIO()
        configure("INFO", stream)
        yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]


def test_an_event_is_one_line_with_its_facts(told):
    logging.getLogger("moderator.x").info("sent", extra={"channel": "mods", "attempt": 2})
    (line,) = told()
    assert line["time"].endswith("Z")
    assert (line["level"], line["logger"], line["message"]) == ("INFO", "moderator.x", "sent")
    assert (line["channel"], line["attempt"]) == ("mods", 2)


def test_facts_cannot_take_the_place_of_what_we_say(told):
    logging.getLogger("x").info("said", extra={"level": "FORGED", "time": "never"})
    (line,) = told()
    assert line["level"] == "INFO"
    assert line["time"] != "never"


@pytest.mark.parametrize(
    "word", ["a\r\nb", "a\x1b[31mred", "a\u2028b", "a\u0085b", 'a","level":"FORGED', "a\x00b"]
)
def test_no_word_can_end_a_line_or_steer_a_terminal(told, word, capsys):
    logging.getLogger("x").info("said %s", word, extra={"fact": word})
    (line,) = told()
    assert line["message"] == f"said {word}"
    assert line["fact"] == word


def test_the_stream_itself_is_ascii():
    record = logging.makeLogRecord({"msg": "a\x1b\u202e\n😀"})
    assert JsonFormatter().format(record).isascii()
    assert JsonFormatter().format(record).isprintable()


def test_an_exception_is_told_by_class_and_place_never_by_its_message(told):
    try:
        try:
            raise KeyError("what ann wrote")
        except KeyError as error:
            raise ValueError("silly goose") from error
    except ValueError:
        logging.getLogger("x").exception("it failed")
    (line,) = told()
    assert [error["class"] for error in line["error"]] == [
        "builtins.ValueError",
        "builtins.KeyError",
    ]
    assert "test_logs.py" in line["error"][0]["at"][0]
    assert "goose" not in str(line)
    assert "ann wrote" not in str(line)


def test_our_own_errors_may_speak_for_themselves(told):
    try:
        raise Unavailable("the database did not answer: OperationalError")
    except Unavailable:
        logging.getLogger("x").exception("it failed")
    (line,) = told()
    assert line["error"][0]["message"] == "the database did not answer: OperationalError"


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("key mod_abcdefgh_0123456789-_x end", "key *** end"),
        ("secret whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "secret ***"),
        ("https://hooks.slack.com/services/T0/B0/xyz9", "https://hooks.slack.com/***"),
        ("postgresql://moderator:pass%40word@db/x", "postgresql://***@db/x"),
        ("smtps://bot:hunter2@mail.example:465", "smtps://***@mail.example:465"),
        ("http://127.0.0.1:8000/a@b", "http://127.0.0.1:8000/a@b"),
    ],
)
def test_what_looks_like_a_secret_is_struck_out(told, said, kept):
    logging.getLogger("x").info(said)
    assert told()[0]["message"] == kept


def test_a_line_within_a_request_names_it(told):
    token = request_id.set("a-request")
    try:
        logging.getLogger("x").info("within")
    finally:
        request_id.reset(token)
    logging.getLogger("x").info("outside")
    within, outside = told()
    assert within["request_id"] == "a-request"
    assert "request_id" not in outside


def test_the_servers_own_lines_are_json_too_and_its_access_lines_are_gone(told):
    """They hold query strings."""
    logging.getLogger("uvicorn.error").info("Started server process [%d]", 7)
    logging.getLogger("uvicorn.access").info("GET /v1/scores?author=ann")
    (line,) = told()
    assert line["message"] == "Started server process [7]"


def test_what_is_not_json_is_told_by_its_class(told):
    logging.getLogger("x").info("said", extra={"thing": object()})
    assert told()[0]["thing"] == "<object>"
