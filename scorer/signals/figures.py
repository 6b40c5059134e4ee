"""Figures: checkable quantities, whether each is sourced, whether the wording leaves it open; and hedges.

The value is the share of figures that are unsourced or unconfirmed. A figure that nobody stands behind, or that the
article itself does not vouch for, is what a reader can check least (docs/signals/figures.md).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, reduce
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scorer import figure_features, figure_rules, figure_status, figure_words, kernel
from scorer.document import Document
from scorer.figure_surroundings import PRIOR, surroundings
from scorer.findings import Finding, Signal, is_counted
from scorer.forest import Forest
from scorer.hedges import CLASSES, COARSE, Hedge, Hedger
from scorer.lexicon import WORD_BITS, Lexicon, Shape
from scorer.quantities import Finder, Quantities
from scorer.store import Model, Part
from scorer.text import Text

NAME = "figures"

Measure = Callable[[Document, Mapping[str, Signal]], Signal]

_APPROXIMATORS = frozenset(b"AV")
"""Letters of hedging grammar that only round a number when they stand before it: "about 500", "some 500"."""

_ORDER = itemgetter("start", "end", "kind")

SAID_OPEN = 1.0
"""Log-odds, at the least, that a figure is left open in whose sentence a confirmation is denied ("not confirmed by"),
or of which the wording says so plainly (scorer/figure_rules.py): too few labelled figures teach that.
"""

_SHOWN_TRUE = frozenset(("confirmed", "confirm", "confirms", "verified", "verify", "corroborated", "substantiated"))

SETTLED = -1.0
"""Log-odds that a figure is left open where only what is counted is in doubt ("680 suspected poachers")."""

SAID = 1.0
"""Log-odds, at the least, that a figure is sourced which somebody estimates or a poll answers with."""

_HEDGES = figure_status.NAMES.index("hedges")

_SMALL_WORD = int(figure_features.Form.SMALL_WORD)
"""Looked up once: an enum's member costs several times what the comparison does."""

_BASES = np.array(list(figure_features.BASES.values()), dtype=np.int64)

BESIDE = 6
"""Characters that may part a source, its cue and what they tell: " from "."""

NOBODY = Signal("attribution", None, "nobody was asked who says what")

