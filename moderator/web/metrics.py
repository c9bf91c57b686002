"""What is counted, for Prometheus.

Each process counts for itself: with several of them a scrape shows whichever answered. What is
read from the database at the scrape (queues, ages) is the same on all.
"""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram

LATENCIES_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """The counters of one process, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Histogram(
            "moderator_request_seconds",
            "Time from a request's head to its answer's last byte.",
            ("method", "route", "status"),
            buckets=LATENCIES_S,
            registry=self.registry,
        )
        self.comments = Counter(
            "moderator_comments",
            "Comments that boards sent, by what became of them.",
            ("source", "status"),
            registry=self.registry,
        )
        self.labels = Counter(
            "moderator_labels",
            "Labels given to new comments.",
            ("source", "label"),
            registry=self.registry,
        )
        self.alerts = Counter(
            "moderator_alerts",
            "Alerts raised.",
            ("trigger", "mode"),
            registry=self.registry,
        )
