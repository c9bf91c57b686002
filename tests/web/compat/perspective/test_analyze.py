"""`comments:analyze`: what is answered, and what is kept."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from moderator.domain.community import Communities, Community
from moderator.domain.scale import Scale
from moderator.domain.score import Abstention
from moderator.storage.keys import KeyScope
from moderator.web.compat.perspective.asked import MOST_BYTES
from moderator.web.logs import configure
from tests.builders import MarkedScorer
from tests.web.compat.perspective.conftest import ANALYZE, asked
from tests.web.test_logs import restored

CANARY = "canary-5d1f"


class UnsureScorer(MarkedScorer):
    """A scorer that knows no word."""

    def score(self, text, base_rate=None):
        """An abstention."""
        return replace(super().score("abstain"), abstained=Abstention.LOW_COVERAGE)


def toxicity(answer) -> dict[str, Any]:
    """What an answer says of TOXICITY."""
    assert answer.status_code == 200, answer.text
    scores = answer.json()["attributeScores"]["TOXICITY"]
    assert isinstance(scores, dict)
    return scores


def test_the_answer_has_googles_form_byte_for_byte(client):
    answer = client.analyze("hate=0.75", clientToken="request-1")
    assert answer.headers["content-type"] == "application/json; charset=UTF-8"
    assert answer.text == (
        "{\n"
        '  "attributeScores": {\n'
        '    "TOXICITY": {\n'
        '      "spanScores": [\n'
        "        {\n"
        '          "begin": 0,\n'
        '          "end": 9,\n'
        '          "score": {\n'
        '            "value": 0.75,\n'
        '            "type": "PROBABILITY"\n'
        "          }\n"
        "        }\n"
        "      ],\n"
        '      "summaryScore": {\n'
        '        "value": 0.75,\n'
        '        "type": "PROBABILITY"\n'
        "      }\n"
        "    }\n"
        "  },\n"
        '  "languages": [\n'
        '    "en"\n'
        "  ],\n"
        '  "detectedLanguages": [\n'
        '    "en"\n'
        "  ],\n"
        '  "clientToken": "request-1"\n'
        "}\n"
    )


def test_each_attribute_is_told_by_what_measures_it(client):
    names = ("IDENTITY_ATTACK", "TOXICITY", "TOXICITY_FAST")
    answer = client.analyze(
        "hate=0.5 offensive=0.25", requestedAttributes={name: {} for name in names}
    )
    told = answer.json()["attributeScores"]
    assert [(name, told[name]["summaryScore"]["value"]) for name in told] == [
        ("IDENTITY_ATTACK", 0.5),
        ("TOXICITY", 0.75),
        ("TOXICITY_FAST", 0.75),
    ]


class TestThresholds:
    """What is below its `scoreThreshold` is left out; equality is not below."""

    @pytest.mark.parametrize(
        ("threshold", "is_told"),
        [(0.9, True), (0.91, False), (0, True), ("0.5", True), (None, True)],
    )
    def test_a_score_below_its_threshold_is_left_out(self, client, threshold, is_told):
        parameters = {"TOXICITY": {"scoreThreshold": threshold}, "IDENTITY_ATTACK": {}}
        told = client.analyze("hate=0.9", requestedAttributes=parameters).json()
        assert ("TOXICITY" in told["attributeScores"]) == is_told

    def test_where_all_are_left_out_there_are_no_scores_at_all(self, client):
        parameters = {"TOXICITY": {"scoreThreshold": 0.95}}
        answer = client.analyze("hate=0.9", requestedAttributes=parameters)
        assert answer.json() == {"languages": ["en"], "detectedLanguages": ["en"]}


class TestSpans:
    """Offsets count UTF-16 units, and the end is excluded."""

    def test_without_annotations_the_span_is_the_whole_text(self, client):
        (span,) = toxicity(client.analyze("hate=0.9 😀. And so on."))["spanScores"]
        assert (span["begin"], span["end"], span["score"]["value"]) == (0, 23, 0.9)

    def test_with_annotations_each_sentence_is_judged_by_itself(self, client):
        text = "It is 😀 fine.\nhate=0.9 offensive=0.05 is not! Or?"
        told = toxicity(client.analyze(text, spanAnnotations=True))
        spans = [(s["begin"], s["end"], s["score"]["value"]) for s in told["spanScores"]]
        assert spans == [(0, 14, 0.0), (15, 46, 0.95), (47, 50, 0.0)]
        assert told["summaryScore"]["value"] == 0.95

    def test_a_sentence_that_cannot_be_judged_has_no_span(self, client):
        told = toxicity(client.analyze("hate=0.9 no. abstain here.", spanAnnotations=True))
        assert [span["end"] for span in told["spanScores"]] == [12]


class TestLanguages:
    """We judge English, and say so in the API's own words."""

    @pytest.mark.parametrize("languages", [["en"], ["en-US"], ["EN"], ["en_GB", "en"]])
    def test_english_by_any_code_is_judged_and_echoed(self, client, languages):
        told = client.analyze(languages=languages).json()
        assert (told["languages"], told["detectedLanguages"]) == (languages, ["en"])

    @pytest.mark.parametrize(
        ("languages", "named"), [(["de"], "de"), (["en", "fr", "pt-BR"], "fr,pt-BR")]
    )
    def test_another_language_is_refused_and_nothing_is_stored(self, client, languages, named):
        error = client.analyze(languages=languages).json()["error"]
        assert error["message"] == f"Attribute TOXICITY does not support request languages: {named}"
        assert error["details"] == [
            {
                "@type": "type.googleapis.com/google.commentanalyzer.v1alpha1.Error",
                "errorType": "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE",
                "languageNotSupportedByAttributeError": {
                    "requestedLanguages": named.split(","),
                    "attribute": "TOXICITY",
                },
            }
        ]
        assert client.stored() == []

    def test_a_text_found_to_be_foreign_is_refused_and_kept_for_people(self, client):
        (detail,) = client.analyze("abstain").json()["error"]["details"]
        assert detail["languageNotSupportedByAttributeError"] == {
            "detectedLanguages": ["und"],
            "attribute": "TOXICITY",
        }
        assert [item["abstained"] for item in client.stored()] == ["language"]

    @pytest.mark.parametrize("is_stored", [True, False])
    def test_where_the_site_names_english_none_is_guessed(self, client, is_stored):
        text = "abstain hate=0.5 it. abstain hate=0.25 so"
        answer = client.analyze(
            text, languages=["en"], doNotStore=not is_stored, spanAnnotations=True
        )
        spans = toxicity(answer)["spanScores"]
        assert [span["score"]["value"] for span in spans] == [0.5, 0.25]

    def test_what_cannot_be_judged_all_the_same_is_no_number(self, site, client):
        site.scorer = UnsureScorer()
        error = client.analyze("hello", languages=["en"]).json()["error"]
        assert error["message"] == "Unable to detect language"
        assert error["details"][0]["errorType"] == "LANGUAGE_DETECTION_FAILED"
        assert [item["abstained"] for item in client.stored()] == ["low_coverage"]

    @pytest.mark.parametrize(
        ("text", "languages", "told"), [("abstain", None, ["und"]), ("hello", ["de"], ["de"])]
    )
    def test_the_unsupported_are_dropped_where_that_is_asked(self, client, text, languages, told):
        answer = client.analyze(text, languages=languages, dropUnsupportedAttributes=True)
        assert answer.status_code == 200
        assert "attributeScores" not in answer.json()
        assert answer.json()["languages"] == told


