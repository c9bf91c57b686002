"""Files that hold no configuration at all, and YAML that means something else than it says."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

import pytest

from moderator.config import load_settings
from moderator.domain.errors import ConfigError
from tests.config.conftest import REST, Load, Refused

TAG = "a tag (a word with !) stands here; only plain values are taken"
TWO = "expected a single document in the stream, but found another document"

TABLE = [
    pytest.param(b"", " is empty; config.example.yaml shows what may stand in it", id="empty"),
    pytest.param(
        b"# nothing yet\n",
        " is empty; config.example.yaml shows what may stand in it",
        id="comments alone",
    ),
    pytest.param(b"a" * 1_000_001, " is larger than 1 MB; is it the right file?", id="huge"),
    pytest.param(b"a: \xe4\n", "1: is not UTF-8 text; save it as UTF-8", id="latin-1"),
    pytest.param(
        "public: []\n".encode("utf-16"), "1: is not UTF-8 text; save it as UTF-8", id="utf-16"
    ),
    pytest.param(b"a: 1\nb: \x00\n", "2: holds a control character (U+0000)", id="nul"),
    pytest.param(b"- a\n", " a mapping (key: value) is expected, not a list", id="list"),
    pytest.param(
        b"public:\n\t- predict\n",
        "2: column 1: not valid YAML: a tab stands where only spaces may; indent with spaces",
        id="tab",
    ),
    pytest.param(
        b"public:\t[predict]\n",
        "1: column 8: not valid YAML: a tab stands where only spaces may; indent with spaces",
        id="tab after a colon",
    ),
    pytest.param(
        b"a: !!python/object/apply:os.system [id]\n",
        f"1: column 4: not valid YAML: {TAG}",
        id="python object",
    ),
    pytest.param(
        b"a: !secret x\n",
        f"1: column 4: not valid YAML: {TAG}",
        id="tag",
    ),
    pytest.param(
        b"public: []\n---\npublic: []\n",
        f"2: column 1: not valid YAML: {TWO}",
        id="two documents",
    ),
    pytest.param(
        b"a: *b\n", "1: column 4: not valid YAML: found undefined alias 'b'", id="unknown alias"
    ),
    pytest.param(
        b"sources: {forum: {kind: discourse, secrets: [${FORUM_SECRET}]}}\n",
        "1: column 47: not valid YAML: expected ',' or ']', but got '{'"
        ' (inside {} or [], a variable needs quotes: "${NAME}")',
        id="variable without quotes",
    ),
    pytest.param(
        b"[" * 500_000, "1: column 21: not valid YAML: too deeply nested", id="half a million ["
    ),
    pytest.param(b"- 1\n" * 30_000, "20000: column 3: not valid YAML: too many values", id="long"),
]


@pytest.mark.parametrize(("content", "line"), TABLE)
def test_a_file_that_cannot_be_used_is_refused_in_one_line(
    content: bytes, line: str, refused: Refused
) -> None:
    """C1 and C2, each within a second or so."""
    began = time.monotonic()
    assert refused(content) == [line]
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    "bomb",
    [
        "a: &a [x,x,x,x,x,x,x,x,x]\n"
        + "".join(
            f"{new}: &{new} [{','.join([f'*{old}'] * 9)}]\n"
            for old, new in zip("abcdefg", "bcdefgh", strict=True)
        ),
        "a: &a [*a]\n",
        "a: &a {b: *a}\n",
    ],
    ids=["billion laughs", "list in itself", "mapping in itself"],
)
def test_aliases_that_unfold_without_end_are_refused(bomb: str, refused: Refused) -> None:
    """C2: nothing is unfolded beyond a limit."""
    (line,) = refused(bomb)
    assert line.endswith(": its aliases (*name) unfold into too much")


def test_an_alias_that_only_saves_writing_is_taken(load: Load) -> None:
    """Aliases are part of YAML: it is their growth that is limited."""
    triggers = """\
triggers:
  one: {when: {hate: 0.8}, notify: &everyone [mods-slack, terminal]}
  two: {when: {hate: 0.9}, notify: *everyone}
