"""What is counted, for Prometheus.

Each process counts for itself: where several serve, a scrape shows the one that answered, and
`moderator_process` says which. What is read from the database at the scrape (what is owed, since
when, what was given up) is the same on all.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from moderator.domain.notice import Notice
from moderator.ingest import Result, Status
from moderator.storage.outbox import Backlog

MEDIA = "text/plain; version=0.0.4; charset=utf-8"
LATENCIES_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
# Of what is stored; owed = sent + pending + dead. A digest counts as the alerts that it tells.
_OWED = {
    "owed": "Alerts and notices that are owed to recipients of a channel, settled or not.",
    "sent": "Those that the far end took.",
    "pending": "Those that wait or are to be tried again.",
    "dead": "Those that were given up.",
}
_FRESH = frozenset({Status.SCORED, Status.STALE})


class Metrics:
    """The numbers of one process, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._scraping = threading.Lock()
        self._requests = Histogram(
            "moderator_request_seconds",
            "Time from a request's head to the end of its answer.",
            ("method", "route", "status"),
            buckets=LATENCIES_S,
            registry=self.registry,
        )
        self._comments = self._counter(
            "moderator_comments", "Comments the boards sent.", "source", "status"
        )
        self._labels = self._counter(
            "moderator_labels", "Labels of comments judged.", "source", "label"
        )
        self._alerts = self._counter("moderator_alerts", "Alerts raised.", "trigger", "mode")
        self._acts = self._counter(
            "moderator_acts",
            "Comments that a board asked about, by what it was told.",
            "source",
            "act",
        )
        self._old_secrets = self._counter(
            "moderator_old_secret_deliveries",
            "Deliveries signed by a secret that is being rotated out.",
            "source",
        )
        self._attempts = self._counter(
            "moderator_attempts", "Attempts to deliver a message.", "channel", "outcome"
        )
        self._key_requests = self._counter(
            "moderator_key_requests", "Requests that came with a key.", "key", "outcome"
        )
        self._waiting = self._gauge(
            "moderator_intake_waiting", "Deliveries waiting for a transaction."
        )
        self._owed = {
            state: self._gauge(f"moderator_messages_{state}", says, "channel")
            for state, says in _OWED.items()
        }
        self._oldest = self._gauge(
            "moderator_oldest_undelivered_seconds",
            "How long the oldest of them is overdue; 0 where nothing is.",
            "channel",
        )
        self._base_rates = self._gauge(
            "moderator_base_rate",
            "Share of toxic comments for which a source's probabilities hold.",
            "source",
        )
        self._notices = self._gauge(
            "moderator_notices_lasting",
            "1 for what is wrong with the service or what feeds it, and is not over.",
            "kind",
            "subject",
        )
        self._process = self._gauge("moderator_process", "The process that answered.", "pid")

    def request(self, method: str, route: str, status: int, took_s: float) -> None:
        """One request is over."""
        self._requests.labels(method, route, str(status)).observe(took_s)

    def delivery(self, source: str, results: Iterable[Result], *, old_secret: bool) -> None:
        """One delivery was taken."""
        if old_secret:
            self._old_secrets.labels(source).inc()
        for result in results:
            self._comments.labels(source, result.status.value).inc()
            if result.status is Status.DUPLICATE:
                continue
            if result.status in _FRESH and result.score is not None and result.score.label:
                self._labels.labels(source, result.score.label.value).inc()
            for _, trigger, mode in result.alerts:
                self._alerts.labels(trigger, mode).inc()

    def act(self, source: str, act: str) -> None:
        """A board that asked about a comment was told this of it: `none`, `flag`, ..."""
        self._acts.labels(source, act).inc()

    def attempt(self, channel: str, outcome: str) -> None:
        """One attempt to deliver is over: `sent`, `passing`, `refused` or `broken`."""
        self._attempts.labels(channel, outcome).inc()

    def key_request(self, key_id: str, outcome: str) -> None:
        """One request came with a known key: `admitted`, or `refused` by its quota."""
        self._key_requests.labels(key_id, outcome).inc()

    def base_rates(self, in_force: Mapping[str, float]) -> None:
        """Each source's base rate, from now on."""
        with self._scraping:
            self._base_rates.clear()
            for source, share in in_force.items():
                self._base_rates.labels(source).set(share)

    def render(
        self,
        *,
        backlogs: Sequence[Backlog],
        notices: Iterable[Notice],
        channels: Iterable[str],
        waiting: int,
        pid: int,
        now: datetime,
    ) -> bytes:
        """The text of a scrape: `notices` are those that last, `waiting` deliveries are not in a
        transaction yet, and each of `channels` is told of, whether it owes anything or not.
        """
        with self._scraping:
            self._process.clear()
            self._notices.clear()
            for notice in notices:
                self._notices.labels(notice.kind, notice.subject).set(1)
            self._process.labels(str(pid)).set(1)
            self._waiting.set(waiting)
            nothing = {name: Backlog(channel=name) for name in channels}
            owed = nothing | {backlog.channel: backlog for backlog in backlogs}
            self._tell_owed(owed.values(), now)
            return generate_latest(self.registry)

    def _tell_owed(self, backlogs: Iterable[Backlog], now: datetime) -> None:
        for gauge in (*self._owed.values(), self._oldest):
            gauge.clear()
        for backlog in backlogs:
            for state, gauge in self._owed.items():
                gauge.labels(backlog.channel).set(getattr(backlog, state))
            self._oldest.labels(backlog.channel).set(_age_s(backlog.oldest, now))

    def _counter(self, name: str, says: str, *labels: str) -> Counter:
        return Counter(name, says, labels, registry=self.registry)

    def _gauge(self, name: str, says: str, *labels: str) -> Gauge:
        return Gauge(name, says, labels, registry=self.registry)


def _age_s(oldest: datetime | None, now: datetime) -> float:
    return 0.0 if oldest is None else max(0.0, (now - oldest).total_seconds())
