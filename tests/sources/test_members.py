"""Typed reading of members: W37, W38, W52, W62 of the bad-input catalogue."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from moderator.domain.errors import BadPayload
from moderator.sources.members import Members, is_web_url, named, object_at


def at(value: object) -> Members:
    """An object at `data` with one member `x`."""
    return object_at({"x": value}, "data")


@pytest.mark.parametrize(
    ("given", "id"),
    [
        ("42", "42"),
        (42, "42"),
        (0, "0"),
        (-1, "-1"),
        (2**63, "9223372036854775808"),
        ("a b", "a b"),
    ],
)
def test_an_id_is_a_string_or_an_integer(given: object, id: str):
    """An integer becomes its digits, so that 42 and "42" are one comment."""
    assert at(given).id("x") == id


@pytest.mark.parametrize("given", [None, True, False, 42.0, 1e3, "", "x" * 257, [], {}, ["42"]])
def test_anything_else_is_no_id(given: object):
    """The error names the path, never the value."""
    with pytest.raises(BadPayload, match=r"^data\.x ") as caught:
        at(given).id("x")
    assert caught.value.field == "data.x"


@pytest.mark.parametrize("given", [None, ""])
def test_null_and_the_empty_string_say_nothing(given: object):
    """Boards write "no parent" either way."""
    data = at(given)
    assert data.optional_id("x") is None
    assert data.optional_string("x") is None
    assert data.optional_name("x") is None
    assert data.optional_time("x") is None
    assert data.optional_millis("x") is None
    assert data.optional_url("x") is None


@pytest.mark.parametrize(
    "read",
    [
        lambda data: data.string("x"),
        lambda data: data.optional_string("x"),
        lambda data: data.optional_name("x"),
        lambda data: data.optional_time("x"),
        lambda data: data.optional_url("x"),
        lambda data: data.child("x"),
        lambda data: data.optional_child("x"),
        lambda data: list(data.children("x")),
        lambda data: data.optional_millis("x"),
        lambda data: data.optional_integer("x"),
    ],
)
@pytest.mark.parametrize("given", [True, 1.5, -1, ["secret words"]])
def test_a_member_of_another_type_is_named_in_the_error(
    read: Callable[[Members], object], given: object
):
    """And its value is not."""
    with pytest.raises(BadPayload, match=r"^data\.x") as caught:
        read(at(given))
    assert "secret" not in str(caught.value)


def test_a_missing_string_and_a_wrong_one_are_told_apart():
    """The sender reads what to do."""
    with pytest.raises(BadPayload, match=r"^text is missing$"):
        Members({}, "").string("text")
    with pytest.raises(BadPayload, match=r"^text must be a string$"):
        Members({"text": 5}, "").string("text")


def test_a_path_leads_through_lists_and_objects():
    """As far down as the error is."""
    body = object_at({"data": [{"author": {}}, {"author": 7}]}, "")
    with pytest.raises(BadPayload, match="must be an object") as caught:
        [data.child("author") for data in body.children("data")]
    assert caught.value.field == "data[1].author"


@pytest.mark.parametrize("value", [None, [], "x", 1, True])
def test_a_body_that_is_no_object_has_no_field_to_name(value: object):
    """W30."""
    with pytest.raises(BadPayload, match=r"^the body must be an object$") as caught:
        object_at(value, "")
    assert caught.value.field is None


def test_a_long_name_is_cut_and_not_refused():
    """A comment is not lost for its author's name."""
    assert at("n" * 300).optional_name("x") == "n" * 256