class TestAttributesWeHaveNot:
    """They are refused, dropped where that is asked, or told as the site declared."""

    @pytest.mark.parametrize("name", ["FLIRTATION", "SEVERE_TOXICITY", "toxicity", "MADE_UP"])
    def test_one_is_refused_as_unknown(self, client, name):
        answer = client.analyze(requestedAttributes={"TOXICITY": {}, name: {}})
        assert answer.status_code == 400
        assert answer.json()["error"]["message"] == f"Unknown requested attribute: {name}"
        assert client.stored() == []

    def test_perspectives_own_are_dropped_where_that_is_asked(self, client):
        attributes: Any = {"FLIRTATION": {}, "TOXICITY": {}}
        answer = client.analyze(requestedAttributes=attributes, dropUnsupportedAttributes=True)
        assert [*answer.json()["attributeScores"]] == ["TOXICITY"]

    def test_a_slip_is_not_dropped(self, client):
        answer = client.analyze(requestedAttributes={"TOXICTY": {}}, dropUnsupportedAttributes=True)
        assert answer.status_code == 400

    def test_a_declared_constant_is_told(self, site, client):
        other = Community(source="perspective", constants={"FLIRTATION": 0.25})
        site.configure(communities=Communities(other=other))
        told = client.analyze(requestedAttributes={"FLIRTATION": {}}).json()["attributeScores"]
        assert told["FLIRTATION"]["summaryScore"]["value"] == 0.25

    def test_a_sites_own_scale_is_told(self, site, client):
        scale = Scale(measure="hate", knots=((0.0, 0.0), (1.0, 0.5)))
        other = Community(source="perspective", scales={"TOXICITY": scale, "INSULT": scale})
        site.configure(communities=Communities(other=other))
        told = client.analyze("hate=0.8", requestedAttributes={"TOXICITY": {}, "INSULT": {}})
        values = {
            name: scores["summaryScore"]["value"]
            for name, scores in told.json()["attributeScores"].items()
        }
        assert values == {"TOXICITY": 0.4, "INSULT": 0.4}


