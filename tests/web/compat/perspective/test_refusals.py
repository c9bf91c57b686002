"""What the Perspective API's routes refuse: the exact words, and always in Google's shape."""

from __future__ import annotations

import json

import pytest

from moderator.domain.errors import Overloaded
from moderator.domain.score import Abstention, Score
from moderator.web.auth import MOST_WRONG
from tests.builders import MarkedScorer
from tests.web.compat.perspective.conftest import ANALYZE, asked

ERROR = "type.googleapis.com/google.commentanalyzer.v1alpha1.Error"
BAD_REQUEST = "type.googleapis.com/google.rpc.BadRequest"
ERROR_INFO = "type.googleapis.com/google.rpc.ErrorInfo"


def test_the_documented_error_is_answered_byte_for_byte(client):
    answer = client.analyze("")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/json; charset=UTF-8"
    assert answer.text == (
        "{\n"
        '  "error": {\n'
        '    "code": 400,\n'
        '    "message": "Comment must be non-empty.",\n'
        '    "status": "INVALID_ARGUMENT",\n'
        '    "details": [\n'
        "      {\n"
        f'        "@type": "{ERROR}",\n'
        '        "errorType": "COMMENT_EMPTY"\n'
        "      }\n"
        "    ]\n"
        "  }\n"
        "}\n"
    )


BOTH_CONTEXTS = {
    "entries": [{"text": "a"}],
    "articleAndParentComment": {"article": {"text": "b"}},
}
DOCUMENTED = [
    # the empty request that a published client tries its key with
    ({}, "COMMENT_EMPTY", "Comment must be non-empty."),
    (asked(" \n"), "COMMENT_EMPTY", "Comment must be non-empty."),
    (
        asked("x" * 23_368),
        "COMMENT_TOO_LONG",
        "Comment text was too many bytes. Value (23368) exceeded limit (20480).",
    ),
    (
        asked("é" * 10_240 + "x"),
        "COMMENT_TOO_LONG",
        "Comment text was too many bytes. Value (20481) exceeded limit (20480).",
    ),
    (asked(requestedAttributes={}), "NO_REQUESTED_ATTRIBUTES", "Missing requested_attributes"),
    (asked(requestedAttributes=None), "NO_REQUESTED_ATTRIBUTES", "Missing requested_attributes"),
    (
        asked(requestedAttributes={"NICE": {}}),
        "INVALID_REQUEST",
        "Unknown requested attribute: NICE",
    ),
    (
        asked(requestedAttributes={"TOXICITY": {"scoreType": "PERCENTILE"}}),
        "INVALID_REQUEST",
        "Requested score type PERCENTILE is not supported by attribute TOXICITY",
    ),
    (
        asked(comment={"text": "<p>hello</p>", "type": "HTML"}),
        "INVALID_REQUEST",
        "Currently, only 'PLAIN_TEXT' comments are supported",
    ),
    (
        asked(context=BOTH_CONTEXTS),
        "INVALID_REQUEST",
        "Context can have either entries or article_and_parent_comment, but both fields were"
        " populated.",
    ),
    (
        asked(requestedAttributes={"TOXICITY": {"scoreThreshold": 1.5}}),
        "INVALID_REQUEST",
        "Score threshold of TOXICITY must be between 0 and 1",
    ),
    (
        asked(requestedAttributes={"who <b>": {}}),
        "INVALID_REQUEST",
        "Unknown requested attribute: (unreadable)",
    ),
]


class FailedScorer(MarkedScorer):
    """A scorer that judges nothing: each text is a failure of its own."""

    def score(self, text, base_rate=None):
        """An abstention."""
        return Score(
            model=self.model,
            probabilities=None,
            label=None,
            coverage=0.0,
            abstained=Abstention.FAILURE,
        )


@pytest.mark.parametrize(("body", "error_type", "message"), DOCUMENTED)
def test_what_the_api_refuses_is_refused_in_its_words(client, body, error_type, message):
    answer = client.post(ANALYZE, body)
    assert answer.status_code == 400
    assert answer.json() == {
        "error": {
            "code": 400,
            "message": message,
            "status": "INVALID_ARGUMENT",
            "details": [{"@type": ERROR, "errorType": error_type}],
        }
    }
    assert client.stored() == []


