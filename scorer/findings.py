"""What a signal reports: a value, metrics, and evidence as spans of the caller's text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Any

from scorer.values import value

Finding = dict[str, Any]
"""One span as it stands in the JSON: `start`, `end`, `kind` and what the kind adds (scorer/schema/assessment.json)."""


@value(frozen=True, slots=True)
class Signal:
    """One measured property of an article.

    Attributes:
        name: the signal's name in the registry.
        value: the property as one number (what it is stands in the signal's documentation); None where not measured.
        summary: one plain sentence that a person reads beside it, e.g. "18 of 29 sentences attribute what they say".
        metrics: named numbers others rely on (DESIGN.md's table); None for unknown.
        spans: evidence, in order of `start`; positions count in the caller's text, those of `headline` in the title.
        features: what the verdict weighs, by name; empty where the signal was not measured (it then contributes 0).
        extra: further lists of the JSON, e.g. `teasers` of `links`.
        working: what later signals read and nobody is shown, e.g. the tagger's `scores`.
    """

    name: str
    value: float | None
    summary: str
    metrics: Mapping[str, float | int | None] = field(default_factory=dict)
    spans: Sequence[Finding] = ()
    features: Mapping[str, float] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)
    working: Mapping[str, Any] = field(default_factory=dict)


def is_counted(finding: Mapping[str, Any]) -> bool:
    """Whether a finding counts: of attributions, those that are clear and not the writer's own."""
    return bool(finding.get("standing", "counted") == "counted")