class TestStored:
    """Unless it must not be, a comment is one like any other."""

    def test_it_is_scored_looked_up_and_alerted_on(self, client):
        client.analyze("hate=0.9", communityId="Blogs", sessionId="s", clientToken="t")
        (item,) = client.stored()
        assert (item["source"], item["board"], item["label"]) == ("perspective", "Blogs", "hate")
        assert [alert["trigger"] for alert in item["alerts"]] == ["slur"]
        assert item["comment_id"].startswith("text-")

    def test_the_same_text_is_one_comment(self, client):
        first, again = client.analyze("hate=0.9").json(), client.analyze("hate=0.9").json()
        assert first == again
        assert len(client.stored()) == 1

    def test_its_source_follows_from_the_community_id_else_from_the_key(self, site, client):
        blogs, news = Community(source="blogs"), Community(source="news")
        site.configure(
            communities=Communities(by_id={"Blogs": blogs}, by_key={client.key_id: news})
        )
        for text, community in (("a", "Blogs"), ("b", "Another"), ("c", None)):
            client.analyze(text, communityId=community)
        site.configure(communities=Communities(by_id={"Blogs": blogs}))
        client.analyze("d")
        found = [(item["source"], item["board"]) for item in reversed(client.stored())]
        assert found == [
            ("blogs", "Blogs"),
            ("news", "Another"),
            ("news", None),
            ("perspective", None),
        ]

    def test_it_is_judged_at_the_base_rate_of_its_source(self, site, client):
        asked_for: list[str] = []

        def base_rate_of(source: str) -> float:
            asked_for.append(source)
            return 0.2

        site.runtime.base_rate_of = base_rate_of
        client.analyze("hate=0.9", doNotStore=True)
        assert asked_for == ["perspective"]

    def test_what_cannot_be_stored_is_not_answered(self, site, client):
        site.failure = RuntimeError(CANARY)
        answer = client.analyze()
        assert answer.status_code == 500
        assert answer.json()["error"]["status"] == "INTERNAL"
        assert CANARY not in answer.text


