"""What is told of the figures of a text and of its hedges: findings as they stand in the JSON, in order, and counts."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scorer import figure_rules
from scorer.figure_cover import IntArray
from scorer.findings import Finding, is_counted
from scorer.hedges import CLASSES, COARSE, HEDGE_CLASSES, Hedge
from scorer.lexicon import WORD_BITS, Shape
from scorer.text import Text

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

BESIDE = 6
"""Characters that may part a source, its cue and what they tell: " from "."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Of n figures of a text, in order, none overlapping:

    Attributes:
        first, last: int64, figure i is tokens first[i], ..., last[i] - 1.
        form: int64, how each is written (scorer/figure_features.py).
        claim, sourced, unconfirmed: float32, log-odds by weights and trees, before any rule.
        related: int64 (n, 8), as in `scorer.figure_surroundings.Surroundings`.
    """

    first: IntArray
    last: IntArray
    form: IntArray
    claim: NDArray[np.float32]
    sourced: NDArray[np.float32]
    unconfirmed: NDArray[np.float32]
    related: IntArray


Told = tuple[list[Finding], int, int, int, int, tuple[int, ...], int]
"""Findings in order of where they stand; how many figures are sourced, unconfirmed, and weak: unconfirmed or not
sourced; how many hedges there are among the findings; of those that leave more open than a figure, how many of each of
HEDGE_CLASSES; how many words the text has."""

WORD_SHAPES = WORD_BITS | 1 << Shape.HYPHENATED
"""What counts as a word, a bit each."""


def told(
    text: Text,
    judged: Judged,
    letters: NDArray[np.uint8],
    rows: IntArray,
    attributions: Sequence[Mapping[str, Any]],
    signs: figure_rules.Signs,
) -> Told:
    """Findings and counts, given the letters of the text's tokens in hedging grammar and `Hedger.rows`."""
    hedges = [Hedge(first, last, HEDGE_CLASSES[kind]) for first, last, kind in rows.tolist()]
    spans = _figures(text, judged, letters, hedges, attributions, signs)
    sourced = sum(span["sourced"] for span in spans)
    unconfirmed = sum(span["unconfirmed"] for span in spans)
    weak = sum(span["unconfirmed"] or not span["sourced"] for span in spans)
    listed = [*hedges, *_other_hedges(text, spans, letters, hedges)]
    for first, last, kind in listed:
        start, end = text.token_span(first, last)
        spans.append({"start": start, "end": end, "kind": "hedge", "class": kind})
    spans.sort(key=_ORDER)
    kinds = [hedge.kind for hedge in hedges]
    of_kind = tuple(map(kinds.count, HEDGE_CLASSES))
    return spans, sourced, unconfirmed, weak, len(listed), of_kind, text.count(WORD_SHAPES)


def _figures(
    text: Text,
    judged: Judged,
    letters: NDArray[np.uint8],
    hedges: Sequence[Hedge],
    attributions: Sequence[Mapping[str, Any]],
    signs: figure_rules.Signs,
) -> list[Finding]:
    phrases = _Phrases(text, hedges)
    stand = signs.of(text)
    tokens, starts, ends = text.tokens, text.caller_starts, text.caller_ends
    bounds = zip(judged.first.tolist(), judged.last.tolist(), judged.form.tolist(), strict=True)
    log_odds = zip(judged.claim.tolist(), judged.sourced.tolist(), judged.unconfirmed.tolist(), strict=True)
    findings: list[Finding] = []
    for (first, last, form), (claim, sourced, unconfirmed), related in zip(
        bounds, log_odds, judged.related.tolist(), strict=True
    ):
        covering, same, earlier, past, begin, end, shown, hedged = related
        by = covering if covering >= 0 else same if same >= 0 else earlier
        is_rounded = first > begin and letters[first - 1] in _APPROXIMATORS
        if phrases.denies(begin, end) or (
            figure_rules.may_be_open(stand, begin, first, last, end)
            and figure_rules.is_open(tokens, begin, first, last, end)
        ):
            unconfirmed = max(unconfirmed, SAID_OPEN)
        elif (
            unconfirmed > 0
            and figure_rules.may_be_settled(stand, begin, first, last, end)
            and figure_rules.is_settled(tokens, begin, first, last, end, hedged)
        ):
            unconfirmed = SETTLED
        if sourced <= 0 and (
            (
                figure_rules.may_be_sourced(stand, past, begin, first, last, end, form)
                and figure_rules.is_sourced(tokens, past, begin, first, last, end, form)
            )
            or (
                covering >= 0
                and figure_rules.may_be_told(stand, begin, first)
                and is_told(text, attributions[covering], begin, first)
            )
        ):
            sourced = SAID
        is_sourced, is_open = sourced > 0, unconfirmed > 0
        findings.append(
            {
                "start": starts[first],
                "end": ends[last - 1],
                "kind": "figure",
                "sourced": is_sourced,
                "unconfirmed": is_open,
                "source": _source(attributions[by]) if is_sourced and by >= 0 else None,
                "hedge": phrases.span(shown, begin, end) if is_open else None,
                "approximator": [starts[first - 1], ends[first - 1]] if is_rounded else None,
                "why": {
                    "claim": round(claim, 2),
                    "sourced": round(sourced, 2),
                    "unconfirmed": round(unconfirmed, 2),
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


def is_told(text: Text, by: Mapping[str, Any], begin: int, figure: int) -> bool:
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


RULES = (_SHOWN_TRUE, figure_rules.is_open, figure_rules.is_settled, figure_rules.is_sourced, is_told)
"""What the compiled kernel asks in the few places where it may matter."""


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
