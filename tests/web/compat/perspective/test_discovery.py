"""The discovery document, and that it says what is read and answered."""

from __future__ import annotations

import pytest

from tests.web.compat.perspective.conftest import asked

PATH = "/$discovery/rest"


@pytest.mark.parametrize("path", [PATH, f"{PATH}?version=v1alpha1", f"{PATH}?key=AIza&alt=json"])
def test_it_is_open_to_everybody_as_it_is_at_google(site, path):
    answer = site.client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json; charset=UTF-8"
    document = answer.json()
    assert (document["name"], document["version"]) == ("commentanalyzer", "v1alpha1")
    assert document["rootUrl"] == "http://board.test/"


def test_its_methods_are_where_it_says(site, client):
    document = site.client.get(PATH).json()
    method = document["resources"]["comments"]["methods"]["analyze"]
    answer = client.post(f"/{method['path']}", asked())
    assert answer.status_code == 200
    schema = document["schemas"][method["response"]["$ref"]]
    assert set(answer.json()) <= set(schema["properties"])


def test_every_reference_in_it_leads_somewhere(site):
    document = site.client.get(PATH).json()
    schemas = document["schemas"]
    assert all(schemas[name]["id"] == name for name in schemas)
    assert references(document) <= set(schemas)


def references(value) -> set[str]:
    """Every message that is referred to."""
    if isinstance(value, list):
        return set().union(*map(references, value))
    if not isinstance(value, dict):
        return set()
    own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
    return own.union(*map(references, value.values()))


@pytest.mark.parametrize("host", ["evil.test/path", "a b", "x" * 300, ""])
def test_a_host_that_is_none_gives_way_to_the_configured_address(site, host):
    site.configure(public_url="https://mod.example.org")
    answer = site.client.get(PATH, headers={"host": host})
    assert answer.json()["rootUrl"] == "https://mod.example.org/"
    site.configure(public_url=None)
    assert site.client.get(PATH, headers={"host": host}).status_code == 404
