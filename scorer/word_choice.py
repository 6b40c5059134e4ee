"""What the words of a body say: the text model and the genre's tables, looked up together, and the terms that say most.

Every term of a body is looked up in four tables. They lie beside each other, a row a term, so that memory is asked once
a term; the sums are numpy's, over the same numbers in the same order as table by table.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scorer import kernel
from scorer.classifier import LOST_WITH_ONE, SUBLINEAR, Array, Terms, TextModel, lost_with_one
from scorer.genre import Genre
from scorer.text import Text

TOP_TERMS = 10
"""How many terms are shown."""

LOOKED_AT = 4 * TOP_TERMS
"""Among how many of the strongest they are chosen: pairs overlap words."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The words of one body.

    Attributes:
        logit: log-odds of the low tier at the balance of the training weights (not calibrated).
        opinion, satire: what they add to the log-odds of the two genres.
        amounts: float64 (f,), what each term adds to `logit`.
        terms: the terms; None where the kernel counted them, whose `places` then hold
        places: int32 (3 f,): the token each term is met at first, tokens it covers, how often it is met.
    """

    logit: float
    opinion: float
    satire: float
    amounts: Array
    terms: Terms | None
    places: NDArray[np.int32] | None = None


class WordChoice:
    """Weighs the words of bodies by a text model and the tables that a genre has for bodies."""

    def __init__(self, text_model: TextModel, genre: Genre) -> None:
        self.text_model = text_model
        self.genre = genre
        self.table: NDArray[np.float32] | None = None
        if kernel.native is not None:
            tables = (text_model.idf, text_model.weights, genre.satire, genre.opinion)
            self.table = np.zeros((max(map(len, tables)), len(tables)), dtype=np.float32)
            for column, table in enumerate(tables):
                self.table[: len(table), column] = table
            self.limits = (len(genre.satire), len(genre.opinion))
            # kept once: what looks into one table alone looks into its column
            text_model.idf, text_model.weights = self.table[: len(tables[0]), 0], self.table[: len(tables[1]), 1]
            genre.satire = self.table[: len(genre.satire), 2]

    def of(self, body: Text) -> Choice:
        """The words of a body, looked up."""
        model = self.text_model
        if kernel.native is not None and self.table is not None:
            words = body.words if model.counted is None else model.counted.take(body.words)
            rows, count, (in_satire, in_opinion) = kernel.native.weigh(
                words, (body.shapes, body.sentence_tokens, *model.mask), model.pair_offset, model.pair_bits,
                self.table, self.table.shape[1], SUBLINEAR, self.limits,
            )  # fmt: skip
            if rows is not None:
                value, weights, satire, opinion = np.frombuffer(rows, kernel.FLOAT64, 4 * count).reshape(4, count)
                weighted = value / (math.sqrt(value @ value) or 1.0)
                amounts = weighted * weights
                return Choice(
                    float(amounts.sum()) + model.intercept,
                    float(weighted[:in_opinion] @ opinion[:in_opinion]),
                    float(weighted[:in_satire] @ satire[:in_satire]),
                    amounts,
                    None,
                    np.frombuffer(rows, kernel.INT32, 3 * count, 32 * count),
                )
        terms, weighted = model.terms(body)
        amounts = weighted * model.weights.take(terms.index)
        return Choice(
            float(amounts.sum()) + model.intercept,
            *self.genre.body_logits(terms, weighted),
            amounts=amounts,
            terms=terms,
        )


def top_terms(choice: Choice, body: Text, share: float, is_positive: bool) -> list[dict[str, Any]]:
    """What speaks most for the side the words are on: without it the article reads otherwise.

    `share` is what a unit of the text's log-odds counts in the verdict, `is_positive` which side it is. The strongest
    of both sides would cancel: taking them away moved the risk more than taking random words on 73 % of articles only
    (tests/scorer/test_explanations.py).
    """
    if choice.terms is None:
        findings: list[dict[str, Any]] = kernel.native.top_terms(
            choice.amounts, share, is_positive, choice.places, LOST_WITH_ONE, body.caller_starts, body.caller_ends,
            LOOKED_AT, TOP_TERMS,
        )  # fmt: skip
        return findings
    terms, amounts = choice.terms, choice.amounts * share
    toward = amounts if is_positive else -amounts
    # of a word that comes again, one occurrence counts little: its share of the sublinear count
    alone = toward * lost_with_one(terms.count)
    found: list[dict[str, Any]] = []
    for place in strongest(alone, terms, LOOKED_AT, TOP_TERMS):
        first = int(terms.first[place])
        start, end = body.token_span(first, first + int(terms.width[place]))
        found.append({"start": start, "end": end, "contribution": float(amounts[place])})
    return sorted(found, key=lambda term: (term["start"], term["end"]))


def strongest(values: Array, terms: Terms, looked_at: int, wanted: int) -> list[int]:
    """The terms of the largest values, no two over one token, among the `looked_at` largest of all."""
    among = (
        np.flatnonzero(values >= np.partition(values, -looked_at)[-looked_at])
        if len(values) > looked_at
        else np.arange(len(values))
    )
    found: list[int] = []
    taken: set[int] = set()
    for place in among[np.argsort(-values[among], kind="stable")[:looked_at]].tolist():
        first, width = int(terms.first[place]), int(terms.width[place])
        if taken.isdisjoint(range(first, first + width)):
            taken.update(range(first, first + width))
            found.append(place)
        if len(found) == wanted:
            break
    return found