"""
    assert [t.notify for t in load(triggers + REST).triggers] == [("mods-slack", "terminal")] * 2


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda path: None, "no such file"),
        (lambda path: path.mkdir(), "is a directory"),
        (lambda path: os.mkfifo(path), "is not a regular file"),
        (lambda path: path.symlink_to(path), "cannot be read (too many levels of symbolic links)"),
    ],
    ids=["missing", "directory", "pipe", "link to itself"],
)
def test_a_path_without_a_file_is_named(make, reason: str, folder: Path) -> None:
    """C1: whoever names a file gets that file or an error, never the defaults."""
    make(folder / "mine.yaml")
    with pytest.raises(ConfigError, match=re.escape(f"config: mine.yaml: {reason}")):
        load_settings(Path("mine.yaml"), {})


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_without_permission_is_named(folder: Path) -> None:
    """C1: unreadable."""
    Path("mine.yaml").touch(mode=0o000)
    with pytest.raises(ConfigError, match=re.escape("cannot be read (permission denied)")):
        load_settings(Path("mine.yaml"), {})


def test_a_byte_order_mark_does_no_harm(load: Load) -> None:
    """Windows' editor puts one there."""
    assert load(b"\xef\xbb\xbf" + REST.encode()).sources


def test_a_key_that_stands_twice_is_refused_wherever_it_stands(refused: Refused) -> None:
    """C2 and C6: YAML would silently keep the last."""
    text = """\
public: []
triggers:
  slur: {when: {hate: 0.8, hate: 0.9}, notify: [terminal]}
  slur: {when: {hate: 0.8}, notify: [terminal]}
public: [predict]
"""
    assert refused(text + REST) == [
        "3: triggers.slur.when.hate: this key stands twice, first on line 3",
        "4: triggers.slur: this key stands twice, first on line 3",
        "5: public: this key stands twice, first on line 1",
    ]


@pytest.mark.parametrize(
    "word", ["yes", "no", "on", "off", "1:30", "012", "0x1f", "1_000", "2026-11-22"]
)
def test_words_that_yaml_1_1_would_change_stay_as_they_are(word: str, load: Load) -> None:
    """C5: they are text, so a board may have that name."""
    only = (
        f"triggers:\n  a: {{when: {{hate: 0.8}}, only: {{boards: [{word}]}}, notify: [terminal]}}\n"
    )
    (trigger,) = load(only + REST).triggers
    assert trigger.only is not None
    assert trigger.only.boards == {word}


@pytest.mark.parametrize(
    ("scalar", "shown"),
    [
        ("0.8x", '"0.8x" is text; write a number from 0 to 1'),
        ("0.80", None),
        ("8e-1", None),
        (".8", None),
        ("1", None),
        ("TRUE", "true is not a number; thresholds lie between 0 and 1"),
        ("~", "nothing is not a number; thresholds lie between 0 and 1"),
        ("9" * 5_000, '"' + "9" * 45 + '…" is too large a number'),
        ("1e400", "inf is above 1; thresholds lie between 0 and 1"),
        ("-.INF", "-inf is below 0; thresholds lie between 0 and 1"),
        (r'"\ud800"', "holds a character that no text may hold (U+D800)"),
        (r'"\0"', "holds a character that no text may hold (U+0000)"),
    ],
)
def test_scalars_mean_what_yaml_1_2_says(
    scalar: str, shown: str | None, load: Load, refused: Refused
) -> None:
    """Numbers are numbers, everything odd is refused by its place."""
    text = f"triggers:\n  a: {{when: {{hate: {scalar}}}, notify: [terminal]}}\n" + REST
    if shown is None:
        assert load(text).triggers[0].when["hate"] == float(scalar)
    else:
        assert refused(text) == [f"2: triggers.a.when.hate: {shown}"]


def test_a_list_cannot_be_a_key(refused: Refused) -> None:
    """YAML allows it; nothing here has a use for it."""
    assert refused("? [a]\n: 1\n" + REST) == ["1: a list or mapping cannot be a key"]
