"""Requests made up from the description of the routes, right and wrong ones: `make fuzz` for 5,000.

Whatever is asked, the answer is one that the description has, and never our mistake.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from moderator.web import openapi
from tests.web.compat.perspective.conftest import Client, asked
from tests.web.site import Site

PATHS = ("/v1alpha1/comments:analyze", "/v1alpha1/comments:suggestscore", "/$discovery/rest")
CONFORMS = [status_code_conformance, content_type_conformance, response_schema_conformance]
TEXTS = st.text(max_size=60) | st.sampled_from(["hate=0.9 so. And so?", "abstain", "é😀. ", " "])


def operations_of(site: Site) -> list[Any]:
    """The operations of these routes, from the document that the application serves."""
    document = openapi.document(site.app)
    ours = {**document, "paths": {path: document["paths"][path] for path in PATHS}}
    schema = schemathesis.openapi.from_dict(ours)
    return [schema[path][method] for path in PATHS for method in ours["paths"][path]]


def attack(site: Site, client: Client, examples: int) -> Counter[int]:
    """Send so many made-up requests, about half of which mean to be right; counts by status."""
    statuses: Counter[int] = Counter()
    operations = operations_of(site)
    modes = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]
    cases = st.one_of(
        *(
            operation.as_strategy(generation_mode=mode)
            for operation in operations
            for mode in modes
            if (operation.body or operation.query) or mode is GenerationMode.POSITIVE
        )
    )

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases, text=TEXTS, with_key=st.integers(0, 9))
    def holds(case, text, with_key):
        sent = case.as_transport_kwargs(base_url="http://board.test")
        sent["content"] = sent.pop("data", None)  # bytes, by its name in httpx
        sent.pop("cookies", None)
        if isinstance(sent.get("json"), dict) and isinstance(sent["json"].get("comment"), dict):
            sent["json"]["comment"]["text"] = text  # else most would be refused for their text
        if with_key:
            sent["params"] = {**(sent.get("params") or {}), "key": client.key}
        answer = site.client.request(**sent)
        statuses[answer.status_code] += 1
        assert answer.status_code < 500
        answer.elapsed = timedelta()  # our transport takes no time
        case.validate_response(answer, checks=CONFORMS)

    holds()
    return statuses


def test_made_up_requests_are_answered_or_refused_as_described(site, client):
    assert {200, 400, 403} <= attack(site, client, 100).keys()


@pytest.mark.long
@pytest.mark.timeout(1_800)
def test_five_thousand_made_up_requests_are(site, client):
    assert attack(site, client, 5_000)[200] > 500
    assert client.post(PATHS[0], asked()).status_code == 200