HEDGE_CLASSES = (*dict.fromkeys(CLASSES.values()), "negated", "vague")


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

    def claims(self, text: Text) -> tuple[Quantities, NDArray[Any], NDArray[np.int64]]:
        """The figures among the number expressions of a text, the log-odds of each, and how each is written."""
        found = self.finder.find(text)
        if not len(found.first):
            return found, np.zeros(0, dtype=np.float32), np.zeros(0, dtype=np.int64)
        if kernel.native is not None:
            first, last, form, score = kernel.native.claims(
                found.letters, found.first, found.last, text.words, text.shapes, text.starts, text.ends,
                text.sentence_tokens, text.tokens, text.normal, _BASES, self.claim, self.context, self.claim_bias,
                self.context_weight, figure_features.IDIOMS, figure_features.form_of_mixed,
            )  # fmt: skip
            first, last, form = (np.frombuffer(row, dtype=np.int64) for row in (first, last, form))
            return self._counting(text, found.letters, first, last, np.frombuffer(score, dtype=np.float32), form)
        columns, words = figure_features.features(text, found)
        # a column after the other, so that the kernel's sums round alike
        score = reduce(np.add, self.claim[columns.T]) + self.claim_bias
        around = reduce(np.add, (row[word] for row, word in zip(self.context, words.T, strict=True)))
        score += self.context_weight * around
        kept = score > 0
        return self._counting(text, found.letters, found.first[kept], found.last[kept], score[kept], columns[kept, 0])

    @staticmethod
    def _counting(
        text: Text,
        letters: Any,
        first: NDArray[np.int64],
        last: NDArray[np.int64],
        score: NDArray[Any],
        form: NDArray[np.int64],
    ) -> tuple[Quantities, NDArray[Any], NDArray[np.int64]]:
        """The claims without number words that take up what is known ("the two nations")."""
        counts = [
            written != _SMALL_WORD or not figure_rules.takes_up(text.tokens, at)
            for written, at in zip(form.tolist(), first.tolist(), strict=True)
        ]
        if not all(counts):
            kept = np.array(counts)
            first, last, score, form = first[kept], last[kept], score[kept], form[kept]
        return Quantities(letters, first, last), score, form

    def report(self, text: Text, said: Signal) -> Signal:
        """The signal of a text, given that of the attributions in it."""
        if not len(text.tokens):
            return Signal(NAME, None, "there is no text to read")
        letters = self.hedger.letters(text)
        hedges = self.hedger.find(text, letters)
        spans = self.figures(text, said, letters, hedges)
        starts, ends = text.caller_starts, text.caller_ends
        figures = len(spans)
        unsourced = unconfirmed = weak = 0
        for span in spans:
            unsourced += not span["sourced"]
            unconfirmed += span["unconfirmed"]
            weak += span["unconfirmed"] or not span["sourced"]
        kinds = dict.fromkeys(HEDGE_CLASSES, 0)
        for _, _, kind in hedges:
            kinds[kind] += 1
        listed = [*hedges, *_other_hedges(text, spans, letters, hedges)]
        for first, last, kind in listed:
            spans.append({"start": starts[first], "end": ends[last - 1], "kind": "hedge", "class": kind})
        spans.sort(key=_ORDER)
        words = max(1, text.count(WORD_BITS | 1 << Shape.HYPHENATED))
        return Signal(
            name=NAME,
            value=weak / figures if figures else None,
            summary=_summary(figures, figures - unsourced, unconfirmed),
            metrics={
                "figures": figures,
                "unsourced_share": unsourced / figures if figures else None,
                "unconfirmed_share": unconfirmed / figures if figures else None,
                "hedges_per_100_words": 100 * len(listed) / words,
            },
            spans=spans,
            features={
                "figures_per_100_words": 100 * figures / words,
                "no_figures": float(not figures),
                "unsourced_share": unsourced / max(1, figures),
                "unconfirmed_share": unconfirmed / max(1, figures),
                **{f"{kind}_hedges_per_100_words": 100 * count / words for kind, count in kinds.items()},
            },
        )

    def figures(self, text: Text, said: Signal, letters: NDArray[np.uint8], hedges: Sequence[Hedge]) -> list[Finding]:
        """The figures of a text as findings, in order."""
        found, claim, form = self.claims(text)
        if not len(found.first):
            return []
        attributions = said.spans
        around = surroundings(text, found, form, letters, attributions, said.working, self.words)
        around.values[:, PRIOR] = self.prior.scores(around.values)
        sourced, unconfirmed = (forest.scores(around.values).tolist() for forest in (self.sourced, self.unconfirmed))
        phrases = _Phrases(text, hedges)
        opening, sourcing = self.signs.of(text)
        # plain numbers from here on: a number out of an array costs two to four times as much as out of a list
        starts, ends = text.caller_starts, text.caller_ends
        claims, written, hedged, tokens = claim.tolist(), form.tolist(), around.values[:, _HEDGES].tolist(), text.tokens
        findings: list[Finding] = []
        for i, (first, last) in enumerate(zip(found.first.tolist(), found.last.tolist(), strict=True)):
            covering, same, earlier, past, begin, end = around.related[i]
            by = covering if covering >= 0 else same if same >= 0 else earlier
            is_rounded = first > begin and letters[first - 1] in _APPROXIMATORS
            if (phrases.denied and phrases.denies(begin, end)) or (
                figure_rules.may_be_open(opening, begin, first, last, end)
                and figure_rules.is_open(tokens, begin, first, last, end)
            ):
                unconfirmed[i] = max(unconfirmed[i], SAID_OPEN)
            elif unconfirmed[i] > 0 and figure_rules.is_settled(tokens, begin, first, last, end, hedged[i]):
                unconfirmed[i] = SETTLED
            if sourced[i] <= 0 and (
                (
                    figure_rules.may_be_sourced(sourcing, past, last, end)
                    and figure_rules.is_sourced(tokens, past, begin, first, last, end, written[i])
                )
                or (covering >= 0 and _is_told(text, attributions[covering], begin, first))
            ):
                sourced[i] = SAID
            is_sourced, is_open = sourced[i] > 0, unconfirmed[i] > 0
            findings.append(
                {
                    "start": starts[first],
                    "end": ends[last - 1],
                    "kind": "figure",
                    "sourced": is_sourced,
                    "unconfirmed": is_open,
                    "source": _source(attributions[by]) if is_sourced and by >= 0 else None,
                    "hedge": phrases.span(around.shown[i], begin, end) if is_open else None,
                    "approximator": [starts[first - 1], ends[first - 1]] if is_rounded else None,
                    "why": {
                        "claim": round(claims[i], 2),
                        "sourced": round(sourced[i], 2),
                        "unconfirmed": round(unconfirmed[i], 2),
                    },
                }
            )
        return findings


