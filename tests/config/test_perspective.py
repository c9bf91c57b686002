"""The `perspective` block: whom it tells apart, and what is refused."""

from __future__ import annotations

import pytest

from moderator.domain.score import Probabilities
from tests.config.conftest import REST, Load, Refused

BLOCK = """\
perspective:
  constants: {FLIRTATION: 0.0}
  communities:
    news: {keys: [k3y4id22]}
    blogs: {keys: [an6ther2], ids: ["Coral:https://blogs.example.org"], constants: {SPAM: 0.5}}
"""
SCALES = """\
perspective:
  scales:
    TOXICITY: {from: toxic, knots: [[0, 0], [1, 0.5]]}
    INSULT: {from: hate, knots: [[0, 0.7], [0.5, 0.8]]}
  communities:
    news: {keys: [k3y4id22], scales: {TOXICITY: {from: toxic, knots: [[0, 0], [1, 1]]}}}
"""


def test_a_site_is_told_by_its_id_else_by_its_key_else_it_is_the_other_one(load: Load) -> None:
    """Coral sends its id with feedback alone."""
    block = load(BLOCK).perspective
    assert block is not None
    communities = block.in_force()
    found = [
        communities.of(community_id, key_id).source
        for community_id, key_id in [
            ("Coral:https://blogs.example.org", "k3y4id22"),
            ("Coral:https://news.example.org", "k3y4id22"),
            (None, "an6ther2"),
            ("", None),
            ("unheard of", "aaaaaaaa"),
        ]
    ]
    assert found == ["blogs", "news", "blogs", "perspective", "perspective"]


def test_a_sites_constants_stand_beside_those_of_all(load: Load) -> None:
    """The ones above are for everybody."""
    block = load(BLOCK).perspective
    assert block is not None
    communities = block.in_force()
    assert communities.other.constants == {"FLIRTATION": 0.0}
    assert communities.of(None, "an6ther2").constants == {"FLIRTATION": 0.0, "SPAM": 0.5}


def test_a_scale_that_was_fitted_to_another_model_is_found(load: Load) -> None:
    """One that does not say its model is not doubted."""
    block = load(SCALES.replace("from: toxic,", "from: toxic, model: new@1,")).perspective
    assert block is not None
    assert block.misfits("new@1") == []
    assert block.misfits("old@0") == [
        "perspective.scales.TOXICITY",
        "perspective.communities.news.scales.TOXICITY",
    ]


def test_a_sites_scale_goes_before_the_one_for_all(load: Load) -> None:
    """Each site had its own comments, and maybe its own old scorer."""
    block = load(SCALES).perspective
    assert block is not None
    communities = block.in_force()
    said = Probabilities(hate=0.25, offensive=0.25, neither=0.5)
    told = [
        [site.value_of(name, said) for name in ("TOXICITY", "INSULT")]
        for site in (communities.other, communities.of(None, "k3y4id22"))
    ]
    assert told == [[0.25, 0.75], [0.5, 0.75]]


@pytest.mark.parametrize(
    ("more", "source"),
    [
        (BLOCK, "news"),
        (BLOCK, "perspective"),
        ("perspective: {source: comments-of-old}\n", "comments-of-old"),
        ("public: [perspective]\n", "perspective"),
    ],
)
def test_a_trigger_may_name_its_sources(load: Load, more: str, source: str) -> None:
    """They are sources like any other."""
    trigger = "triggers:\n  slur: {when: {hate: 0.8}, only: {sources: [%s]}, notify: [terminal]}\n"
    settings = load(trigger % source + more + REST)
    assert source in settings.source_names


def test_a_file_with_nothing_but_such_sites_lacks_no_source(load: Load) -> None:
    """The warning would be wrong."""
    assert not any("sources" in line for line in load("public: [perspective]\n").warnings)


@pytest.mark.parametrize(
    ("block", "line"),
    [
        (
            "communities: {news: {}}",
            "2: perspective.communities.news: needs keys or ids: by what else could its requests"
            " be told?",
        ),
        (
            "communities: {news: {keys: [mod_abcdefgh_secret]}}",
            "2: perspective.communities.news.keys[0]: is the secret of a key; write its id alone,"
            " as `moderator keys list` shows it, and revoke this key",
        ),
        (
            "communities: {news: {keys: [KEY1]}}",
            '2: perspective.communities.news.keys[0]: "KEY1" is no id of a key; `moderator keys'
            " list` shows them",
        ),
        (
            "communities: {a: {ids: [x]}, b: {ids: [y, x]}}",
            "2: perspective.communities.b.ids[1]: stands under a already; it can mean one site"
            " alone",
        ),
        (
            "constants: {TOXICITY: 0.5}",
            "2: perspective.constants.TOXICITY: TOXICITY is answered by the model; a constant would"
            " hide that: leave it out",
        ),
        (
            "constants: {FLIRTATON: 0.5}",
            '2: perspective.constants.FLIRTATON: "FLIRTATON" is no attribute of Perspective\'s (did'
            " you mean FLIRTATION?)",
        ),
        (
            "constants: {FLIRTATION: 5}",
            "2: perspective.constants.FLIRTATION: 5 is above 1.0, the most allowed",
        ),
        (
            "scales: {TOXICTY: {from: toxic, knots: [[0, 0], [1, 1]]}}",
            '2: perspective.scales.TOXICTY: "TOXICTY" is no attribute of Perspective\'s (did you'
            " mean TOXICITY?)",
        ),
        (
            "scales: {TOXICITY: {from: neither, knots: [[0, 0], [1, 1]]}}",
            '2: perspective.scales.TOXICITY.from: "neither" is not known here; known here: hate,'
            " toxic",
        ),
        (
            "scales: {TOXICITY: {from: toxic, knots: [[0, 0.2], [0.5, 0.1], [1, 1]]}}",
            "2: perspective.scales.TOXICITY: a scale never falls: 0.2, then 0.1",
        ),
        (
            "scales: {TOXICITY: {from: toxic, knots: [[0.5, 0.2], [0.5, 0.3]]}}",
            "2: perspective.scales.TOXICITY: our values must rise from knot to knot: 0.5, then 0.5",
        ),
        (
            "scales: {TOXICITY: {from: toxic, knots: [[0, 0]]}}",
            "2: perspective.scales.TOXICITY.knots: holds 1, fewer than 2",
        ),
        (
            "scales: {TOXICITY: {from: toxic, knots: [[0, 0, 0], [1, 1]]}}",
            "2: perspective.scales.TOXICITY.knots[0]: holds 3, more than 2",
        ),
        (
            "{constants: {SPAM: 0}, scales: {SPAM: {from: toxic, knots: [[0, 0], [1, 1]]}}}",
            "1: perspective: SPAM has a scale, so its constant would never be told",
        ),
        ("community: {}", "2: perspective.community: unknown key (did you mean communities?)"),
    ],
)
def test_a_mistake_in_it_is_one_exact_line(refused: Refused, block: str, line: str) -> None:
    """With what to write instead."""
    (told,) = refused(f"perspective:\n  {block}\n{REST}")
    assert told == line
