"""Does an article's body take up its headline: idf-weighted overlap of word stems, looked up by word id.

The measures are those that the better systems of the Fake News Challenge (2017) share for telling related headlines
from unrelated ones: weighted overlap, lead and best-sentence coverage, pairs in sequence, cosine, words taken up in
their beginnings. Beside rarity stands how a word behaves between title and body in published articles: "Egypt" in a
title is nearly always taken up, "reportedly" is not, so that the first weighs more where it is missing. Boosted trees
divide (training/headline.py).
"""

from __future__ import annotations

from math import log1p, sqrt
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scorer import kernel
from scorer.forest import Forest
from scorer.lexicon import Shape
from scorer.store import Part
from scorer.text import Text

LEAD_TOKENS = 80
"""Tokens of the body that count as its lead."""

EARLY_CHARACTERS = 600
"""Characters of the body that count as its beginning."""

MAX_SOUGHT = 40
"""Words of a title that are sought in the body letter by letter; past them the stems alone tell."""

UNSEEN_NUMBERS = 0.5
"""Share of its numbers that a body takes up where the title has none: neither for nor against."""

FEATURES = (
    "coverage", "plain_coverage", "lead", "sentence", "stretch", "pairs",
    "rarest_found", "rarest_missing", "repeated", "cosine", "log_title", "log_body",
    "begun", "begun_early", "rarest_begun_early", "rarest_begun", "rarest_not_begun", "numbers",
    "evidence", "evidence_for", "evidence_against", "mean_evidence", "worst_evidence", "evidence_at_risk",
)  # fmt: skip

_IS_WORD = np.ones(16, dtype=bool)
_IS_WORD[[Shape.PUNCTUATION, Shape.QUOTE_OPEN, Shape.QUOTE_CLOSE, Shape.QUOTE_STRAIGHT, Shape.CURRENCY]] = False
FloatArray = NDArray[np.float32]
IntArray = NDArray[np.int32]


class Overlap(NamedTuple):
    """What title and body share.

    `measures` float32 (len(FEATURES),); `missing`: indices of the title's content words that the body does not take up.
    """

    measures: FloatArray
    missing: list[int]


class Judgement(NamedTuple):
    """Log-odds that title and body belong together, the share of the title taken up, and what of it is `missing`."""

    log_odds: float
    coverage: float
    missing: list[int]


