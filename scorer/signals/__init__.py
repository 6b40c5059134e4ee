"""The signals, in the order they are measured: each reads the document (and the signals before it) once.

A signal is one file with `NAME` and `build(model) -> Measure`. A measure is a pure function of the document and of the
signals measured before it; it reports what it found (`Signal`), never what that is worth: weights are fitted
(scorer/verdict.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import ModuleType

from scorer.document import Document
from scorer.findings import Signal
from scorer.signals import attribution, figures, headline, links, obfuscation, style, transparency
from scorer.store import Model

Measure = Callable[[Document, Mapping[str, Signal]], Signal]

MODULES: tuple[ModuleType, ...] = (attribution, figures, links, headline, style, transparency, obfuscation)
PRIOR_SIGNALS = (links.NAME, transparency.NAME)
"""Signals no labelled corpus can weigh; their modules hold `PRIOR_WEIGHTS` (log-odds a unit of each feature)."""

NAMES: tuple[str, ...] = tuple(module.NAME for module in MODULES)


def build(model: Model) -> dict[str, Measure]:
    """Every signal's measure, by name, in the order they must run."""
    return {module.NAME: module.build(model) for module in MODULES}
