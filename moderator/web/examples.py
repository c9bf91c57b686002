"""The examples of the OpenAPI document. A test holds each to the shape it stands for."""

from __future__ import annotations

from typing import Any

Example = dict[str, Any]

COMMENT: Example = {
    "type": "comment.created",
    "timestamp": "2026-11-22T10:00:00Z",
    "data": {
        "id": "42",
        "thread_id": "7",
        "parent_id": None,
        "board": "general",
        "url": "https://board.example/7/42",
        "text": "You are a silly g00se.",
        "format": "text",
        "author": {"id": "9", "name": "ann", "role": "member"},
        "created_at": "2026-11-22T10:00:00Z",
        "edited_at": None,
        "version": None,
    },
}
CORAL_QUESTION: Example = {
    "action": "NEW",
    "comment": {"body": "<div>You are a silly goose.</div>", "parentID": None},
    "author": {"id": "9", "role": "COMMENTER"},
    "story": {"id": "7", "url": "https://news.example/7"},
    "site": {"id": "1"},
    "tenantID": "1",
    "tenantDomain": "coral.example",
}
CORAL_ANSWER: Example = {
    "actions": [{"actionType": "FLAG", "reason": "COMMENT_DETECTED_TOXIC"}],
    "status": "REJECTED",
    "moderationAction": {"status": "REJECTED", "rejectionReason": {"code": "OFFENSIVE"}},
}
RESULTS: Example = {
    "results": [
        {
            "comment_id": "42",
            "status": "scored",
            "scores": {"hate": 0.01, "offensive": 0.84, "neither": 0.15},
            "label": "offensive",
            "alerts": [{"id": "al_5f1c9a2be07d4c33", "trigger": "slur", "mode": "live"}],
        }
    ]
}
NOTICE: Example = {
    "id": "no_5f1c9a2be07d4c33",
    "kind": "source-silent",
    "subject": "forum",
    "severity": "warning",
    "title": "forum has sent nothing for 5 hours",
    "lines": [
        "Its last comment came at 2026-11-22 10:00 UTC. In the time since, it usually sends about"
        " 40 comments."
    ],
    "raised_at": "2026-11-22T15:03:00Z",
    "ended_at": None,
    "ends": None,
}
SOURCES: list[Example] = [
    {
        "source": "forum",
        "state": "watched",
        "last_comment_at": "2026-11-22T10:00:00Z",
        "silence_told_at": "2026-11-22T16:00:00Z",
        "comments": None,
        "days": None,
    },
    {
        "source": "club",
        "state": "too_young",
        "last_comment_at": "2026-11-21T10:00:00Z",
        "silence_told_at": None,
        "comments": 112,
        "days": 9,
    },
]
SAYING: Example = {
    "attribute": "judgement",
    "value": 1.0,
    "word": "offensive",
    "by": "key:mlgy5dw4",
    "origin": "api",
    "at": "2026-11-22T10:06:00Z",
    "community": None,
}
SCORE: Example = {
    "source": "forum",
    "comment_id": "42",
    "version": "0-6f1ed002ab55",
    "thread_id": "7",
    "author_id": "9",
    "board": "general",
    "url": "https://board.example/7/42",
    "created_at": "2026-11-22T10:00:00Z",
    "scored_at": "2026-11-22T10:00:01Z",
    "model": "default@0123456789ab",
    "scores": {"hate": 0.01, "offensive": 0.84, "neither": 0.15},
    "label": "offensive",
    "coverage": 0.93,
    "abstained": None,
    "why": [
        {
            "term": "goose",
            "start": 16,
            "end": 21,
            "label": "offensive",
            "weight": 1.23,
            "transformations": ["leet"],
        }
    ],
    "residual": -0.31,
    "base_rate": 0.03,
    "alerts": [{"id": "al_5f1c9a2be07d4c33", "trigger": "slur"}],
    "verdict": {"toxic": True, "decided": SAYING, "said": [SAYING]},
}
ALERT: Example = {
    "id": "al_5f1c9a2be07d4c33",
    "trigger": "slur",
    "mode": "live",
    "severity": "warning",
    "scope": "comment",
    "raised_at": "2026-11-22T10:00:01Z",
    "count": 1,
    "within_s": 0,
    "thresholds": {"offensive": 0.8},
    "budget": None,
    "always_above": None,
    "mean_thresholds": {},
    "means": {},
    "share_threshold": None,
    "share": None,
    "rise_threshold": None,
    "rise": None,
    "folded": 1,
    "folded_authors": 1,
    "source": "forum",
    "comment_id": "42",
    "version": "0-6f1ed002ab55",
    "thread_id": "7",
    "author_id": "9",
    "board": "general",
    "url": "https://board.example/7/42",
    "written_at": "2026-11-22T10:00:00Z",
    "scores": SCORE["scores"],
    "label": "offensive",
    "model": "default@0123456789ab",
    "why": SCORE["why"],
    "since_edited": False,
    "acknowledged_at": None,
    "acknowledged_by": None,
    "configuration": "1f0c3ab95e7d28461f0c3ab95e7d28461f0c3ab95e7d28461f0c3ab95e7d2846",
    "escalates_at": None,
    "escalated_at": None,
    "escalated_because": None,
    "would_tell": [],
    "verdict": SCORE["verdict"],
    "deliveries": [
        {
            "channel": "mods-slack",
            "recipient": "",
            "key": "al_1f0c.mods-slack",
            "together": 1,
            "state": "sent",
            "due_at": "2026-11-22T10:00:01Z",
            "settled_at": "2026-11-22T10:00:02Z",
            "attempts": [
                {
                    "number": 1,
                    "started_at": "2026-11-22T10:00:01Z",
                    "finished_at": "2026-11-22T10:00:02Z",
                    "outcome": "sent",
                    "answer": "200 ok",
                }
            ],
        }
    ],
}
THRESHOLD: Example = {
    "trigger": "slur",
    "label": "offensive",
    "threshold": 0.71,
    "since": "2026-11-22T09:00:00Z",
    "in_force": True,
    "per_day": 20.0,
    "always_above": 0.95,
    "alerts_per_day": 14.2,
}
FOLDED: Example = {
    "source": "forum",
    "comment_id": "57",
    "version": "0-0c54f61fe1a8",
    "written_at": "2026-11-22T10:03:00Z",
    "author_id": "12",
    "author_name": "ben",
    "thread_id": "7",
    "board": "general",
    "url": "https://board.example/7/57",
    "deleted": False,
}
SUMMARY: Example = {
    "source": "forum",
    "comments": 12,
    "deleted": 1,
    "unscored": 0,
    "labels": {"hate": 0, "offensive": 3, "neither": 9},
    "means": {"hate": 0.02, "offensive": 0.3, "neither": 0.68},
    "first_at": "2026-11-22T09:12:00Z",
    "last_at": "2026-11-22T10:00:00Z",
    "worst": [SCORE],
    "alert_count": 1,
    "alerts": [
        {
            "id": "al_5f1c9a2be07d4c33",
            "trigger": "slur",
            "mode": "live",
            "raised_at": "2026-11-22T10:00:01Z",
            "comment_id": "42",
        }
    ],
}
PERIOD: Example = {
    "digest": ALERT["configuration"],
    "since": "2026-11-21T16:30:00Z",
    "until": None,
    "cause": "reload",
    "model": "default@0123456789ab",
    "replaced": "77d10b5e0f5a4c3277d10b5e0f5a4c3277d10b5e0f5a4c3277d10b5e0f5a4c32",
    "differences": [
        {"key": "triggers.slur.when.offensive", "before": "0.85", "after": "0.8"},
        {"key": "triggers.tried-out.scope", "before": None, "after": "comment"},
    ],
}
CONFIGURATION: Example = {
    "digest": PERIOD["digest"],
    "settings": {
        "channels.mods-slack.kind": "slack",
        "channels.mods-slack.url": "(secret)",
        "triggers.slur.notify": '["mods-slack"]',
        "triggers.slur.when.offensive": "0.8",
    },
    "periods": [PERIOD],
}
PRECISION: Example = {
    "judged": 10,
    "not_judged": 3,
    "right": 8,
    "precision": 0.8,
    "interval": [0.4902, 0.9433],
}
NOT_JUDGED: Example = {
    "judged": 0,
    "not_judged": 2,
    "right": 0,
    "precision": None,
    "interval": None,
}
PRECISIONS: Example = {
    "since": "2026-10-23T10:00:00Z",
    "items": [{"trigger": "slur", "alerts": 13, **PRECISION}],
}
USAGE: Example = {
    "items": [
        {
            "key": "mlgy5dw4",
            "name": "the site that moved over",
            "quota": "60/min",
            "days": [{"day": "2026-11-22", "requests": 8125, "refused": 12, "scored": 8040}],
        }
    ]
}
BACKTEST: Example = {
    "days": 30.0,
    "comments": 24783,
    "without_likeness": 0,
    "triggers": {
        "slur": {
            "before": {"alerts": 312, "alerts_per_day": 10.4},
            "after": {"alerts": 310, "alerts_per_day": 10.33},
            "added": [],
            "removed": ["42", "97"],
            "verdicts": {
                "before": PRECISION,
                "after": PRECISION,
                "added": NOT_JUDGED,
                "removed": NOT_JUDGED,
            },
        }
    },
}
CANDIDATE: Example = {
    "triggers": {"slur": {"when": {"offensive": 0.85}, "mode": "shadow"}},
    "since": "30d",
}
LOOKUP: Example = {"ids": [{"source": "forum", "comment_id": "42"}]}
READY: Example = {
    "status": "ready",
    "checks": {
        "database": {"ok": True, "detail": "ok"},
        "schema": {"ok": True, "detail": "ok"},
        "model": {"ok": True, "detail": "default@0123456789ab"},
        "configuration": {"ok": True, "detail": "ok", "digest": "9f2c41", "problems": []},
    },
}
PREDICTION: Example = {"hate speech": 0.01, "offensive language": 0.84, "neither": 0.15}