MALFORMED = [
    (b"{", "Invalid JSON payload received. The body is not JSON: error at line 1, column 2"),
    (b"\xff", "Invalid JSON payload received. The body is not UTF-8: error at byte 0"),
    (b"[]", "Invalid value at '(root)' (type.googleapis.com/google.commentanalyzer.v1alpha1"),
    (b'{"comment":"x"}', "Invalid value at 'comment' (type.googleapis.com/google.comment"),
    (b'{"comment":{"text":1}}', "Invalid value at 'comment.text' (TYPE_STRING)"),
    (b'{"comment":{"type":"MARKDOWN"}}', "Invalid value at 'comment.type' (TYPE_ENUM)"),
    (b'{"doNotStore":"true"}', "Invalid value at 'do_not_store' (TYPE_BOOL)"),
    (b'{"languages":"en"}', "Invalid value at 'languages' (a list)"),
    (b'{"languages":[7]}', "Invalid value at 'languages[0]' (TYPE_STRING)"),
    (b'{"requestedAttributes":["TOXICITY"]}', "Invalid value at 'requested_attributes' (a map)"),
    (
        b'{"requestedAttributes":{"TOXICITY":{"scoreThreshold":"high"}}}',
        "Invalid value at 'requested_attributes[TOXICITY].score_threshold' (TYPE_FLOAT)",
    ),
    (
        b'{"requestedAttributes":{"TOXICITY":{"scoreThreshold":"1e999"}}}',
        "Invalid value at 'requested_attributes[TOXICITY].score_threshold' (TYPE_FLOAT)",
    ),
    (
        b'{"do_not_store":true,"doNotStore":true}',
        "Invalid value at 'do_not_store' (a field that is given twice)",
    ),
    (
        b'{"comments":{}}',
        'Invalid JSON payload received. Unknown name "comments": Cannot find field.',
    ),
    (
        b'{"comment":{"body":"x"}}',
        "Invalid JSON payload received. Unknown name \"body\" at 'comment': Cannot find field.",
    ),
]


@pytest.mark.parametrize(("body", "message"), MALFORMED)
def test_what_is_no_message_of_the_api_is_refused_with_its_place(client, body, message):
    answer = client.post(ANALYZE, body)
    error = answer.json()["error"]
    assert (answer.status_code, error["status"]) == (400, "INVALID_ARGUMENT")
    assert error["message"].startswith(message)
    assert error["details"][0]["@type"] == BAD_REQUEST
    assert error["details"][0]["fieldViolations"][0]["description"] == error["message"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"alt": "proto"}, "Invalid value at 'alt': only json is answered"),
        ({"callback": "f"}, "Invalid value at 'callback': JSONP is not answered"),
        ({"prettyPrint": "yes"}, "Invalid value at 'prettyPrint' (TYPE_BOOL)"),
        ({"fields": "a("}, "Invalid field selection"),
        (
            {"text": "x"},
            'Invalid JSON payload received. Unknown name "text": Cannot bind query parameter.',
        ),
    ],
)
def test_a_query_parameter_that_means_something_else_is_refused(client, given, message):
    answer = client.post(ANALYZE, asked(), **given)
    assert (answer.status_code, answer.json()["error"]["message"]) == (400, message)


def test_more_parameters_than_anybody_has_are_refused(site, client):
    many = "&".join(f"p{n}=1" for n in range(40))
    answer = site.client.post(f"{ANALYZE}?key={client.key}&{many}", json=asked())
    assert answer.json()["error"]["message"] == "There are more than 32 query parameters"


def test_a_parameter_that_stands_twice_is_refused(site, client):
    answer = site.client.post(f"{ANALYZE}?key={client.key}&key=other", json=asked())
    assert answer.json()["error"]["message"] == "A query parameter is given more than once"


