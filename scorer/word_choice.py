"""What the words of a body say: the text model and the genre's tables, looked up together, and the terms that say most.

Every term of a body is looked up in four tables. They lie beside each other, a row a term, so that memory is asked once
a term; the sums are numpy's, over the same numbers in the same order as table by table.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from scorer import kernel
from scorer.classifier import LOST_WITH_ONE, SUBLINEAR, Array, Terms, TextModel, lost_with_one
from scorer.genre import Genre
from scorer.text import Text
from scorer.values import value

TOP_TERMS = 10
"""How many terms are shown."""

LOOKED_AT = 4 * TOP_TERMS
"""Among how many of the strongest they are chosen: pairs overlap words."""


@value(frozen=True, slots=True)
class Choice:
    """The words of one body.

    Attributes:
        logit: log-odds of the low tier at the balance of the training weights (not calibrated).
        opinion, satire: what they add to the log-odds of the two genres.
        terms: the terms; None where the kernel counted them.
        amounts: float64 (f,), what each term adds to `logit`; None where the kernel counted them.
        rows: where it did, what it says of each term: float64 (4, f), the second of them the amounts, and behind them
            int32 (3, f), the token each term is met at first, tokens it covers, how often it is met.
    """

    logit: float
    opinion: float
    satire: float
    terms: Terms | None
    amounts: Array | None
    rows: bytearray | None = None


class WordChoice:
    """Weighs the words of bodies by a text model and the tables that a genre has for bodies."""

    def __init__(self, text_model: TextModel, genre: Genre) -> None:
        self.text_model = text_model
        self.genre = genre
        self.weigher: Any = None
        if kernel.native is not None:
            tables = (text_model.idf, text_model.weights, genre.satire, genre.opinion)
            table = np.zeros((max(map(len, tables)), len(tables)), dtype=np.float32)
            for column, values in enumerate(tables):
                table[: len(values), column] = values
            self.weigher = kernel.native.Weigher(
                table, len(tables), SUBLINEAR, LOST_WITH_ONE, (len(genre.satire), len(genre.opinion)),
                text_model.pair_offset, text_model.pair_bits, text_model.mask, text_model.counted,
            )  # fmt: skip
            # kept once: what looks into one table alone looks into its column
            text_model.idf, text_model.weights = table[: len(tables[0]), 0], table[: len(tables[1]), 1]
            genre.satire = table[: len(genre.satire), 2]

    def of(self, body: Text) -> Choice:
        """The words of a body, looked up."""
        model = self.text_model
        if kernel.native is not None and self.weigher is not None:
            weighed = self.weigher.weigh(body.words, body.shapes, body.sentence_tokens)
            if weighed is not None:
                rows, count, in_satire, in_opinion = weighed
                told = np.frombuffer(rows, kernel.FLOAT64, 4 * count)
                weighted = told[:count]
                added = self.weigher.amounts(rows, math.sqrt(weighted.dot(weighted)) or 1.0)  # now they are weighted
                opinion = told[:in_opinion].dot(told[3 * count : 3 * count + in_opinion])
                satire = told[:in_satire].dot(told[2 * count : 2 * count + in_satire])
                return Choice(added + model.intercept, float(opinion), float(satire), None, None, rows)
        terms, weighted = model.terms(body)
        amounts = weighted * model.weights.take(terms.index)
        opinion, satire = self.genre.body_logits(terms, weighted)
        return Choice(float(amounts.sum()) + model.intercept, opinion, satire, terms, amounts)

    def top_terms(self, choice: Choice, body: Text, share: float, is_positive: bool) -> list[dict[str, Any]]:
        """What speaks most for the side the words are on: without it the article reads otherwise.

        `share` is what a unit of the text's log-odds counts in the verdict, `is_positive` which side it is. The
        strongest of both sides would cancel: taking them away moved the risk more than taking random words on 73 % of
        articles only (tests/scorer/test_explanations.py).
        """
        if choice.terms is None or choice.amounts is None:
            findings: list[dict[str, Any]] = self.weigher.top_terms(
                choice.rows, share, is_positive, body.caller_starts, body.caller_ends, LOOKED_AT, TOP_TERMS
            )
            return findings
        return top_terms(choice.terms, choice.amounts * share, body, is_positive)


def top_terms(terms: Terms, amounts: Array, body: Text, is_positive: bool) -> list[dict[str, Any]]:
    """Of terms that add these amounts, those that say most for one side, as findings in order."""
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
