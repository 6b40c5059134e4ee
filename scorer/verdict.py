"""Signals + text model -> calibrated risk, label, contributions, or an abstention with its reason.

The log-odds of risk are a sum: `base`, one contribution a signal, one of the text model. Weights of the signals and of
the text model's log-odds are fitted together on sources the text model did not see; the calibration is affine in
log-odds and is folded into the same weights, so that what is shown adds up exactly.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from scorer.abstention import Abstention
from scorer.article import InvalidInput
from scorer.classifier import TextModel
from scorer.document import Document
from scorer.domains import registrable
from scorer.feature_row import StandardRow
from scorer.findings import Signal
from scorer.genre import Genre
from scorer.logodds import BASE_RATE, FEATURE_LIMIT, logit, quantiles, sigmoid
from scorer.signals import links, transparency
from scorer.store import Model
from scorer.word_choice import WordChoice

INTERVAL_LEVEL = 0.9
INTERVAL_ENDS = ((1.0 - INTERVAL_LEVEL) / 2, 1.0 - (1.0 - INTERVAL_LEVEL) / 2)

PRIORS: Mapping[str, Mapping[str, float]] = {
    links.NAME: links.PRIOR_WEIGHTS,
    transparency.NAME: transparency.PRIOR_WEIGHTS,
}
"""Log-odds a unit of each feature for the signals no labelled corpus can weigh; bounded, since the features are."""


class Verdict:
    """Judges documents with one model at one base rate (0 < base_rate < 1)."""

    def __init__(self, model: Model, base_rate: float = BASE_RATE) -> None:
        if not 0.0 < base_rate < 1.0:
            raise InvalidInput(f"base_rate must lie between 0 and 1, exclusive; got {base_rate}")
        part = model.part("verdict")
        self.text_model = TextModel(model.part("text"))
        self.genre = Genre(model.part("genre"))
        self.word_choice = WordChoice(self.text_model, self.genre)
        self.abstention = Abstention(part.meta["abstention"])
        self.base_rate = base_rate
        self.shift = logit(base_rate) - logit(BASE_RATE)
        self.features: list[tuple[str, str]] = [(signal, name) for signal, name in part.meta["features"]]
        fitted = {signal for signal, _ in self.features}
        # a model learned from pages weighs them itself
        self.priors = [(name, tuple(weights.items())) for name, weights in PRIORS.items() if name not in fitted]
        self.argued = {name for name, _ in self.priors}
        self.cuts: Mapping[str, float] = part.meta["cuts"]
        # column 0 is the intercept, the last the text model, row 0 the fit, the other rows its bootstrap over sources
        coefficients = np.array(part.arrays["coefficients"], dtype=np.float64)  # plain: a mapped one is slow to slice
        self.fit, self.bootstrap = coefficients[0], coefficients[1:]
        self.fitted, self.share = len(self.fit), float(self.fit[-1])
        # standardised together: 1, what the verdict weighs, the text's log-odds (no limits to these two), the genre's
        text_mean = float(part.meta["text_mean"])
        mean = np.concatenate([[0.0], part.arrays["mean"], [text_mean], self.genre.mean])
        scale = np.concatenate([[1.0], part.arrays["scale"], [1.0], self.genre.scale])
        limit = np.full(len(mean), FEATURE_LIMIT)
        limit[[0, len(self.features) + 1]] = np.inf
        self.row = StandardRow(self.features, self.genre.features, mean, scale, limit, self.fit)
        # intervals reach this many times as far as the bootstrap over sources says (training/intervals.py)
        self.widening = float(part.meta.get("widening", 1.0))

    def judge(self, document: Document, signals: Mapping[str, Signal]) -> dict[str, Any]:
        """The assessment's fields but for `id` and `versions` (shape: scorer/schema/assessment.json)."""
        choice = self.word_choice.of(document.body)
        standard, intercept, text_contribution, added = self.row.of(signals, choice.logit)
        contributions = dict.fromkeys(signals, 0.0)
        contributions.update(zip(self.row.signals, added, strict=True))
        argued = 0.0
        for name, weights in self.priors:
            amount = prior_of(signals[name].features, weights)
            contributions[name] += amount
            argued += amount
        base = intercept + self.shift
        total = base + sum(contributions.values()) + text_contribution
        reason, language, warnings = self.abstention.judge(document)
        if document.article.html is not None and document.article.text.strip():
            warnings.append("the page (html) was read, the text given beside it was not")
        spelling = self.genre.spelling_of(document.body)
        of_genre = standard[self.fitted :]  # what the genre's weights multiply; those of the verdict come before
        genre = self.genre.shares((choice.opinion, choice.satire), document.title, of_genre, spelling)
        risk: float | None = None
        interval: list[float] | None = None
        if reason is None:
            risk = sigmoid(total)
            ends = quantiles(self.bootstrap.dot(standard[: self.fitted]), self.shift + argued, INTERVAL_ENDS)
            low, high = [sigmoid(total + self.widening * (end - total)) for end in ends]
            interval = [low if low < risk else risk, high if high > risk else risk]
        return {
            "risk": risk,
            "reliability": None if risk is None else round(100 * (1 - risk)),
            "interval": interval,
            "label": self.label(risk, genre["satire"]),
            "genre": genre,
            "language": language,
            "base": base,
            "interval_level": INTERVAL_LEVEL,
            "signals": [
                signal_fields(signal, contributions[name], name in self.argued) for name, signal in signals.items()
            ],
            "text_model": {
                "contribution": text_contribution,
                "top_terms": self.word_choice.top_terms(choice, document.body, self.share, text_contribution >= 0),
            },
            "source": source_fields(document),
            "abstained": reason,
            "warnings": warnings,
            "base_rate": self.base_rate,
        }

    def label(self, risk: float | None, satire: float) -> str:
        """The label of a risk; satire is satire whatever the risk."""
        if risk is None:
            return "insufficient_evidence"
        if satire >= self.cuts["satire"]:
            return "satire"
        # the cut-offs are chosen at the fixed base rate; the risk of another base rate is brought back to it
        at_fixed = sigmoid(logit(min(max(risk, 1e-12), 1 - 1e-12)) - self.shift)
        if at_fixed >= self.cuts["unreliable"]:
            return "unreliable"
        return "reliable" if at_fixed <= self.cuts["reliable"] else "mixed"


def prior_of(features: Mapping[str, float], weights: Iterable[tuple[str, float]]) -> float:
    """What the features of a signal that is not fitted add to the log-odds."""
    amount = 0.0
    for name, weight in weights:
        if name in features:
            amount += weight * features[name]
    return amount


def signal_fields(signal: Signal, contribution: float, prior: bool) -> dict[str, Any]:
    """A signal as it stands in the JSON; `prior` says that its weights were argued, not fitted."""
    spans = signal.spans
    fields: dict[str, Any] = {
        "name": signal.name,
        "value": signal.value,
        "contribution": contribution,
        "summary": signal.summary,
        "metrics": signal.metrics,
        "spans": spans if type(spans) is list else list(spans),
    }
    if signal.extra:
        fields.update(signal.extra)
    if prior:
        fields["prior"] = True
    return fields


def source_fields(document: Document) -> dict[str, Any] | None:
    """The source as far as the article alone names it; its record is the ledger's to add. None where unknown."""
    article = document.article
    domain = registrable(article.source or article.url or (document.page.url if document.page else None) or "")
    if domain is None:
        return None
    return {"domain": domain, "reliability": None, "interval": None, "articles": None, "ratings": []}