ANSWERS: list[tuple[str, str, Example]] = [
    ("/webhooks/{source}", "post", RESULTS),
    ("/phases/coral/{source}", "post", CORAL_ANSWER),
    ("/predict", "post", PREDICTION),
    ("/v1/scores", "get", {"items": [SCORE], "next": None}),
    ("/v1/scores/{source}/{comment_id}", "get", SCORE),
    ("/v1/scores/{source}/{comment_id}/verdict", "post", SCORE),
    (
        "/v1/scores:lookup",
        "post",
        {"items": [{"source": "forum", "comment_id": "42", "score": SCORE}]},
    ),
    ("/v1/threads/{source}/{thread_id}", "get", SUMMARY | {"thread_id": "7"}),
    ("/v1/authors/{source}/{author_id}", "get", SUMMARY | {"author_id": "9"}),
    ("/v1/alerts", "get", {"items": [ALERT], "next": None}),
    ("/v1/alerts/{alert_id}", "get", ALERT),
    (
        "/v1/alerts/{alert_id}/ack",
        "post",
        ALERT | {"acknowledged_at": "2026-11-22T10:05:00Z", "acknowledged_by": "dashboard"},
    ),
    ("/v1/triggers/thresholds", "get", {"items": [THRESHOLD], "next": None}),
    ("/v1/alerts/{alert_id}/folded", "get", {"items": [FOLDED], "next": None}),
    ("/v1/backtests", "post", BACKTEST),
    ("/v1/triggers/precision", "get", PRECISIONS),
    ("/v1/usage", "get", USAGE),
    ("/v1/notices", "get", {"items": [NOTICE], "next": None}),
    ("/v1/watch", "get", {"sources": SOURCES}),
    ("/v1/configurations", "get", {"items": [PERIOD], "next": None}),
    ("/v1/configurations/{digest}", "get", CONFIGURATION),
    ("/healthz", "get", {"status": "ok"}),
    ("/readyz", "get", READY),
]
BODIES: list[tuple[str, str, Example]] = [
    ("/webhooks/{source}", "post", COMMENT),
    ("/phases/coral/{source}", "post", CORAL_QUESTION),
    ("/predict", "post", {"text": COMMENT["data"]["text"]}),
    ("/v1/scores:lookup", "post", LOOKUP),
    ("/v1/scores/{source}/{comment_id}/verdict", "post", {"verdict": "offensive"}),
    ("/v1/backtests", "post", CANDIDATE),
]
