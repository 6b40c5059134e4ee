"""Figures: checkable quantities, whether each is sourced, whether the wording leaves it open; and hedges.

The value is the share of figures that are unsourced or unconfirmed. A figure that nobody stands behind, or that the
article itself does not vouch for, is what a reader can check least (docs/signals/figures.md).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scorer import figure_features, figure_rules, figure_status, figure_words, kernel
from scorer.document import Document
from scorer.figure_findings import RULES, WORD_SHAPES, Judged, Told, told
from scorer.figure_surroundings import PRIOR, RELATED, WIDTH, surroundings
from scorer.findings import Signal
from scorer.forest import UNIT, Forest
from scorer.hedges import HEDGE_CLASSES, Hedger
from scorer.lexicon import Lexicon
from scorer.quantities import Finder, Quantities
from scorer.quotes import Quotation
from scorer.store import Model, Part
from scorer.text import Text

NAME = "figures"

Measure = Callable[[Document, Mapping[str, Signal]], Signal]

_SMALL_WORD = int(figure_features.Form.SMALL_WORD)
"""Looked up once: an enum's member costs several times what the comparison does."""

_BASES = np.array(list(figure_features.BASES.values()), dtype=np.int64)

_HEDGE_FEATURES = [f"{kind}_hedges_per_100_words" for kind in HEDGE_CLASSES]

NOBODY = Signal("attribution", None, "nobody was asked who says what")


def build(model: Model) -> Measure:
    """Return the measure of a model; raises `ModelError` where the model lacks the parts `figures` or `hedges`."""
    judge = Judge(model.part(NAME), Hedger(model.part("hedges")), Lexicon(model.part("lexicon").meta["words"]))

    def measure(document: Document, before: Mapping[str, Signal]) -> Signal:
        return judge.report(document.body, before.get("attribution", NOBODY))

    return measure


