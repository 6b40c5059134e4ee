"""What Prometheus scrapes: latency by stage, the queue, answers, labels, abstentions, risks and their drift."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, multiprocess

from scorer.assessment import Assessment
from scorer.ledger.sources import at_fixed

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
RISKS = tuple(round(0.05 * step, 2) for step in range(1, 20))
"""Bounds of the risk histogram: the thresholds whose expected shares stand in the model's manifest."""

COUNTED_SECONDS = 1.0
"""How long what is observed may wait to be counted: no answer waits for a dozen writes to the files of counters."""


class Metrics:
    """Counters of one application. Several processes share them where PROMETHEUS_MULTIPROC_DIR names a folder."""

    def __init__(self, operating_points: Sequence[Mapping[str, float]]) -> None:
        self.registry = CollectorRegistry()
        self.expected = {point["threshold"]: point["flagged"] for point in operating_points}
        self.stages = Histogram(
            "credence_stage_seconds", "Time by stage: queue, score, ledger", ["stage"],
            buckets=SECONDS, registry=self.registry,
        )  # fmt: skip
        self.answers = Counter(
            "credence_answers", "Answers by endpoint and status", ["endpoint", "status"], registry=self.registry
        )
        self.seconds = Histogram(
            "credence_request_seconds", "Time by endpoint", ["endpoint"], buckets=SECONDS, registry=self.registry
        )
        self.labels = Counter("credence_labels", "Assessments by label", ["label"], registry=self.registry)
        self.abstentions = Counter("credence_abstentions", "By reason", ["reason"], registry=self.registry)
        self.risks = Histogram("credence_risk", "Risks at the base rate .3", buckets=RISKS, registry=self.registry)
        self.waiting = Gauge(
            "credence_queue_waiting", "Articles that wait for a place", registry=self.registry,
            multiprocess_mode="livesum",
        )  # fmt: skip

        # prometheus_client finds a counter by its labels behind a lock; the few that there are are kept
        self._stage: Callable[[str], Any] = cache(self.stages.labels)
        self._answer: Callable[[str, str], Any] = cache(self.answers.labels)
        self._seconds: Callable[[str], Any] = cache(self.seconds.labels)
        self._label: Callable[[str], Any] = cache(self.labels.labels)

        self._observed: deque[tuple[Callable[[float], None], float]] = deque()
        self._counts_soon = False

    def stage(self, name: str, seconds: float) -> None:
        """Note how long a stage took."""
        self._note(self._stage(name).observe, seconds)

    def answered(self, endpoint: str, status: int, seconds: float) -> None:
        """Note an answer."""
        self._note(self._answer(endpoint, str(status)).inc, 1)
        self._note(self._seconds(endpoint).observe, seconds)

    def scored(self, assessment: Assessment) -> None:
        """Note what an article came out as."""
        self._note(self._label(assessment["label"]).inc, 1)
        if assessment["risk"] is None:
            self._note(self.abstentions.labels(assessment["abstained"]).inc, 1)
        else:
            self._note(self.risks.observe, at_fixed(assessment["risk"], assessment["base_rate"]))

    def _note(self, observe: Callable[[float], None], value: float) -> None:
        self._observed.append((observe, value))
        if not self._counts_soon:
            self._counts_soon = True
            timer = threading.Timer(COUNTED_SECONDS, self.count)
            timer.daemon = True
            timer.start()

    def count(self) -> None:
        """Count what was observed."""
        self._counts_soon = False
        with suppress(IndexError):  # there is no more
            while True:
                observe, value = self._observed.popleft()
                observe(value)

    def text(self) -> bytes:
        """Everything in Prometheus's text form, with the drift of risks against the model card."""
        self.count()
        registry = self.registry
        if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
            registry = CollectorRegistry()
            multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        # no Gauge: in several processes its value would be kept in a file, and be told once more from there
        found = largest_difference(registry.collect(), self.expected)
        value = "NaN" if found is None else repr(found)
        return generate_latest(registry) + DRIFT.format(value).encode()


DRIFT = (
    "# HELP credence_risk_drift Largest difference of the share of risks above a threshold to the model's evaluation\n"
    "# TYPE credence_risk_drift gauge\n"
    "credence_risk_drift {}\n"
)


def largest_difference(families: Iterable[Any], expected: Mapping[float, float]) -> float | None:
    """Kolmogorov-Smirnov distance, at the manifest's thresholds, of the risks seen; None before there are any."""
    below: dict[float, float] = {}
    for family in families:
        if family.name == "credence_risk":
            below = {float(s.labels["le"]): s.value for s in family.samples if s.name.endswith("_bucket")}
    total = below.get(float("inf"), 0.0)
    if not total:
        return None
    return max((abs(1 - below[at] / total - share) for at, share in expected.items() if at in below), default=None)
