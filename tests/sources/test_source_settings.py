"""What a source's block in the configuration may hold: C11 of the bad-input catalogue."""

from __future__ import annotations

import base64

import pytest
from pydantic import ValidationError

from moderator.sources import KINDS, build
from tests.sources.signed_requests import PLAIN_SECRET, SECRET


def problem(of: str, /, **block: object) -> str:
    """What is wrong with a block for a kind."""
    with pytest.raises(ValidationError) as caught:
        KINDS[of].settings.model_validate({"kind": of} | block)
    return str(caught.value)


@pytest.mark.parametrize("kind", KINDS)
def test_a_block_of_kind_and_secrets_makes_a_source(kind: str):
    """And the source knows its name and kind."""
    settings = KINDS[kind].settings.model_validate({"kind": kind, "secrets": [PLAIN_SECRET]})
    made = build("forum", settings)
    assert (made.name, made.kind) == ("forum", kind)


@pytest.mark.parametrize("kind", KINDS)
def test_a_secret_shows_nowhere(kind: str):
    """Neither in what the settings and the source look like in a log, nor in an error."""
    settings = KINDS[kind].settings.model_validate({"kind": kind, "secrets": [PLAIN_SECRET]})
    shown = repr(settings) + str(settings) + repr(build("forum", settings)) + repr(vars(settings))
    assert PLAIN_SECRET not in shown
    assert "short-Canary" not in problem(kind, secrets=["short-Canary"])
    assert PLAIN_SECRET not in problem(kind, secrets=[PLAIN_SECRET], other=1)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("secrets", "words"),
    [
        (None, "secrets"),
        ([], "at least 1"),
        ([""], "secret 1 is shorter than 24 bytes"),
        (["x" * 23], "secret 1 is shorter than 24 bytes"),
        ([PLAIN_SECRET, "too-short-0123456789abc"], "secret 2 is shorter"),
        (["x" * 24], "placeholder"),
        (["changeme-changeme-changeme-1"], "placeholder"),
        (["please-CHANGE_ME-0123456789"], "placeholder"),
        (["abcabcabcabcabcabcabcabcabc"], "placeholder"),
        ([f"{PLAIN_SECRET}\n"], "paste it again"),
        ([f" {PLAIN_SECRET}"], "paste it again"),
        ([PLAIN_SECRET, PLAIN_SECRET], "the same secret twice"),
        ([f"{PLAIN_SECRET}{n}" for n in range(6)], "at most 5"),
    ],
)
def test_a_weak_secret_is_refused_with_the_reason(kind: str, secrets: object, words: str):
    """At start, not at the first forgery."""
    block = {} if secrets is None else {"secrets": secrets}
    assert words in problem(kind, **block)


def test_a_standard_secret_is_measured_by_what_is_in_it():
    """24 bytes, not 24 characters of base64."""
    short = "whsec_" + base64.b64encode(bytes(range(23))).decode()
    assert "shorter than 24 bytes" in problem("generic", secrets=[short])
    enough = "whsec_" + base64.b64encode(bytes(range(24))).decode()
    settings = KINDS["generic"].settings.model_validate({"kind": "generic", "secrets": [enough]})
    assert settings.keys == (bytes(range(24)),)


def test_a_standard_secret_that_is_not_base64_is_refused():
    """Else it would fail at every delivery."""
    assert "not base64" in problem("generic", secrets=["whsec_not-base64-at-all-0123456789"])


@pytest.mark.parametrize("kind", ["discourse", "nodebb"])
def test_to_a_board_the_prefix_means_nothing(kind: str):
    """Its secret is the text in its own settings page, whatever that looks like."""
    settings = KINDS[kind].settings.model_validate({"kind": kind, "secrets": [SECRET]})
    assert settings.keys == (SECRET.encode(),)


@pytest.mark.parametrize("kind", KINDS)
def test_an_unknown_key_or_another_kind_is_refused(kind: str):
    """A typing error must not pass for a setting."""
    assert "secrte" in problem(kind, secrets=[PLAIN_SECRET], secrte=1)
    assert "kind" in problem(kind, secrets=[PLAIN_SECRET], kind="phpbb")


@pytest.mark.parametrize("kind", KINDS)
def test_settings_do_not_change(kind: str):
    """A new configuration makes new ones."""
    settings = KINDS[kind].settings.model_validate({"kind": kind, "secrets": [PLAIN_SECRET]})
    with pytest.raises(ValidationError, match="frozen"):
        setattr(settings, "secrets", ())  # noqa: B010


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("base_rate", [None, 0.03, 1e-6, 0.999, "estimate"])
def test_every_kind_takes_a_base_rate(kind: str, base_rate: object):
    """How toxic a board is does not depend on its software."""
    block = {"kind": kind, "secrets": [PLAIN_SECRET], "base_rate": base_rate}
    assert KINDS[kind].settings.model_validate(block).base_rate == base_rate