def test_do_not_store_leaves_no_trace_anywhere(site, client, database_url):
    """Neither in the database's files nor in logs nor in metrics, whatever is asked or fails."""
    with restored():
        stream = io.StringIO()
        configure("DEBUG", stream)
        context = {"entries": [{"text": CANARY}]}
        names = {"clientToken": CANARY, "sessionId": CANARY, "communityId": CANARY}
        for body in (
            asked(f"hate=0.9 {CANARY}", doNotStore=True, spanAnnotations=True),
            asked(f"hate=0.9 {CANARY}", doNotStore=True, context=context, **names),
            asked(f"abstain {CANARY}", doNotStore=True),
            asked(f"hate=0.9 {CANARY}", doNotStore=True, languages=["de"]),
            asked(f"{CANARY} " * 3_000, doNotStore=True),
            {**asked(CANARY, doNotStore=True), CANARY: 1},
        ):
            client.post(ANALYZE, body)
        client.post(ANALYZE, json.dumps(asked(CANARY, doNotStore=True)).encode()[:-1])
        metrics = site.client.get("/metrics", headers=site.key(KeyScope.READ))
    assert client.stored() == []
    path = Path(database_url.removeprefix("sqlite:///"))
    kept = b"".join(file.read_bytes() for file in path.parent.iterdir() if file.is_file())
    assert client.key_id.encode() in kept, "the test reads what is written"
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    told = [line for line in lines if not line["logger"].startswith("http")]
    assert any(line["logger"] == "moderator.access" for line in told)
    for place in (kept, json.dumps(told).encode(), metrics.content):
        assert CANARY.encode() not in place


def test_a_text_of_the_greatest_length_is_judged(client):
    assert client.analyze("é" * (MOST_BYTES // 2)).status_code == 200


class TestParameters:
    """Those of all of Google's APIs."""

    @pytest.mark.parametrize(
        "given",
        [
            {"alt": "json"},
            {"$.xgafv": "2", "quotaUser": "ann", "userIp": "10.0.0.1"},
            {"access_token": "", "oauth_token": "", "uploadType": "", "upload_protocol": ""},
            {"prettyPrint": "true"},
        ],
    )
    def test_they_are_taken(self, client, given):
        answer = client.post(ANALYZE, asked(), **given)
        assert (answer.status_code, answer.text[:2]) == (200, "{\n")

    def test_the_answer_is_plain_where_that_is_asked(self, client):
        answer = client.post(ANALYZE, asked(), prettyPrint="false")
        assert answer.text.startswith('{"attributeScores":{"TOXICITY":{"spanScores":[{"begin":0,')

    def test_a_part_of_the_answer_can_be_asked_for(self, client):
        fields = "languages,attributeScores/TOXICITY/summaryScore/value"
        answer = client.post(ANALYZE, asked("hate=0.5"), fields=fields)
        assert answer.json() == {
            "attributeScores": {"TOXICITY": {"summaryScore": {"value": 0.5}}},
            "languages": ["en"],
        }


class TestKeys:
    """They may stand in the address, here alone, and in two headers."""

    @pytest.mark.parametrize("scope", KeyScope)
    def test_a_key_of_any_scope_is_enough(self, site, scope):
        answer = site.client.post(ANALYZE, params={"key": site.secret(scope)[1]}, json=asked())
        assert answer.status_code == 200

    @pytest.mark.parametrize("header", ["x-goog-api-key", "authorization"])
    def test_it_may_stand_in_a_header(self, site, client, header):
        value = client.key if header.startswith("x") else f"Bearer {client.key}"
        answer = site.client.post(ANALYZE, headers={header: value}, json=asked())
        assert answer.status_code == 200

    def test_in_the_address_it_opens_nothing_else(self, site, client):
        assert site.client.get("/v1/scores", params={"key": client.key}).status_code == 401

    @pytest.mark.parametrize("parameters", [{}, {"key": "AIzaSyAnOldKeyOfGoogles"}])
    def test_open_routes_take_none_and_any(self, site, parameters):
        site.configure(public=frozenset({"perspective"}))
        answer = site.client.post(ANALYZE, params=parameters, json=asked())
        assert answer.status_code == 200

    def test_on_open_routes_a_known_key_still_tells_the_community(self, site, client):
        news = Community(source="news")
        site.configure(
            public=frozenset({"perspective"}),
            communities=Communities(by_key={client.key_id: news}),
        )
        client.analyze()
        assert [item["source"] for item in client.stored()] == ["news"]
