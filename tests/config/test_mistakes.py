"""Every mistake in a configuration, and the exact line that it is told in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from moderator.config import load_settings
from moderator.config.problems import Problem, dotted, hint, one_line
from moderator.domain.errors import ConfigError
from moderator.domain.trigger import Selection
from tests.config.conftest import ENVIRON, REST, Load, Refused


def slur(**changes: str) -> str:
    """A configuration with one trigger, a key a line from line 3 on."""
    keys = {"when": "{hate: 0.8}", "notify": "[terminal]", **changes}
    lines = [f"    {key}: {value}" for key, value in keys.items() if value != "absent"]
    return "\n".join(["triggers:", "  slur:", *lines, REST])


SPAN = "needs more than one comment to look at: write scope: thread, author or board, or leave"

BASE_RATES = [
    ("80", "80 does not lie between 0 and 1: some comments are toxic, and some are not"
     " (did you mean 0.8?)"),
    ("1", "1 does not lie between 0 and 1: some comments are toxic, and some are not"
     " (did you mean 0.01?)"),
    ("0", "0 does not lie between 0 and 1: some comments are toxic, and some are not"),
    ("-0.03", "-0.03 does not lie between 0 and 1: some comments are toxic, and some are not"),
    (".inf", "inf does not lie between 0 and 1: some comments are toxic, and some are not"),
    ('"0.03"', '"0.03" is text; write a number, without quotes (did you mean 0.03?)'),
    ("3%", '"3%" is text; write a number, without quotes (did you mean 0.03?)'),
    ('"0,5 %"', '"0,5 %" is text; write a number, without quotes (did you mean 0.005?)'),
    ('"300"', '"300" is text; write a number, without quotes'),
    ("estimated", '"estimated" is no number between 0 and 1 (did you mean estimate?)'),
    ("Estimate", '"Estimate" is no number between 0 and 1 (did you mean estimate?)'),
    ("automatic", '"automatic" is no number between 0 and 1 or estimate'),
    ("true", "is not a number; write the share of toxic comments, between 0 and 1, or estimate"),
    (".nan", "is not a number; write the share of toxic comments, between 0 and 1, or estimate"),
    ("[0.03]", "is not a number; write the share of toxic comments, between 0 and 1, or estimate"),
    ("{}", "is not a number; write the share of toxic comments, between 0 and 1, or estimate"),
]  # fmt: skip

TRIGGERS = [
    # C3: unknown keys
    ({"treshold": "0.8"}, "5: triggers.slur.treshold: unknown key (did you mean when?)"),
    ({"cooldwn": "1h"}, "5: triggers.slur.cooldwn: unknown key (did you mean cooldown?)"),
    ({"channels": "[a]"}, "5: triggers.slur.channels: unknown key (did you mean notify?)"),
    (
        {"zebra": "1"},
        "5: triggers.slur.zebra: unknown key; known here:"
        " act, always_above, budget, cooldown, count, escalate, evasion, except, expires,"
        " fold_copies, mean, mode, new_author_within, notify, only, rise, scope, severity, share,"
        " when, within",
    ),
    (
        {"only": "{board: [a]}"},
        "5: triggers.slur.only.board: unknown key (did you mean boards?)",
    ),
    (
        {"fold_copys": "10m"},
        "5: triggers.slur.fold_copys: unknown key (did you mean fold_copies?)",
    ),
    (
        {"fold_copies": "10"},
        "5: triggers.slur.fold_copies: 10 has no unit; write 10s, 10m, 10h or 10d",
    ),
    (
        {"fold_copies": "2d"},
        "5: triggers.slur.fold_copies: 2d is too long; at most 24h",
    ),
    (
        {"scope": "thread", "fold_copies": "10m"},
        "6: triggers.slur.fold_copies: fold_copies is about copies of a single comment: write"
        " scope: comment, or leave fold_copies out; here cooldown adds more of the same to an"
        " alert",
    ),
    (
        {"fold_copies": "0s", "escalate": "{after: 3, notify: [mods-slack]}"},
        "6: triggers.slur.escalate.after: counts the hits that are added to an alert, and here"
        " none ever is: write fold_copies (fold_copies: 10m), or leave after out",
    ),
    # budgets
    ({"budget": "20"}, "5: triggers.slur.budget: 20 has no unit; write 20/day"),
    (
        {"budget": "20/hour"},
        '5: triggers.slur.budget: "20/hour" is not a number of alerts a day (did you mean'
        " 480/day?)",
    ),
    (
        {"budget": "20 per day"},
        '5: triggers.slur.budget: "20 per day" is not a number of alerts a day (did you mean'
        " 20/day?)",
    ),
    (
        {"budget": "few"},
        '5: triggers.slur.budget: "few" is not a number of alerts a day; write for example 20/day',
    ),
    (
        {"budget": "0/day"},
        "5: triggers.slur.budget: 0/day is out of bounds; 0.1/day to 10000/day is possible",
    ),
    (
        {"budget": "[20]"},
        "5: triggers.slur.budget: a list is not a number of alerts a day; write for example 20/day",
    ),
    (
        {"always_above": "0.95"},
        "5: triggers.slur.always_above: belongs to a budget and there is none: write budget"
        " (budget: 20/day), or leave always_above out",
    ),
    (
        {"budget": "20/day", "always_above": "95"},
        "6: triggers.slur.always_above: 95 is above 1; thresholds lie between 0 and 1 (did you"
        " mean 0.95?)",
    ),
    (
        {"budget": "20/day", "always_above": "0.7"},
        "6: triggers.slur.always_above: 0.7 is below hate: 0.8, where the threshold starts; write"
        " more, or start lower",
    ),
    (
        {"when": "{hate: 0.8, toxic: 0.9}", "budget": "20/day"},
        "5: triggers.slur.budget: moves one threshold, and it has to know which: write when with"
        " one label, where it starts (when: {toxic: 0.8})",
    ),
    (
        {"scope": "thread", "budget": "20/day", "within": "1h", "share": "0.5"},
        "8: triggers.slur.share: share is not about single hits, and a budget moves only their"
        " threshold: leave share or budget out",
    ),
    ({"limit": "20/day"}, "5: triggers.slur.limit: unknown key (did you mean budget?)"),
    # C4: thresholds
    (
        {"when": '{hate: "0.8"}'},
        '3: triggers.slur.when.hate: "0.8" is text; write it without quotes (did you mean 0.8?)',
    ),
    (
        {"when": "{hate: 80%}"},
        '3: triggers.slur.when.hate: "80%" is text; write it without quotes (did you mean 0.8?)',
    ),
    (
        {"when": "{hate: 80}"},
        "3: triggers.slur.when.hate: 80 is above 1;"
        " thresholds lie between 0 and 1 (did you mean 0.8?)",
    ),
    (
        {"when": "{hate: 1.5}"},
        "3: triggers.slur.when.hate: 1.5 is above 1; thresholds lie between 0 and 1",
    ),
    (
        {"when": "{hate: 2}"},
        "3: triggers.slur.when.hate: 2 is above 1;"
        " thresholds lie between 0 and 1 (did you mean 0.02?)",
    ),
    (
        {"when": "{hate: 101}"},
        "3: triggers.slur.when.hate: 101 is above 1; thresholds lie between 0 and 1",
    ),
    (
        {"when": "{hate: -0.1}"},
        "3: triggers.slur.when.hate: -0.1 is below 0; thresholds lie between 0 and 1",
    ),
    (
        {"when": "{hate: .nan}"},
        "3: triggers.slur.when.hate: not-a-number is no threshold; thresholds lie between 0 and 1",
    ),
    (
        {"when": "{hate: yes}"},
        '3: triggers.slur.when.hate: "yes" is text; write a number from 0 to 1',
    ),
    (
        {"when": "{hate: true}"},
        "3: triggers.slur.when.hate: true is not a number; thresholds lie between 0 and 1",
    ),
    (
        {"when": "{hatee: 0.8}"},
        '3: triggers.slur.when.hatee: "hatee" is not known here (did you mean hate?)',
    ),
    (
        {"when": "{toxicity: 0.8}"},
        '3: triggers.slur.when.toxicity: "toxicity" is not known here (did you mean toxic?)',
    ),
    (
        {"when": "0.8"},
        "3: triggers.slur.when: a mapping (key: value) is expected, not 0.8"
        " (for example when: {toxic: 0.8})",
    ),
    (
        {"when": "absent"},
        "2: triggers.slur: nothing to look for: write when (when: {hate: 0.8}) or mean",
    ),
    (
        {"when": "{}"},
        "2: triggers.slur: nothing to look for: write when (when: {hate: 0.8}) or mean",
    ),
    # C6: names of channels and sources
    (
        {"notify": "[termnal]"},
        '4: triggers.slur.notify[0]: no channel is called "termnal" (did you mean terminal?)',
    ),
    (
        {"notify": "[pager]"},
        '4: triggers.slur.notify[0]: no channel is called "pager"; known here:'
        " mods-slack, terminal",
    ),
    (
        {"notify": "terminal"},
        '4: triggers.slur.notify: "terminal" is text; a list is expected: write [terminal]',
    ),
    (
        {"notify": "[terminal, terminal]"},
        '4: triggers.slur.notify[1]: "terminal" stands here twice',
    ),
    (
        {"notify": "[]"},
        "4: triggers.slur.notify: a live trigger has to tell someone: write notify with names of"
        " channels (mods-slack, terminal), or mode: shadow",
    ),
    (
        {"notify": "absent"},
        "2: triggers.slur: a live trigger has to tell someone: write notify with names of"
        " channels (mods-slack, terminal), or mode: shadow",
    ),
    (
        {"only": "{sources: [forun]}"},
        '5: triggers.slur.only.sources[0]: no source is called "forun" (did you mean forum?)',
    ),
    (
        {"except": "{sources: [wiki]}"},
        '5: triggers.slur.except.sources[0]: no source is called "wiki"; known here:'
        " comments, forum",
    ),
    (
        {"only": "{}"},
        "5: triggers.slur.only: is empty; name sources, boards, roles or authors, or leave it out",
    ),
    ({"only": "{roles: []}"}, "5: triggers.slur.only.roles: is empty"),
    (
        {"except": "{authors: [42]}"},
        '5: triggers.slur.except.authors[0]: text is expected, not 42: write "42" in quotes',
    ),
    (
        {"except": "{roles: staff}"},
        '5: triggers.slur.except.roles: a list is expected, not the text "staff"',
    ),
    # what does not fit together
    ({"within": "10m"}, f"5: triggers.slur.within: within {SPAN} within out"),
    ({"cooldown": "10m"}, f"5: triggers.slur.cooldown: cooldown {SPAN} cooldown out"),
    ({"count": "2"}, f"5: triggers.slur.count: count {SPAN} count out"),
    ({"mean": "{hate: 0.1}"}, f"5: triggers.slur.mean: mean {SPAN} mean out"),
    (
        {"scope": "thread", "count": "2"},
        "6: triggers.slur.count: count needs the time that it is taken over:"
        " write within (within: 10m)",
    ),
    (
        {"scope": "board", "mean": "{hate: 0.1}"},
        "6: triggers.slur.mean: mean needs the time that it is taken over:"
        " write within (within: 10m)",
    ),
    (
        {"scope": "discussion"},
        '5: triggers.slur.scope: "discussion" is not known here; known here:'
        " author, board, comment, thread",
    ),
    (
        {"mode": "shado"},
        '5: triggers.slur.mode: "shado" is not known here (did you mean shadow?)',
    ),
    # evasion
    (
        {"evasion": "yes"},
        '5: triggers.slur.evasion: true or false is expected, not the text "yes"',
    ),
    ({"disguised": "true"}, "5: triggers.slur.disguised: unknown key (did you mean evasion?)"),
    # new_author_within
    (
        {"new_author_within": "7"},
        "5: triggers.slur.new_author_within: 7 has no unit; write 7s, 7m, 7h or 7d",
    ),
    (
        {"new_author_within": "2y"},
        "5: triggers.slur.new_author_within: 2y is too long; at most 1y",
    ),
    (
        {"new_author": "7d"},
        "5: triggers.slur.new_author: unknown key (did you mean new_author_within?)",
    ),
    # act
    (
        {"act": "delete"},
        '5: triggers.slur.act: "delete" is not known here; known here: flag, none, premod, reject',
    ),
    ({"act": "rejct"}, '5: triggers.slur.act: "rejct" is not known here (did you mean reject?)'),
    (
        {"scope": "author", "act": "reject"},
        "6: triggers.slur.act: act is about the one comment that a board asks about:"
        " write scope: comment, or leave act out",
    ),
    # severity and share
    ({"priority": "info"}, "5: triggers.slur.priority: unknown key (did you mean severity?)"),
    (
        {"severity": "urgent"},
        '5: triggers.slur.severity: "urgent" is not known here; known here:'
        " critical, info, warning",
    ),
    ({"share": "0.3"}, f"5: triggers.slur.share: share {SPAN} share out"),
    (
        {"scope": "thread", "share": "0.3"},
        "6: triggers.slur.share: share needs the time that it is taken over:"
        " write within (within: 10m)",
    ),
    (
        {"scope": "thread", "within": "1h", "share": "30"},
        "7: triggers.slur.share: 30 is above 1; thresholds lie between 0 and 1 (did you mean 0.3?)",
    ),
    (
        {"scope": "thread", "within": "1h", "share": "30%"},
        '7: triggers.slur.share: "30%" is text; write it without quotes (did you mean 0.3?)',
    ),
    (
        {"scope": "thread", "within": "1h", "share": "0"},
        "7: triggers.slur.share: 0 is reached by every window;"
        " write a part above 0, or leave share out",
    ),
    (
        {
            "when": "absent",
            "mean": "{toxic: 0.3}",
            "scope": "thread",
            "within": "1h",
            "share": "0.3",
        },
        "7: triggers.slur.share: share needs to know which comments count:"
        " write when (when: {toxic: 0.6})",
    ),
    # rise
    ({"rise": "3"}, f"5: triggers.slur.rise: rise {SPAN} rise out"),
    ({"spike": "3"}, "5: triggers.slur.spike: unknown key (did you mean rise?)"),
    (
        {"scope": "board", "rise": "3"},
        "6: triggers.slur.rise: rise needs the time that it is taken over:"
        " write within (within: 10m)",
    ),
    *[
        (
            {"scope": "board", "within": "1h", "rise": value},
            f"7: triggers.slur.rise: {said}",
        )
        for value, said in [
            ("1", "1 does not lie above 1 and up to 1000; write 3 for three times the usual"),
            ("0.3", "0.3 does not lie above 1 and up to 1000; write 3 for three times the usual"),
            (
                "1e9",
                "1000000000.0 does not lie above 1 and up to 1000;"
                " write 3 for three times the usual",
            ),
            (".inf", "inf does not lie above 1 and up to 1000; write 3 for three times the usual"),
            (".nan", "NaN is not a number; write 3 for three times the usual"),
            ("true", "true is not a number; write 3 for three times the usual"),
            ("[3]", "a list is not a number; write 3 for three times the usual"),
            ("3x", '"3x" is text; write a number without quotes (did you mean 3?)'),
            ("300%", '"300%" is text; write a number without quotes: 3 is three times the usual'),
        ]
    ],
    # escalate
    ({"escalation": "{}"}, "5: triggers.slur.escalation: unknown key (did you mean escalate?)"),
    *[
        ({"escalate": value}, f"5: triggers.slur.escalate{said}")
        for value, said in [
            (
                "30m",
                ': a mapping (key: value) is expected, not the text "30m" (for example escalate:'
                " {unacknowledged: 30m, notify: [mods-email]})",
            ),
            (
                "{notify: [mods-slack]}",
                ": it would never come to that: write after (after: 10, more hits) or"
                " unacknowledged (unacknowledged: 30m)",
            ),
            ("{after: 3}", ".notify: write the channels that are told then (mods-slack)"),
            (
                "{after: 3, notify: []}",
                ".notify: write the channels that are told then (mods-slack)",
            ),
            (
                "{after: 3, notify: mods-slack}",
                '.notify: "mods-slack" is text; a list is expected: write [mods-slack]',
            ),
            (
                "{after: 3, notify: [mods-slak]}",
                '.notify[0]: no channel is called "mods-slak" (did you mean mods-slack?)',
            ),
            (
                "{after: 3, notify: [terminal]}",
                '.notify[0]: "terminal" is told at once already, by notify; name another channel',
            ),
            (
                "{after: 0, notify: [mods-slack]}",
                ".after: 0 is below 1, the least allowed",
            ),
            (
                "{after: 10 hits, notify: [mods-slack]}",
                '.after: a whole number is expected, not the text "10 hits"'
                " (for example after: 10)",
            ),
            (
                "{unacknowledged: 30, notify: [mods-slack]}",
                ".unacknowledged: 30 has no unit; write 30s, 30m, 30h or 30d",
            ),
            (
                "{unacknowledged: 5s, notify: [mods-slack]}",
                ".unacknowledged: 5s is too short; at least 1m",
            ),
            (
                "{hits: 10, unacknowledged: 1h, notify: [mods-slack]}",
                ".hits: unknown key (did you mean after?)",
            ),
        ]
    ],
    (
        {
            "scope": "board",
            "within": "1h",
            "cooldown": "0s",
            "escalate": "{after: 3, notify: [mods-slack]}",
        },
        "8: triggers.slur.escalate.after: counts the hits that are added to an alert, and here none"
        " ever is: write cooldown (cooldown: 1h), or leave after out",
    ),
    # expires
    ({"until": "2026-12-31"}, "5: triggers.slur.until: unknown key (did you mean expires?)"),
    *[
        ({"expires": value}, f"5: triggers.slur.expires: {said}")
        for value, said in [
            ("2026", "2026 is not a date; write 2026-12-31, or 2026-12-31T18:00Z"),
            ("[2026-12-31]", "a list is not a date; write 2026-12-31, or 2026-12-31T18:00Z"),
            (
                "31.12.2026",
                '"31.12.2026" is not a date; write 2026-12-31, or 2026-12-31T18:00Z',
            ),
            (
                "2026-02-30",
                'there is no "2026-02-30" in any calendar; write 2026-12-31, or 2026-12-31T18:00Z',
            ),
            (
                "2026-12-31T25:00Z",
                'there is no "2026-12-31T25:00Z" in any calendar; write 2026-12-31,'
                " or 2026-12-31T18:00Z",
            ),
            (
                "2026-12-31 18:00",
                '"2026-12-31 18:00" has no time zone; write 2026-12-31 18:00Z for UTC,'
                " or its offset",
            ),
            (
                "30d",
                '"30d" is a length of time, and nobody knows since when; write 2026-12-31,'
                " or 2026-12-31T18:00Z",
            ),
        ]
    ],
    # C12: counts and durations
    (
        {"scope": "thread", "within": "5"},
        "6: triggers.slur.within: 5 has no unit; write 5s, 5m, 5h or 5d",
    ),
    (
        {"scope": "thread", "within": "1.5"},
        "6: triggers.slur.within: 1.5 is not a duration;"
        " write a whole number and a unit: 90s, 10m, 24h, 30d",
    ),
    (
        {"scope": "thread", "within": "-5"},
        "6: triggers.slur.within: -5 is negative and has no unit; write for example 10m",
    ),
    (
        {"scope": "thread", "within": "-5m"},
        '6: triggers.slur.within: "-5m" is not a duration; it cannot be negative',
    ),
    (
        {"scope": "thread", "within": "10 minutes"},
        '6: triggers.slur.within: "10 minutes" is not a duration (did you mean 10m?)',
    ),
    (
        {"scope": "thread", "within": "1 month"},
        '6: triggers.slur.within: "1 month" is not a duration; write a whole number and a unit:'
        " 90s, 10m, 24h, 30d, 2w, 1y",
    ),
    (
        {"scope": "thread", "within": "1:30"},
        '6: triggers.slur.within: "1:30" is not a duration; write a whole number and a unit:'
        " 90s, 10m, 24h, 30d, 2w, 1y",
    ),
    (
        {"scope": "thread", "within": "true"},
        "6: triggers.slur.within: true is not a duration; write a whole number and a unit:"
        " 90s, 10m, 24h, 30d",
    ),
    ({"scope": "thread", "within": "0s"}, "6: triggers.slur.within: 0s is too short; at least 1s"),
    (
        {"scope": "thread", "within": "999999999y"},
        "6: triggers.slur.within: 999999999y is too long; at most 90d",
    ),
    (
        {"scope": "thread", "within": "1h", "count": "0"},
        "7: triggers.slur.count: 0 is below 1, the least allowed",
    ),
    (
        {"scope": "thread", "within": "1h", "count": "257"},
        "7: triggers.slur.count: 257 is above 256, the most allowed",
    ),
    (
        {"scope": "thread", "within": "1h", "count": "2.5"},
        "7: triggers.slur.count: a whole number is expected, not 2.5 (for example count: 5)",
    ),
    (
        {"scope": "thread", "within": "1h", "count": "true"},
        "7: triggers.slur.count: a whole number is expected, not true (for example count: 5)",
    ),
    (
        {"scope": "thread", "within": "1h", "count": '"3"'},
        '7: triggers.slur.count: a whole number is expected, not the text "3"'
        " (for example count: 5)",
    ),
]


@pytest.mark.parametrize(("changes", "line"), TRIGGERS)
def test_a_mistake_in_a_trigger_is_one_exact_line(
    changes: dict[str, str], line: str, refused: Refused
) -> None:
    """File, line, key, value, why, and the nearest right word."""
    assert refused(slur(**changes)) == [line]


TOP = [
    (
        "public_url: mod.example.org",
        "1: public_url: is not the address of a site: write https:// and the host, without a path"
        " (https://mod.example.org)",
    ),
    (
        "public_url: https://mod.example.org/moderation",
        "1: public_url: is not the address of a site: write https:// and the host, without a path"
        " (https://mod.example.org)",
    ),
    (
        "public_url: https://mod.example.org:99999",
        "1: public_url: is not the address of a site: write https:// and the host, without a path"
        " (https://mod.example.org)",
    ),
    (
        "public: [scores]",
        '1: public[0]: "scores" is not known here; known here: akismet, discourse-ai, openai,'
        " perspective, predict",
    ),
    (
        "quotas: {default: 60}",
        "1: quotas.default: 60 does not say for how long; write for example 60/min",
    ),
    ("quotas: {default: 0}", "1: quotas.default: 0 does not say for how long"),
    (
        "quotas: {default: 60/minute}",
        '1: quotas.default: "60/minute" is no quota (did you mean 60/min?)',
    ),
    (
        "quotas: {default: 10 per hour}",
        '1: quotas.default: "10 per hour" is no quota (did you mean 10/h?)',
    ),
    (
        "quotas: {site: 10/s}",
        '1: quotas.site: "10/s" is no quota: seconds are not counted (did you mean 600/min?)',
    ),
    (
        "quotas: {site: 0/min}",
        '1: quotas.site: "0/min" is no quota; write a whole number and /min, /h or /day: 60/min',
    ),
    (
        "quotas: {site: 10/month}",
        '1: quotas.site: "10/month" is no quota; write a whole number and /min, /h or /day: 60/min',
    ),
    (
        "quotas: {site: [60]}",
        "1: quotas.site: is no quota; write how many requests a key may make: 60/min",
    ),
    ("public: predict", '1: public: a list is expected, not the text "predict"'),
    ("exempt: {}", "1: exempt: is empty; name sources, boards, roles or authors, or leave it out"),
    ("exempt: {role: [x]}", "1: exempt.role: unknown key (did you mean roles?)"),
    ("exempt: [staff]", "1: exempt: a mapping (key: value) is expected, not a list"),
    (
        "exempt: {sources: [forun]}",
        '1: exempt.sources[0]: no source is called "forun" (did you mean forum?)',
    ),
    ("whitelist: {roles: [staff]}", "1: whitelist: unknown key (did you mean exempt?)"),
    ("retentoin: {}", "1: retentoin: unknown key (did you mean retention?)"),
    ("retention: {text: 30}", "1: retention.text: 30 has no unit; write 30s, 30m, 30h or 30d"),
    ("retention: {scores: 99y}", "1: retention.scores: 99y is too long; at most 10y"),
    (
        "retention: {text: 1y, scores: 30d}",
        "1: retention: text cannot be kept longer than scores; shorten text",
    ),
    (
        "model: {path: a.joblib}",
        "1: model.sha256: this key has to be there: The file's SHA-256"
        " in 64 hexadecimal characters, as its model card says",
    ),
    (
        "model: {path: a.joblib, sha256: abc}",
        "1: model.sha256: is no SHA-256: 64 characters of 0-9 and a-f, as the model card says",
    ),
    (
        "watch: {notify: [terminl]}",
        '1: watch.notify[0]: no channel is called "terminl" (did you mean terminal?)',
    ),
    (
        "watch: {except: {sources: [forun]}}",
        '1: watch.except.sources[0]: no source is called "forun" (did you mean forum?)',
    ),
    ("watch: {silense: true}", "1: watch.silense: unknown key (did you mean silence?)"),
    (
        "triggers: [{when: {hate: 0.8}}]",
        "1: triggers: a mapping (key: value) is expected, not a list",
    ),
    (
        "triggers: {Slur Words: {when: {hate: 0.8}, notify: [terminal]}}",
        '1: triggers."Slur Words": "Slur Words" is not a name: a letter first, then at most 63 of'
        " a-z, 0-9, - and _ (did you mean slur-words?)",
    ),
    (
        'triggers: {"a\\nb: c": {when: {hate: 0.8}, notify: [terminal]}}',
        '1: triggers."a\\nb: c": "a\\nb: c" is not a name: a letter first, then at most 63 of'
        " a-z, 0-9, - and _ (did you mean a-b-c?)",
    ),
    (
        "triggers: {slur: 0.8}",
        "1: triggers.slur: a mapping (key: value) is expected, not 0.8",
    ),
]


@pytest.mark.parametrize(("first_line", "line"), TOP)
def test_a_mistake_beside_the_triggers_is_one_exact_line(
    first_line: str, line: str, refused: Refused
) -> None:
    """The same holds for the rest of the file."""
    assert refused(f"{first_line}\n{REST}") == [line]


GOOD_SECRET = "a-Secret-that-is-long-enough-4-us"

BLOCKS = [
    (
        "sources: {forum: {kind: discourze, secrets: [x]}}",
        '1: sources.forum.kind: "discourze" is no kind (did you mean discourse?)',
    ),
    (
        "sources: {forum: {secrets: [x]}}",
        "1: sources.forum.kind: this key has to be there:"
        " kind: coral or discourse or generic or nodebb",
    ),
    (
        f"sources: {{forum: {GOOD_SECRET}}}",
        "1: sources.forum: a mapping is expected here,"
        " with kind: coral or discourse or generic or nodebb",
    ),
    (
        f"sources: {{forum: {{kind: discourse, secret: [{GOOD_SECRET}]}}}}",
        "1: sources.forum.secret: unknown key (did you mean secrets?)",
    ),
    (
        f"sources: {{forum: {{kind: discourse, secrets: {GOOD_SECRET}}}}}",
        "1: sources.forum.secrets: a list is expected, not text",
    ),
    (
        "sources: {forum: {kind: discourse, secrets: [12345]}}",
        "1: sources.forum.secrets[0]: text is expected, not a number",
    ),
    (
        "sources: {forum: {kind: discourse, secrets: []}}",
        "1: sources.forum.secrets: is empty",
    ),
    (
        "sources: {forum: {kind: discourse, secrets: [too-short-Secret]}}",
        "1: sources.forum.secrets: secret 1 is shorter than 24 bytes",
    ),
    (
        "sources: {forum: {kind: discourse, secrets: [ChangeMe-ChangeMe-ChangeMe]}}",
        "1: sources.forum.secrets: secret 1 is a placeholder, not a secret; make a random one",
    ),
    (
        f"sources: {{forum: {{kind: discourse, secrets: [{GOOD_SECRET}, {GOOD_SECRET}]}}}}",
        "1: sources.forum: secrets holds the same secret twice",
    ),
    (
        "channels: {mods: {kind: slack, url: http://hooks.slack.com/services/T/B/hidden}}",
        "1: channels.mods.url: it must start with https://hooks.slack.com/; another target must"
        " be listed under allow_hosts as host:port",
    ),
    (
        "channels: {mods: {kind: slack, url: [https://hooks.slack.com/services/T/B/hidden]}}",
        "1: channels.mods.url: text is expected, not a list",
    ),
    (
        "channels: {mods: {kind: console, rate: 10}}",
        "1: channels.mods.rate: it must be messages a minute, 1/min to 60/min; write 10/min",
    ),
    (
        "channels: {mods: {kind: console, digest: weekly}}",
        '1: channels.mods.digest: it must be hourly, daily or a time of day like "at 08:00"',
    ),
    (
        "channels: {mods: {kind: console, quiet: {from: 22h, until: '07:00'}}}",
        '1: channels.mods.quiet.from: it must be a time of day from "00:00" to "23:59", like'
        ' "22:00"',
    ),
    (
        "channels: {mods: {kind: console, quiet: {from: '22:00', until: '22:00'}}}",
        "1: channels.mods.quiet: from and until are the same; take quiet out, or make them differ",
    ),
    (
        "channels: {mods: {kind: console, urgent: severe}}",
        "1: channels.mods.urgent: it must be info, warning, critical or never",
    ),
    (
        "channels: {mods: {kind: console, timezone: Europe/Berln}}",
        "1: channels.mods.timezone: it must be a time zone by its name, like Europe/Berlin, or UTC"
        " (did you mean Europe/Berlin?)",
    ),
    (
        "channels: {mods: {kind: slack, excerpt: many}}",
        '1: channels.mods.excerpt: a whole number is expected, not the text "many"',
    ),
    (
        f"channels: {{mods: {{kind: slack, ca_file: {'a' * 5000}}}}}",
        "1: channels.mods: names a file that cannot be used (file name too long)",
    ),
    (
        "channels: {mods: {kind: slack, excerpt: }}",
        "1: channels.mods.excerpt: a whole number is expected, not nothing",
    ),
    (
        "channels: {mods: {kind: console, excerpt: -1}}",
        "1: channels.mods.excerpt: -1 is below 0, the least allowed",
    ),
]


@pytest.mark.parametrize(("block", "line"), BLOCKS)
def test_a_mistake_in_a_block_is_told_without_its_secrets(
    block: str, line: str, refused: Refused
) -> None:
    """C8, C11: what is wrong with a secret is said, the secret is not."""
    lines = refused(block + "\n")
    assert line in lines
    assert not any(
        word in " ".join(lines) for word in (GOOD_SECRET, "hidden", "12345", "too-short")
    )


def test_two_sources_may_not_share_a_secret(refused: Refused) -> None:
    """C13: one board could speak for the other; also where it is the secret on its way out."""
    text = """\
