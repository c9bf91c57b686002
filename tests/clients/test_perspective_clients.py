"""The Perspective API's published clients, unchanged but for the address."""

from __future__ import annotations

from typing import Any

import pytest
import requests

pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]


def test_googles_client_for_python_finds_the_methods_by_itself(run, python, service, secret):
    told = run(python, "google_client.py")

    scores = told["whole"]["attributeScores"]
    assert [*scores] == ["TOXICITY"], "what is below its threshold is left out"
    spans = [(span["begin"], span["end"]) for span in scores["TOXICITY"]["spanScores"]]
    assert spans == [(0, 34), (35, 61)]
    first, second = (span["score"]["value"] for span in scores["TOXICITY"]["spanScores"])
    assert first > 0.8 > 0.2 > second
    assert told["whole"]["clientToken"] == "request-1"
    assert (told["whole"]["languages"], told["whole"]["detectedLanguages"]) == (["en"], ["en"])

    value = scores["TOXICITY"]["summaryScore"]["value"]
    assert told["part"] == {"attributeScores": {"TOXICITY": {"summaryScore": {"value": value}}}}
    assert told["suggested"] == {"clientToken": "request-2"}

    assert (told["empty"]["status"], told["empty"]["reason"]) == (400, "Comment must be non-empty.")
    assert told["empty"]["details"][0]["errorType"] == "COMMENT_EMPTY"
    assert told["foreign"]["reason"] == "Attribute TOXICITY does not support request languages: de"
    assert told["stranger"]["details"][0]["reason"] == "API_KEY_INVALID"

    (stored,) = stored_by(service, secret)
    assert (stored["source"], stored["label"]) == ("news", "offensive")
    assert stored["verdict"]["toxic"] is True
    assert [alert["trigger"] for alert in stored["alerts"]] == ["rude"]


def test_the_package_perspective(run, python):
    told = run(python, "perspective_package.py")
    assert told["score"]["TOXICITY"] > 0.8
    assert told["whole"]["clientToken"] == "token"
    assert told["suggested"] == {}
    assert told["unknown"]["status"] == 400
    assert told["unknown"]["body"]["error"]["message"] == "Unknown requested attribute: FLIRTATION"


def test_the_package_pyperspective(run, python, service, secret):
    told = run(python, "pyperspective_package.py")
    assert told["score"] > 0.8
    assert (told["type"], told["span"]) == ("PROBABILITY", "You are a stupid idiot.")
    assert told["languages"] == [["en"], ["en"]]
    assert told["stranger"] == "InvalidAuthKey"
    assert told["unknown"] in ("ApiException", "TypeError")
    assert stored_by(service, secret) == [], "it asks for doNotStore"


def test_googles_client_for_javascript(run, node_modules, service, secret):
    told = run("node", "googleapis.js", NODE_PATH=str(node_modules))
    assert told["whole"]["attributeScores"]["TOXICITY"]["summaryScore"]["value"] > 0.8
    assert told["suggested"] == {"clientToken": "token"}
    assert told["empty"]["message"] == "Comment must be non-empty."
    assert told["stranger"]["message"] == "API key not valid. Please pass a valid API key."
    assert len(stored_by(service, secret)) == 1


def test_the_package_perspective_api_client(run, node_modules, service, secret):
    told = run("node", "perspective_api_client.js", NODE_PATH=str(node_modules))
    assert told["whole"]["attributeScores"]["TOXICITY"]["summaryScore"]["value"] > 0.8
    assert [*told["several"]["attributeScores"]] == ["TOXICITY", "IDENTITY_ATTACK"]
    assert told["unknown"] == {
        "name": "ResponseError",
        "message": "Unknown requested attribute: FLIRTATION",
        "status": 400,
    }
    assert len(stored_by(service, secret)) == 1, "the other ones asked for doNotStore"


def stored_by(service, secret) -> list[dict[str, Any]]:
    """What is looked up of everything that is stored."""
    answer = requests.get(
        f"{service.url}/v1/scores", headers={"authorization": f"Bearer {secret[1]}"}, timeout=10
    )
    items: list[dict[str, Any]] = answer.json()["items"]
    return items