@pytest.mark.parametrize(
    ("given", "when"),
    [
        ("2026-11-22T10:00:00Z", datetime(2026, 11, 22, 10, 0, tzinfo=UTC)),
        ("2026-11-22t10:00:00.5z", datetime(2026, 11, 22, 10, 0, 0, 500_000, tzinfo=UTC)),
        ("2026-11-22 10:00:00.123456789Z", datetime(2026, 11, 22, 10, 0, 0, 123_456, tzinfo=UTC)),
        ("2026-11-22T10:00:00+14:00", datetime(2026, 11, 21, 20, 0, tzinfo=UTC)),
        ("2026-11-22T10:00:00-00:30", datetime(2026, 11, 22, 10, 30, tzinfo=UTC)),
        ("2016-12-31T23:59:60Z", datetime(2017, 1, 1, tzinfo=UTC)),  # a leap second
        ("9999-12-31T23:59:59Z", datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", datetime(1, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_time_becomes_utc(given: str, when: datetime):
    """W52: every offset, fraction and leap second that RFC 3339 allows."""
    found = at(given).optional_time("x")
    assert found == when
    assert found is not None
    assert found.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    "given",
    [
        "2026-11-22T10:00:00",  # no zone
        "2026-11-22",
        "2026-02-30T10:00:00Z",
        "2026-11-22T24:00:00Z",
        "2026-11-22T10:00:61Z",
        "2026-11-22T10:60:00Z",
        "2026-11-22T10:00:00+24:00",
        "2026-11-22T10:00:00+01:60",
        "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00",  # before the calendar
        "9999-12-31T23:59:59-14:00",  # after it
        "9999-12-31T23:59:60Z",
        "10000-01-01T00:00:00Z",
        "20261122T100000Z",
        "2026-W47-7T10:00:00Z",
        "٢٠٢٦-11-22T10:00:00Z",
        "2026-11-22T10:00:00Z\n",
        "now",
        "1795341600",
    ],
)
def test_a_time_that_is_none_is_refused(given: str):
    """W52."""
    with pytest.raises(BadPayload, match=r"^data\.x "):
        at(given).optional_time("x")


@pytest.mark.parametrize(
    ("given", "when"),
    [
        (1795341600125, datetime(2026, 11, 22, 10, 0, 0, 125_000, tzinfo=UTC)),
        ("1795341600125", datetime(2026, 11, 22, 10, 0, 0, 125_000, tzinfo=UTC)),
        (0, None),  # never
        ("0", None),
        (1, datetime(1970, 1, 1, 0, 0, 0, 1_000, tzinfo=UTC)),
        (253_402_300_799_999, datetime(9999, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC)),
    ],
)
def test_milliseconds_become_utc(given: object, when: datetime | None):
    """Exactly, and 0 is NodeBB's word for never."""
    assert at(given).optional_millis("x") == when


@pytest.mark.parametrize("given", [-1, 253_402_300_800_000, 1.5, True, False, "soon", "1e3", "９"])
def test_milliseconds_that_are_none_are_refused(given: object):
    """Also those after the year 9999."""
    with pytest.raises(BadPayload, match="milliseconds"):
        at(given).optional_millis("x")


@pytest.mark.parametrize(
    "url",
    [
        "https://board.example/t/7#4",
        "http://board.example:8080/",
        "HTTPS://BOARD.EXAMPLE/ä",
        "https://[2001:db8::1]/x?y=z",
        "https://board.example/" + "x" * 2_026,
    ],
)
def test_a_web_address_is_kept(url: str):
    """http and https, up to 2,048 characters."""
    assert at(url).optional_url("x") == url


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",  # W62
        "data:text/html,x",
        "file:///etc/passwd",
        "//board.example/x",
        "/t/7",
        "https:board.example",
        "https:///x",
        "https://ann:pass@board.example/",
        "https://board.example@evil.example/",
        "https://board.example\\@evil.example/",
        "https://board.example/a b",
        "https://board.example/\n",
        " https://board.example/",
        "https://board.example/\u202etxt.exe",
        "https://board.example/\u200b",
        "https://board.example/<x>",
        'https://board.example/"x',
        "https://[::1",
        "https://board.example:port/",
        "https://board.example:0/",
        "https://board.example:99999/",
        "https://board.example/" + "x" * 2_027,
    ],
)
def test_any_other_address_is_dropped_and_the_comment_kept(url: str):
    """W62: what could mislead a moderator who clicks is no link."""
    assert not is_web_url(url)
    assert at(url).optional_url("x") is None


@pytest.mark.parametrize("event", ["x" * 65, "a\nb", "", "ä", "<b>", "a b"])
def test_an_events_name_reaches_no_log_unless_it_is_a_plain_word(event: str):
    """A sender must not write our log."""
    assert named(event) == "an unnamed event"
    assert named("action:post.save") == "action:post.save"