sources:
  forum: {kind: discourse, secrets: ["${FORUM_SECRET}"]}
  comments:
    kind: generic
    secrets: ["${COMMENTS_SECRET}", "${FORUM_SECRET}"]
"""
    assert refused(text) == [
        "5: sources.comments.secrets: sources.forum has the same secret;"
        " each board needs one of its own"
    ]


def test_all_problems_are_found_in_one_pass_and_in_the_order_of_lines(refused: Refused) -> None:
    """Nobody should have to start the service once for each mistake."""
    text = """\
public_url: 12
triggers:
  slur:
    when: {hate: 80, toxick: 0.5}
    count: 3
    notify: [nobody]
  board-mood:
    scope: bord
    mean: {toxic: "0.3"}
sources:
  forum: {kind: discourse, secrets: ["${NOT_SET}"]}
  blog: {kind: blog}
channels:
  mods-slack: {kind: slack, url: "ftp://example.org", excerpt: 9999}
retention: {text: forever}
"""
    places = [line.split(": ")[:2] for line in refused(text)]
    assert places == [
        ["1", "public_url"],
        ["4", "triggers.slur.when.toxick"],
        ["4", "triggers.slur.when.hate"],
        ["5", "triggers.slur.count"],
        ["6", "triggers.slur.notify[0]"],
        ["7", "triggers.board-mood"],
        ["8", "triggers.board-mood.scope"],
        ["9", "triggers.board-mood.mean"],
        ["9", "triggers.board-mood.mean.toxic"],
        ["11", "sources.forum.secrets[0]"],
        ["12", "sources.blog.kind"],
        ["14", "channels.mods-slack.url"],
        ["14", "channels.mods-slack.excerpt"],
        ["15", "retention.text"],
    ]


def test_a_trigger_may_have_several_mistakes_at_once(refused: Refused) -> None:
    """Two of them about the same line."""
    lines = refused("triggers:\n  slur: {scope: thread, count: 3, mod: live}\n" + REST)
    assert [line.partition(";")[0].partition(":")[2].split(":")[:2] for line in lines] == [
        [" triggers.slur", " nothing to look for"],
        [" triggers.slur.count", " count needs the time that it is taken over"],
        [" triggers.slur", " a live trigger has to tell someone"],
        [" triggers.slur.mod", " unknown key (did you mean mode?)"],
    ]


def test_zero_triggers_or_sources_is_a_warning(load: Load) -> None:
    """C6: a file that is being written up has to start."""
    assert load("public: []\n").warnings == (
        "config: config.yaml: sources: there are none, so no board can send comments",
        "config: config.yaml: triggers: there are none, so nobody will ever be told anything",
    )
    assert load(slur()).warnings == ()


def test_a_section_whose_lines_are_all_commented_out_is_empty(load: Load) -> None:
    """`triggers:` with nothing under it is what commenting out leaves behind."""
    settings = load("triggers:\n  # slur: {}\nretention:\nmodel:\npublic:\npublic_url:\n" + REST)
    assert settings.triggers == ()
    assert settings.model is None


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (("a", "b", 0, "c"), "a.b[0].c"),
        (("a", "b c"), 'a."b c"'),
        (("", "x"), '"".x'),
        (("é",), '"é"'),
    ],
)
def test_a_place_is_written_as_one_reads_it(path: tuple[str | int, ...], text: str) -> None:
    """Dots between keys, brackets around positions, quotes around what is no plain word."""
    assert dotted(path) == text


def test_only_a_long_value_is_cut_short() -> None:
    """Values stand in quotes; what is between two of them is not one."""
    apart = "a long explanation that stands between two short quotes, and is not one of them"
    problem = Problem(message=f'"ab" {apart} "{"x" * 60}" and "cd"', path=("a b",))
    assert problem.as_line(None) == f'config: "a b": "ab" {apart} "{"x" * 45}…" and "cd"'


def test_a_problem_stays_on_one_line_whatever_was_written() -> None:
    """A log line must not be forged by a line break in the file."""
    assert one_line("a\nb\u2028c\x1b[31m") == r"a\nb\u2028c\x1b[31m"


@pytest.mark.parametrize(
    ("word", "choices", "expected"),
    [
        ("uri", ["url", "kind"], " (did you mean url?)"),
        ("SCOPE", ["scope", "mode"], " (did you mean scope?)"),
        ("mods-email", ["mods-slack"], "; known here: mods-slack"),
        ("type", ["kind", "url"], " (did you mean kind?)"),
        ("type", ["scope"], "; known here: scope"),
        ("anything", [], ""),
    ],
)
def test_the_nearest_right_word_is_offered(word: str, choices: list[str], expected: str) -> None:
    """A slip, a word of another tool, or else all that there is."""
    assert hint(word, choices) == expected


def test_nothing_of_an_error_or_of_settings_shows_a_secret(load: Load) -> None:
    """S14: neither `repr`, nor `str`, nor the error that a broken neighbour causes."""
    settings = load(slur())
    with pytest.raises(ConfigError) as caught:
        load(slur(zebra="1"))
    told = f"{settings!r} {settings} {caught.value!r} {caught.value}"
    told += f"{settings.sources} {settings.channels}"
    assert not any(secret in told for secret in ENVIRON.values())
    assert caught.value.__cause__ is None


def test_the_first_line_of_an_error_can_be_clicked_in_an_editor(load: Load) -> None:
    """`config: FILE:LINE: KEY: WHY` with the path as it was given."""
    with pytest.raises(ConfigError) as caught:
        load(slur(mode="of"))
    assert str(caught.value) == (
        'config: config.yaml:5: triggers.slur.mode: "of" is not known here (did you mean off?)'
    )


def test_what_is_right_becomes_the_domains_triggers(load: Load) -> None:
    """Defaults: scope comment, count 1, mode live, cooldown as within."""
    text = """\
