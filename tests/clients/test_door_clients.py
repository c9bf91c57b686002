"""Published clients of OpenAI's moderation and of Akismet, unchanged but for the address."""

from __future__ import annotations

import pytest

pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]


def test_the_package_openai(run, python):
    told = run(python, "openai_package.py")
    assert told["flagged"] == [True, True, False]
    assert told["harassment"] > 0.8
    assert (told["sexual"], told["judged"]) == (0.0, ["text"])
    assert told["stranger"] == ["AuthenticationError", 401, "invalid_api_key"]
    assert told["foreign"] == ["UnprocessableEntityError", 422, "not_judged"]


def test_the_package_akismet(run, python):
    told = run(python, "akismet_package.py")
    assert told == {
        "verified": [True, False],
        "rude": "SPAM",
        "fine": "HAM",
        "submitted": [True, True],
        "stranger": "APIKeyError",
    }