class TestKeys:
    """As Google's gateway refuses them."""

    def test_none_is_403(self, site):
        answer = site.client.post(ANALYZE, json=asked())
        error = answer.json()["error"]
        assert (answer.status_code, error["status"]) == (403, "PERMISSION_DENIED")
        assert error["message"].startswith("Method doesn't allow unregistered callers")
        assert error["details"][0]["@type"] == ERROR_INFO

    @pytest.mark.parametrize("key", ["AIzaSyAnOldKeyOfGoogles", "mod_aaaaaaaa_" + "x" * 43])
    def test_a_wrong_one_in_the_address_is_400(self, site, key):
        answer = site.client.post(ANALYZE, params={"key": key})
        assert answer.status_code == 400
        assert answer.json() == {
            "error": {
                "code": 400,
                "message": "API key not valid. Please pass a valid API key.",
                "status": "INVALID_ARGUMENT",
                "details": [
                    {
                        "@type": ERROR_INFO,
                        "reason": "API_KEY_INVALID",
                        "domain": "googleapis.com",
                        "metadata": {"service": "commentanalyzer.googleapis.com"},
                    }
                ],
            }
        }

    def test_a_wrong_one_in_the_header_is_401(self, site):
        answer = site.client.post(ANALYZE, headers={"authorization": "Bearer x"}, json=asked())
        assert (answer.status_code, answer.json()["error"]["status"]) == (401, "UNAUTHENTICATED")
        assert answer.headers["www-authenticate"] == 'Bearer realm="moderator"'

    def test_too_many_wrong_ones_are_429(self, site):
        for _ in range(MOST_WRONG + 1):
            answer = site.client.post(ANALYZE, params={"key": "wrong"})
        error = answer.json()["error"]
        assert (answer.status_code, error["status"]) == (429, "RESOURCE_EXHAUSTED")
        assert int(answer.headers["retry-after"]) > 0


@pytest.mark.parametrize(
    ("method", "path", "status", "name"),
    [
        ("GET", ANALYZE, 405, "UNIMPLEMENTED"),
        ("POST", "/v1alpha1/comments:delete", 404, "NOT_FOUND"),
        ("POST", "/$discovery/rest", 405, "UNIMPLEMENTED"),
        ("GET", "/$discovery/rest?version=v1", 404, "NOT_FOUND"),
    ],
)
def test_what_is_not_there_is_told_in_the_same_shape(site, method, path, status, name):
    answer = site.client.request(method, path)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["status"]) == (status, status, name)
    assert answer.headers["content-type"] == "application/json; charset=UTF-8"


@pytest.mark.parametrize(
    ("headers", "content", "status"),
    [
        ({"content-type": "application/x-www-form-urlencoded"}, b"{}", 415),
        ({"content-encoding": "gzip"}, b"{}", 415),
        ({}, b"x" * (2**20 + 1), 413),
        ({"x": "y" * 40_000}, b"{}", 431),
    ],
)
def test_what_http_refuses_is_told_in_the_same_shape(site, client, headers, content, status):
    answer = site.client.post(ANALYZE, params={"key": client.key}, headers=headers, content=content)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["status"]) == (
        *(status, status),
        "INVALID_ARGUMENT",
    )
    assert error["details"][0]["@type"] == ERROR_INFO


def test_too_much_work_is_503_with_a_time_to_come_again(site, client):
    site.failure = Overloaded("too much is waiting")
    answer = client.analyze()
    error = answer.json()["error"]
    assert (answer.status_code, error["status"]) == (503, "UNAVAILABLE")
    assert int(answer.headers["retry-after"]) > 0


def test_a_scorer_that_fails_is_500_and_no_number(site, client):
    site.scorer = FailedScorer()
    answer = client.analyze("hate=0.9")
    assert (answer.status_code, answer.json()["error"]["status"]) == (500, "INTERNAL")


def test_a_value_never_stands_in_an_error(client):
    canary = "canary-77aa"
    for body in (
        {"comment": {"text": canary, "type": canary}},
        {"comment": canary},
        asked(canary, requestedAttributes={f"{canary} {canary}": {}}),
        asked(canary, requestedAttributes={"TOXICITY": {"scoreType": canary}}),
        {f"{canary} {canary}": 1},
        {"comment": {"text": {canary: canary}}},
    ):
        assert canary not in client.post(ANALYZE, json.dumps(body).encode()).text