triggers:
  slur: {when: {hate: 0.8, toxic: 1}, notify: [mods-slack, terminal]}
  heated:
    scope: thread
    when: {toxic: 0.6}
    count: 5
    within: 10m
    mode: shadow
    severity: critical
    share: 0.25
    only: {sources: [forum], boards: [general]}
    except: {roles: [staff], authors: ["42"]}
  mood: {scope: board, mean: {toxic: 0.3}, within: 2w, cooldown: 0s, notify: [terminal]}
"""
    slur, heated, mood = load(text + REST).triggers
    assert (slur.scope, slur.count, slur.mode, slur.within) == (
        "comment",
        1,
        "live",
        type(slur.within)(),
    )
    assert slur.when == {"hate": 0.8, "toxic": 1.0}
    assert heated.cooldown == heated.within
    assert (slur.severity, slur.share) == ("warning", None)
    assert (heated.severity, heated.share) == ("critical", 0.25)
    assert heated.within.total_seconds() == 600
    assert heated.notify == ()
    assert heated.only == Selection(sources=frozenset({"forum"}), boards=frozenset({"general"}))
    assert heated.excluded == Selection(roles=frozenset({"staff"}), authors=frozenset({"42"}))
    assert mood.within.days == 14
    assert not mood.cooldown


def test_what_is_exempt_is_so_from_every_trigger(load: Load) -> None:
    """Beside what each trigger leaves out by itself."""
    settings = load("exempt: {roles: [staff]}\n" + slur(**{"except": "{boards: [test]}"}))
    (trigger,) = settings.triggers
    assert trigger.exempt == Selection(roles=frozenset({"staff"}))
    assert trigger.excluded == Selection(boards=frozenset({"test"}))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-12-31", datetime(2027, 1, 1, tzinfo=UTC)),  # the whole day counts
        ('"2026-12-31T18:00Z"', datetime(2026, 12, 31, 18, tzinfo=UTC)),
        ("2026-12-31 18:00:30+01:00", datetime(2026, 12, 31, 17, 0, 30, tzinfo=UTC)),
        ("${LAST_DAY}", datetime(2027, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_trigger_that_is_over_is_warned_of(value: str, expected: datetime, load: Load) -> None:
    """At its line, from that moment on; it is no mistake."""
    settings = load(slur(expires=value), LAST_DAY="2026-12-31")
    assert settings.triggers[0].expires == expected
    assert settings.warnings_at(expected - timedelta(seconds=1)) == ()
    (warning,) = settings.warnings_at(expected)
    assert warning == (
        f"config: config.yaml:5: triggers.slur.expires: it ended at {expected:%Y-%m-%d %H:%M} UTC"
        " and looks at nothing any more; write a later date, or take the trigger out"
    )


def test_without_a_file_the_defaults_print_alerts_on_the_console() -> None:
    """CONTRACT 3: none there, built-in defaults. No board can send until one is configured."""
    settings = load_settings(None, {})
    assert settings.path is None
    assert [type(c).__name__ for c in settings.channels.values()] == ["ConsoleSettings"]
    assert {name for trigger in settings.triggers for name in trigger.notify} == {"terminal"}
    assert settings.warnings == (
        "config: built-in defaults: sources: there are none, so no board can send comments",
    )


@pytest.mark.parametrize(("value", "message"), BASE_RATES)
def test_a_base_rate_is_a_share_or_estimate(value: str, message: str, refused: Refused) -> None:
    """Per cent for shares, and shares for text, are the slips that would go unnoticed."""
    block = f"    kind: generic\n    secrets: ['${{FORUM_SECRET}}']\n    base_rate: {value}\n"
    assert refused(f"sources:\n  forum:\n{block}") == [f"5: sources.forum.base_rate: {message}"]


def test_a_misspelt_base_rate_is_named(refused: Refused) -> None:
    """And not taken for a board without one."""
    block = "{kind: generic, secrets: ['${FORUM_SECRET}'], base_rates: 0.03}"
    assert refused(f"sources:\n  forum: {block}\n") == [
        "2: sources.forum.base_rates: unknown key (did you mean base_rate?)"
    ]