class Judge:
    """Decides about number expressions with a learned part: claim or not, sourced or not, left open or not."""

    def __init__(self, part: Part, hedger: Hedger, lexicon: Lexicon) -> None:
        self.hedger = hedger
        self.signs = figure_rules.Signs(lexicon)
        self.finder = Finder(part.arrays["letters"], part.meta["rare"])
        self.context = np.array(part.arrays["context"], dtype=np.float32)
        self.claim = np.array(part.arrays["claim"], dtype=np.float32)
        self.claim_bias = float(part.meta["bias"]["claim"])
        self.prior, self.sourced, self.unconfirmed = (
            Forest.of(part.arrays, name, part.meta["bias"][name]) for name in ("prior", "sourced", "unconfirmed")
        )
        self.context_weight = float(part.meta["context_weight"])
        self.words = figure_words.Weights.of(part)
        self._native = None if kernel.native is None else self._compiled()

    def claims(self, text: Text) -> tuple[Quantities, NDArray[Any], NDArray[np.int64]]:
        """The figures among the number expressions of a text, the log-odds of each, and how each is written."""
        found = self.finder.find(text)
        if not len(found.first):
            return found, np.zeros(0, dtype=np.float32), np.zeros(0, dtype=np.int64)
        columns, words = figure_features.features(text, found)
        # a column after the other, so that the kernel's sums round alike
        score = reduce(np.add, self.claim[columns.T]) + self.claim_bias
        around = reduce(np.add, (row[word] for row, word in zip(self.context, words.T, strict=True)))
        score += self.context_weight * around
        form = columns[:, 0]
        kept = score > 0
        kept &= [
            written != _SMALL_WORD or not figure_rules.takes_up(text.tokens, at)
            for written, at in zip(form.tolist(), found.first.tolist(), strict=True)
        ]
        return Quantities(found.letters, found.first[kept], found.last[kept]), score[kept], form[kept]

    def report(self, text: Text, said: Signal) -> Signal:
        """The signal of a text, given that of the attributions in it."""
        if not len(text.tokens):
            return Signal(NAME, None, "there is no text to read")
        spans, sourced, unconfirmed, weak, hedges, kinds, words = self.told(text, said)
        figures = len(spans) - hedges
        unsourced = figures - sourced
        words = max(1, words)
        some = figures or 1
        metrics: dict[str, float | int | None] = {
            "figures": figures,
            "unsourced_share": unsourced / figures if figures else None,
            "unconfirmed_share": unconfirmed / figures if figures else None,
            "hedges_per_100_words": 100 * hedges / words,
        }
        features = {
            "figures_per_100_words": 100 * figures / words,
            "no_figures": 0.0 if figures else 1.0,
            "unsourced_share": unsourced / some,
            "unconfirmed_share": unconfirmed / some,
        }
        for name, count in zip(_HEDGE_FEATURES, kinds, strict=True):
            features[name] = 100 * count / words
        value = weak / figures if figures else None
        return Signal(NAME, value, _summary(figures, sourced, unconfirmed), metrics, spans, features)

    def told(self, text: Text, said: Signal) -> Told:
        """Findings and counts of a text of at least one token, given the signal of the attributions in it."""
        if self._native is not None:
            found: Told = self._native.told(*_given(text, said))
            return found
        letters = self.hedger.letters(text)
        judged, _ = self.judged(text, letters, said)
        return told(text, judged, letters, self.hedger.rows(text, letters), said.spans, self.signs)

    def judged(self, text: Text, letters: NDArray[np.uint8], said: Signal) -> tuple[Judged, NDArray[np.float32]]:
        """What weights and trees say of the figures of a text, and what they look at."""
        found, claim, form = self.claims(text)
        if not len(found.first):
            return _NO_FIGURES, np.zeros((0, WIDTH), dtype=np.float32)
        around = surroundings(text, found, form, letters, said.spans, said.working, self.words)
        values = around.values
        values[:, PRIOR] = self.prior.scores(values)
        sourced, unconfirmed = self.sourced.scores(values), self.unconfirmed.scores(values)
        return Judged(found.first, found.last, form, claim, sourced, unconfirmed, around.related), values

    def _compiled(self) -> Any:
        """All of it in the compiled kernel."""
        words, forests = self.words, (self.prior, self.sourced, self.unconfirmed)
        return kernel.native.Figures(
            (self.finder.table, self.hedger.table, self.hedger.effects, self.signs.table),
            self.finder.rare,
            (
                _BASES, self.claim, self.context, self.claim_bias, self.context_weight, figure_features.IDIOMS,
                figure_rules.THE, figure_features.form_of_mixed,
            ),
            (*figure_status.LETTER_TABLES, figure_status.KIND_NUMBERS),
            words and (words.table, words.units, words.biases, figure_words.DISTANCES, figure_words.ROWS_BITS),
            tuple((trees.feature, trees.limit, trees.value, trees.inner, trees.bias) for trees in forests),
            UNIT,
            self.hedger.tables,
            RULES,
            WORD_SHAPES,
        )  # fmt: skip


def _given(text: Text, said: Signal) -> tuple[Any, ...]:
    """A text and what is said in it as the compiled kernel takes them."""
    origin, working = text.origin, said.working
    double, single = working.get("quotations") or _quoted(text)
    return (
        text.words, text.shapes, text.starts, text.ends, text.sentence_tokens, text.sentences, text.caller_starts,
        text.caller_ends, origin.starts, origin.ends, working.get("scores"), text, text.tokens, origin.text, said.spans,
        double, single,
    )  # fmt: skip


def _quoted(text: Text) -> tuple[list[Quotation], list[Quotation]]:
    """The quotations in double and in single marks, by the compiled kernel."""
    _, every, doubles = kernel.native.marks(
        text.normal, text.tokens, text.shapes, text.starts, text.ends, text.sentences, text.sentence_tokens, None, None
    )
    return every[:doubles], every[doubles:]


_NONE, _NO_ODDS = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
_NO_FIGURES = Judged(_NONE, _NONE, _NONE, _NO_ODDS, _NO_ODDS, _NO_ODDS, _NONE.reshape(0, RELATED))


def _summary(figures: int, sourced: int, unconfirmed: int) -> str:
    if not figures:
        return "no figures"
    noun = "figure" if figures == 1 else "figures"
    left = f"{unconfirmed} left unconfirmed" if unconfirmed else "none left unconfirmed"
    return f"{figures} {noun}: {sourced} sourced, {left}"
