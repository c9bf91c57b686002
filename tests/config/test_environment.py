"""Variables in a configuration, and files that hold secrets."""

from __future__ import annotations

from pathlib import Path

import pytest

from moderator.config.environment import read_variable
from moderator.domain.errors import ConfigError
from tests.config.conftest import Load, Refused


def boards(text: str) -> str:
    """A configuration with `text`, a double-quoted YAML string, as the name of a board."""
    return (
        "triggers:\n"
        f'  a: {{when: {{hate: 0.8}}, mode: shadow, only: {{boards: ["{text}"]}}}}\n'
        "channels: {terminal: {kind: console}}\n"
    )


@pytest.mark.parametrize(
    ("written", "environ", "meant"),
    [
        ("${BOARD}", {"BOARD": "general"}, "general"),
        ("the ${BOARD} board", {"BOARD": "general"}, "the general board"),
        ("${A}${B}", {"A": "x", "B": "y"}, "xy"),
        ("${BOARD:-lounge}", {}, "lounge"),
        ("${BOARD:-lounge}", {"BOARD": ""}, "lounge"),
        ("${BOARD:-lounge}", {"BOARD": "general"}, "general"),
        ("${BOARD:-a:-b - c}", {}, "a:-b - c"),
        ("x${BOARD:-}", {}, "x"),
        ("$${BOARD}", {"BOARD": "general"}, "${BOARD}"),
        ("$BOARD and $5", {"BOARD": "general"}, "$BOARD and $5"),
        ("${BOARD}", {"BOARD": "${OTHER}", "OTHER": "no"}, "${OTHER}"),
        ("${BOARD}", {"BOARD": "  general \r\n"}, "general"),
        ("${BOARD}", {"BOARD": 'say "hi"'}, 'say "hi"'),
    ],
)
def test_a_variable_is_put_in_where_it_is_named(
    written: str, environ: dict[str, str], meant: str, load: Load
) -> None:
    """Once, not again within what was put in; C15: white space around a value is dropped."""
    (trigger,) = load(boards(written), **environ).triggers
    assert trigger.only is not None
    assert trigger.only.boards == {meant}


HOW = "(set it, or BOARD_FILE to a file that holds it, or write ${BOARD:-default})"
HOW_TO_WRITE = "write ${NAME} or ${NAME:-default}, or $${ for the characters"


@pytest.mark.parametrize(
    ("written", "environ", "message"),
    [
        ("${BOARD}", {}, f"BOARD is not set in the environment {HOW}"),
        ("${BOARD}", {"BOARD": " \n"}, f"BOARD is set, but empty in the environment {HOW}"),
        ("${}", {}, f"${{ opens no variable; {HOW_TO_WRITE}"),
        ("${BOARD", {"BOARD": "x"}, f"${{ opens no variable; {HOW_TO_WRITE}"),
        ("${BOARD-x}", {"BOARD": "x"}, f"${{ opens no variable; {HOW_TO_WRITE}"),
        ("${1}", {}, f"${{ opens no variable; {HOW_TO_WRITE}"),
        ("${BOARD:-${OTHER}}", {}, f"${{ opens no variable; {HOW_TO_WRITE}"),
        (
            "${BOARD}",
            {"BOARD": '"general"'},
            "BOARD has quotation marks around its value; remove them",
        ),
        (
            "${BOARD}",
            {"BOARD": "gen\neral"},
            "BOARD holds a line break or another control character",
        ),
    ],
)
def test_a_variable_that_cannot_be_used_is_named_with_its_key(
    written: str, environ: dict[str, str], message: str, refused: Refused
) -> None:
    """C15: what may be meant either way is not guessed at."""
    assert refused(boards(written), **environ) == [f"2: triggers.a.only.boards[0]: {message}"]


def test_keys_and_numbers_come_from_the_file_alone(refused: Refused) -> None:
    """A variable is always text, and a name is never one."""
    lines = refused(
        'triggers:\n  "${NAME}":\n    when: {hate: "${LEAST}"}\n', NAME="a", LEAST="0.8"
    )
    assert lines[-1] == (
        '3: triggers."${NAME}".when.hate: "0.8" is text; write it without quotes'
        " (did you mean 0.8?)"
    )


def test_a_secret_may_stand_in_a_file_of_its_own(load: Load, folder: Path) -> None:
    """Container platforms mount secrets as files; NAME itself comes first."""
    (folder / "board").write_text("\ufeffgeneral\n", encoding="utf-8")
    for environ in ({"BOARD_FILE": "board"}, {"BOARD": "", "BOARD_FILE": str(folder / "board")}):
        (trigger,) = load(boards("${BOARD}"), **environ).triggers
        assert trigger.only is not None
        assert trigger.only.boards == {"general"}
    assert read_variable("BOARD", {"BOARD": "x", "BOARD_FILE": "missing"}) == "x"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "BOARD_FILE does not name a file"),
        (b"", "BOARD_FILE names an empty file"),
        (b" \n", "BOARD_FILE names an empty file"),
        (b"\xff\xfe", "BOARD_FILE names a file that is not UTF-8 text"),
        (b"x" * 65_537, "BOARD_FILE names a file of more than 64 KB"),
        (b"one\ntwo\n", "BOARD holds a line break or another control character"),
        (b"'one'\n", "BOARD has quotation marks around its value; remove them"),
    ],
)
def test_a_file_without_a_secret_is_told_by_its_variable(
    content: bytes | None, message: str, refused: Refused, folder: Path
) -> None:
    """The path is not shown: a secret put into NAME_FILE by mistake would be printed."""
    if content is not None:
        (folder / "board").write_bytes(content)
    lines = refused(boards("${BOARD}"), BOARD_FILE="board")
    assert lines == [f"2: triggers.a.only.boards[0]: {message}"]


def test_a_file_name_of_any_form_is_no_crash(refused: Refused) -> None:
    """A secret in place of a path may hold what no path can."""
    for name in ("x" * 5_000, "a\0b", "/dev/zero", "."):
        (line,) = refused(boards("${BOARD}"), BOARD_FILE=name)
        assert "BOARD_FILE " in line
        assert name not in line or len(name) == 1


@pytest.mark.parametrize(
    "secret",
    [
        "pssst-do-not-tell-anyone-0123456789",
        "pssst-do-not-tell-anyone-" + "0123456789" * 50,
        'pssst-do "not" tell\\anyone',
        "https://pssst-do-not-tell.example/x",
        "pssst-do 10 minutes",
    ],
    ids=["plain", "long", "quotes", "url", "blanks"],
)
def test_a_secret_from_the_environment_is_in_no_message(secret: str, load: Load) -> None:
    """S14: not even where a variable is used where it does not belong."""
    text = """\
public_url: "${S}"
public: ["${S}"]
triggers:
  a: {when: {hate: "${S}"}, scope: "${S}", mode: "${S}", notify: ["${S}"], count: "${S}"}
  b: {when: {hate: 0.8}, within: "${S}", only: {sources: ["${S}"]}, notify: "${S}"}
sources:
  c: {kind: "${S}", secrets: ["${S}"]}
  d: {kind: generic, secrets: "${S}"}
channels:
  e: {kind: slack, url: "${S}", excerpt: "${S}", allow_hosts: ["${S}"]}
  f: "${S}"
retention: {text: "${S}"}
model: {path: "${S}", sha256: "${S}"}
"""
    with pytest.raises(ConfigError) as caught:
        load(text, S=secret)
    assert len(caught.value.problems) > 12
    assert "pssst" not in str(caught.value)
