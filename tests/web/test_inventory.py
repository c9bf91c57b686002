"""Every route is known: to the OpenAPI document, to the gate of keys, to the safe headers."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi.routing import APIRoute
from pydantic import TypeAdapter

from moderator.domain.configuration import Configuration
from moderator.storage.keys import KeyScope
from moderator.web import examples, openapi
from moderator.web.predict import text_of

EMPTY = Configuration(settings={})
# Routes of a contract with errors of its own.
FOREIGN = ("/v1alpha1/", "/$discovery/", "/v1/moderations", "/discourse-ai/", "/1.1/")


@pytest.fixture
def database_url(sqlite_url):
    """SQLite alone."""
    return sqlite_url


@pytest.fixture
def document(site):
    """The OpenAPI document, as it is served."""
    answer = site.client.get("/openapi.json", headers=site.key())
    assert answer.status_code == 200
    return answer.json()


def routes_of(site) -> set[tuple[str, str]]:
    """Every method and path that the application answers, but for the HEADs beside the GETs."""
    return {
        (method.lower(), route.path_format)
        for route in site.app.router.routes
        for method in route.methods - {"HEAD"}
    }


def operations_of(document) -> dict[tuple[str, str], Any]:
    """Every operation of the document."""
    return {
        (method, path): operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


def test_the_document_holds_every_route_and_no_other(site, document):
    assert set(operations_of(document)) == routes_of(site)


def test_every_reference_in_the_document_leads_somewhere(document):
    for reference in references(document):
        found = document
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]


def references(value) -> list[str]:
    """Every `$ref` in a document."""
    if isinstance(value, dict):
        own = [value["$ref"]] if "$ref" in value else []
        return own + [found for part in value.values() for found in references(part)]
    if isinstance(value, list):
        return [found for part in value for found in references(part)]
    return []


def test_every_operation_says_what_it_is_for_and_what_it_answers(document):
    for place, operation in operations_of(document).items():
        assert operation.get("summary"), place
        assert operation["responses"], place
        for status, answer in operation["responses"].items():
            assert answer["description"], (place, status)


def test_errors_are_problems_wherever_they_are_told(document):
    for place, operation in operations_of(document).items():
        for status, answer in operation["responses"].items():
            if int(status) >= 400 and not place[1].startswith(FOREIGN):
                assert list(answer["content"]) == ["application/problem+json"], (place, status)


def concrete(path) -> str:
    """A path with something in each place."""
    names = {"source": "forum", "name": "page.css", "digest": EMPTY.digest}
    for part in (
        "source",
        "comment_id",
        "thread_id",
        "author_id",
        "alert_id",
        "token",
        "name",
        "digest",
    ):
        path = path.replace("{" + part + "}", names.get(part, "al_1"))
    return str(path)


AKISMETS = ("verify-key", "comment-check", "submit-spam", "submit-ham")
SCOPES: list[KeyScope | None] = [None, *KeyScope]


@pytest.mark.parametrize("scope", SCOPES)
def test_each_route_lets_in_whom_the_document_says_and_nobody_else(site, document, scope):
    site.configure(public=frozenset())
    site.send("hate=0.9", id="al_1", thread_id="al_1", author={"id": "al_1"})
    site.remember(EMPTY)
    headers = {} if scope is None else site.key(scope)
    for (method, path), operation in operations_of(document).items():
        ways = operation["security"]
        wanted = [KeyScope(way["key"][0]) for way in ways if "key" in way]
        answer = site.client.request(method, concrete(path), headers=headers)
        if path == "/phases/coral/{source}":
            assert answer.status_code == 404  # there is no such board here
        elif path.startswith("/v1alpha1/"):  # empty, so refused, but let in
            assert answer.status_code == (403 if scope is None else 400), (method, path)
        elif path.startswith("/1.1/"):
            assert answer.status_code == 404  # off
        elif path == "/webhooks/{source}":
            assert answer.status_code == 401
        elif not wanted and ways:  # a page: a key in the header does not open it
            assert answer.status_code in (303, 415), (method, path)
        elif not wanted:
            assert answer.status_code in (200, 415), (method, path)
        elif scope is None:
            assert answer.status_code == 401, (method, path)
        elif not scope.includes(wanted[0]):
            assert answer.status_code == 403, (method, path)
        else:
            assert answer.status_code in (200, 422), (method, path)


def test_only_routes_that_say_so_are_open(document):
    open_to_all = {place for place, told in operations_of(document).items() if not told["security"]}
    assert open_to_all == {
        ("post", "/webhooks/{source}"),
        ("post", "/phases/coral/{source}"),
        *(("post", f"/1.1/{name}") for name in AKISMETS),  # the key is in the form
        ("get", "/$discovery/rest"),
        ("get", "/healthz"),
        ("get", "/readyz"),
        ("get", "/login"),
        ("post", "/login"),
        ("get", "/login/{token}"),
        ("post", "/login/{token}"),
        ("get", "/assets/{name}"),
    }


@pytest.mark.parametrize("path", ["/docs", "/openapi.json", "/metrics"])
def test_what_describes_us_is_not_shown_to_strangers(site, path):
    assert site.client.get(path).status_code in (303, 401)


class TestExamples:
    """The examples of the document."""

    @pytest.mark.parametrize(("path", "method", "example"), examples.ANSWERS)
    def test_an_answer_has_the_shape_of_its_route(self, site, path, method, example):
        for route in site.app.router.routes:
            if isinstance(route, APIRoute) and route.path_format == path:
                shape = TypeAdapter(route.response_model)
                assert json.loads(shape.dump_json(shape.validate_python(example))) == example

    def test_the_webhooks_example_is_taken_and_answered_like_the_example(self, site):
        answer = site.post(json.dumps(examples.COMMENT).encode())
        told = answer.json()["results"][0]
        assert answer.status_code == 200
        assert set(told) == set(examples.RESULTS["results"][0])

    def test_the_prediction_example_is_one(self, site):
        ((_, _, body),) = [one for one in examples.BODIES if one[0] == "/predict"]
        assert text_of(json.dumps(body).encode())
        answer = site.client.post("/predict", content=json.dumps(body))
        assert set(answer.json()) == set(examples.PREDICTION)

    def test_the_look_up_example_is_taken(self, site):
        answer = site.client.post("/v1/scores:lookup", json=examples.LOOKUP, headers=site.key())
        assert answer.status_code == 200

    def test_readiness_is_told_like_the_example(self, site):
        told = site.client.get("/readyz").json()
        assert set(told["checks"]) == set(examples.READY["checks"])
        assert set(told["checks"]["configuration"]) == set(
            examples.READY["checks"]["configuration"]
        )

    def test_an_alert_is_told_like_the_example(self, site):
        site.send("hate=0.9")
        told = site.client.get("/v1/alerts/al_1", headers=site.key()).json()
        assert set(told) == set(examples.ALERT)
        assert set(told["deliveries"][0]) == set(examples.ALERT["deliveries"][0])

    def test_every_answer_and_body_in_json_has_one(self, document):
        for place, operation in operations_of(document).items():
            for part in (operation["responses"].get("200", {}), operation.get("requestBody", {})):
                told = part.get("content", {}).get("application/json")
                if told is not None and place != ("get", "/openapi.json"):
                    assert "example" in told, place


def test_the_reference_page_shows_every_operation(site, document):
    operations = openapi.document(site.app)
    assert operations == document