def _other_hedges(
    text: Text, figures: Sequence[Finding], letters: NDArray[np.uint8], hedges: Sequence[Hedge]
) -> Iterator[Hedge]:
    """Words that leave a figure open and are no hedges found by themselves ("estimates", "would"): the list of hedges
    holds them, too. The verdict does not weigh them twice: it sees the figure.
    """
    shown = [figure for figure in figures if figure["hedge"] is not None]
    known = {token for first, last, _ in hedges for token in range(first, last)} if shown else set()
    for figure in shown:
        token = bisect_left(text.caller_starts, figure["hedge"][0])
        kind = CLASSES.get(chr(COARSE[letters[token]]))
        if kind is not None and token not in known:
            known.add(token)
            yield Hedge(token, token + 1, kind)


def _source(attribution: Mapping[str, Any]) -> list[int] | None:
    """Whom to show as a figure's source: of an attribution that does not count, nobody."""
    source: list[int] | None = attribution["source"] if is_counted(attribution) else None
    return source


def _is_told(text: Text, by: Finding, begin: int, figure: int) -> bool:
    """Whether the attribution that holds a figure tells it plainly: "reports from the ministry that 300 …".

    Source and cue stand side by side, and "that" follows them in the figure's sentence.
    """
    if by["source"] is None or by["cue"] is None:
        return False
    (_, first_end), (last, end) = sorted((by["source"], by["cue"]))
    if last - first_end > BESIDE:
        return False
    pieces = {start for start, _ in by["content"] if 0 <= start - end <= BESIDE}
    reach = range(max(begin, figure - figure_rules.CLAIM_REACH), figure)
    return any(text.tokens[at] == "that" and text.caller_starts[at] in pieces for at in reach)


def _denies(text: Text, hedge: Hedge) -> bool:
    """Whether a confirmation is denied: what is "not clear" or "not known" may be another matter than the figure."""
    return not _SHOWN_TRUE.isdisjoint(text.tokens[hedge.first : hedge.last])


class _Phrases:
    """The hedge phrase that a cue token belongs to."""

    def __init__(self, text: Text, hedges: Sequence[Hedge]) -> None:
        self.text = text
        self.hedges = hedges
        self.denied = [hedge.first for hedge in hedges if hedge.kind == "negated" and _denies(text, hedge)]

    @cached_property
    def plain(self) -> list[int]:
        """First tokens of the hedges that say most plainly that nothing is settled; few texts ask for them."""
        return [hedge.first for hedge in self.hedges if hedge.kind in ("negated", "conditional")]

    def denies(self, begin: int, end: int) -> bool:
        """Whether the sentence of tokens begin, ..., end - 1 says that something is not confirmed."""
        at = bisect_left(self.denied, begin)
        return at < len(self.denied) and self.denied[at] < end

    def span(self, token: int, begin: int, end: int) -> list[int] | None:
        """Span to show for a figure in the sentence of tokens begin, ..., end - 1 whose nearest cue is `token`.

        What says most plainly that nothing is settled ("not confirmed by") comes first; None where `token` is -1.
        """
        if token < 0:
            return None
        at = bisect_left(self.plain, begin)
        if at < len(self.plain) and self.plain[at] < end:
            token = self.plain[at]
        i = bisect_right(self.hedges, token, key=itemgetter(0)) - 1
        if i >= 0 and self.hedges[i].last > token:
            return list(self.text.token_span(self.hedges[i].first, self.hedges[i].last))
        return list(self.text.token_span(token, token + 1))


def _summary(figures: int, sourced: int, unconfirmed: int) -> str:
    if not figures:
        return "no figures"
    noun = "figure" if figures == 1 else "figures"
    left = f"{unconfirmed} left unconfirmed" if unconfirmed else "none left unconfirmed"
    return f"{figures} {noun}: {sourced} sourced, {left}"