class Agreement:
    """Measures of overlap between title and body, and the odds that they belong together.

    `stems` int (V,): stem of each word id, 0 for words that carry no content and for unknown words; `idf` float
    (number of stems,); `evidence` float (2, number of stems): log-odds that title and body belong together where a
    title's word is taken up, and where it is not. Stem 0 stands for unknown words in it.
    """

    def __init__(self, part: Part) -> None:
        self.stems: NDArray[np.uint16] = np.asarray(part.arrays["stems"], dtype=np.uint16)
        self.idf: FloatArray = np.asarray(part.arrays["idf"], dtype=np.float32)
        self.first_ending = int(part.meta["first_ending"])
        self.unknown_idf = float(part.meta["unknown_idf"])
        self.evidence: FloatArray = np.asarray(part.arrays["evidence"], dtype=np.float32)
        self._tables = kernel.tables(
            "HffBqd", self.stems, self.idf, self.evidence, _IS_WORD.view(np.uint8),
            np.array([self.first_ending, LEAD_TOKENS, EARLY_CHARACTERS, MAX_SOUGHT], dtype=np.int64),
            np.array([self.unknown_idf, UNSEEN_NUMBERS]),
        )  # fmt: skip
        if "agreement_feature" in part.arrays:
            self.forest = Forest.of(part.arrays, "agreement", float(part.meta["agreement_bias"]))

    def content(self, title: Text) -> IntArray:
        """Indices of the title's tokens that carry content: neither punctuation nor function words."""
        return np.flatnonzero(_IS_WORD[title.shapes] & ((self.stems[title.words] > 0) | self._unknown(title))).astype(
            np.int32
        )

    def _unknown(self, text: Text) -> NDArray[np.bool_]:
        return text.words >= self.first_ending

    def overlap(self, title: Text, body: Text) -> Overlap | None:
        """What the body takes up of the title; None where the title has no content word or the body no token."""
        if len(body.words) == 0:
            return None
        if kernel.native is None:
            return self._counted(title, body)
        found = self._compiled(title, body, None)
        return None if found is None else Overlap(np.frombuffer(found[3], kernel.FLOAT32), found[2])

    def judged(self, title: Text, body: Text) -> Judgement | None:
        """What `overlap` says, in short; None where there is none."""
        if len(body.words) == 0:
            return None
        if kernel.native is None:
            overlap = self._counted(title, body)
            return overlap and Judgement(self.log_odds(overlap.measures), float(overlap.measures[0]), overlap.missing)
        found = self._compiled(title, body, self.forest.tables)
        return None if found is None else Judgement(*found[:3])

    def _counted(self, title: Text, body: Text) -> Overlap | None:
        tokens = self.content(title)
        if len(tokens) == 0:
            return None
        stems = self.stems[title.words[tokens]]
        idf = np.where(stems > 0, self.idf[stems], self.unknown_idf).astype(np.float32)
        order = np.zeros(len(self.idf), dtype=np.int32)  # stem -> 1 + its place among the title's content words
        order[stems[::-1]] = np.arange(len(stems), 0, -1, dtype=np.int32)
        order[0] = 0
        body_stems = self.stems[body.words]
        place = order[body_stems]
        hits = np.flatnonzero(place)
        where = place[hits] - 1
        counts = np.bincount(where, minlength=len(stems))[np.maximum(order[stems] - 1, 0)] * (stems > 0)
        lowered = body.normal[body.start : body.end].lower()
        words = [title.tokens[index].lower() for index in tokens]
        for index in np.flatnonzero(stems == 0)[:MAX_SOUGHT]:
            counts[index] = min(lowered.count(words[index]), 3)
        found = counts > 0
        # idf comes from half precision: sums of it are exact in double precision, whatever their order
        exact = idf.astype(np.float64)
        total = float(exact.sum())
        of_sentence = np.searchsorted(body.sentence_tokens, hits, side="right") - 1
        sentences = max(len(body.sentences), int(of_sentence.max(initial=0)) + 1)
        present = np.zeros((sentences, len(stems)))
        present[of_sentence, where] = 1.0
        with np.errstate(invalid="ignore"):  # some builds of the matrix library raise the flag on sound numbers
            covered = present @ exact
            stretch = np.maximum(present[1:], present[:-1]) @ exact  # a sentence together with the one before it
        lead = np.zeros(len(stems), dtype=bool)
        lead[where[hits < LEAD_TOKENS]] = True
        rank = np.cumsum(body_stems > 0)[hits]
        following = (rank[1:] - rank[:-1] == 1) & (where[1:] - where[:-1] == 1)
        chained = len(set(where[1:][following].tolist()))
        strongest = np.argsort(-idf, kind="stable")
        often = np.array(list(map(log1p, counts.tolist())))
        measures = np.array(
            [
                exact[found].sum() / total,
                np.count_nonzero(found) / len(found),
                exact[lead].sum() / total,
                covered.max(initial=0.0) / total,
                max(float(stretch.max(initial=0.0)), float(covered.max(initial=0.0))) / total,
                chained / max(1, len(stems) - 1),
                found[strongest[:2]].mean(),
                idf[~found].max(initial=0.0) / 10.0,
                _in_order(exact * often) / total,
                _in_order(idf**2 * often) / max(self._norm(body_stems, idf), 1e-6),
                log1p(len(stems)) / 3.0,
                log1p(len(body.words)) / 8.0,
                *_begun(words, exact, strongest, found, lowered),
                *self._weighed(stems, found),
            ],
            dtype=np.float32,
        )
        return Overlap(measures, tokens[~found].tolist())

    def _weighed(self, stems: NDArray[np.uint16], found: NDArray[np.bool_]) -> tuple[float, ...]:
        """What the words taken up and those missing say, each by how it behaves in published articles."""
        # evidence comes from half precision: sums of it are exact in double precision
        taken_up, missing = self.evidence[:, stems].tolist()
        is_found = found.tolist()
        for_it = [value for value, there in zip(taken_up, is_found, strict=True) if there]
        against = [value for value, there in zip(missing, is_found, strict=True) if not there]
        gained, lost = sum(for_it), sum(against)
        return (
            (gained + lost) / 20.0,
            gained / 20.0,
            lost / 5.0,
            (gained + lost) / len(stems),
            min(for_it + against) / 5.0,
            sum(missing) / 5.0,
        )

    def _compiled(self, title: Text, body: Text, trees: Any) -> tuple[float, float, list[int], bytes] | None:
        """Both, by the compiled kernel: log-odds where there are trees, coverage, what is missing, the measures."""
        found: tuple[float, float, list[int], bytes] | None = kernel.native.overlap(
            self._tables, trees, title.words, title.shapes, title.tokens, body.words, body.sentence_tokens,
            body.origin.text, body.start, body.end,
        )  # fmt: skip
        return found

    def _norm(self, body_stems: NDArray[np.uint16], idf: FloatArray) -> float:
        """Length of the title's vector times the body's, for the cosine."""
        stems, first, repeats = np.unique(body_stems, return_index=True, return_counts=True)
        order = np.argsort(first)
        order = order[stems[order] > 0]
        weights = np.array(list(map(log1p, repeats[order].tolist()))) * self.idf[stems[order]]
        title = np.float32((idf.astype(np.float64) ** 2).sum())
        return sqrt(_in_order(weights * weights) * float(title))

    def log_odds(self, measures: FloatArray) -> float:
        """Log-odds that the body belongs to the headline."""
        return float(self.forest.scores(measures[None, :])[0])


def _in_order(values: NDArray[np.floating[Any]]) -> float:
    """The sum, a value after the other, so that the compiled kernel's rounds alike."""
    return float(np.cumsum(values)[-1]) if len(values) else 0.0


def _begun(
    words: list[str], idf: NDArray[np.float64], strongest: NDArray[np.intp], found: NDArray[np.bool_], lowered: str
) -> tuple[float, ...]:
    """Which of the title's words the body takes up in their beginnings: what no stemmer joins (Egypt, Egyptian)."""
    anywhere, early = found.copy(), np.zeros(len(words), dtype=bool)
    opening = lowered[:EARLY_CHARACTERS]
    for index, word in enumerate(words[:MAX_SOUGHT]):
        beginning = word[: max(4, len(word) - 3)]
        anywhere[index] = beginning in lowered
        early[index] = beginning in opening
    numbers = [word in lowered for word in words[:MAX_SOUGHT] if word[0].isdigit()]
    total = float(idf.sum())
    return (
        float(idf[anywhere].sum()) / total,
        float(idf[early].sum()) / total,
        float(early[strongest[:2]].mean()),
        float(anywhere[strongest[:4]].mean()),
        float(idf[~anywhere].max(initial=0.0)) / 10.0,
        sum(numbers) / len(numbers) if numbers else UNSEEN_NUMBERS,
    )
