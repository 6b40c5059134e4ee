"""What single words and pairs of words tell of an article's manner, as somebody who reads said who saw no article.

From labelled articles alone a model learns which words go with which outlets. training/data/term_ratings.json holds
what a large language model said of terms without any article ("origin" there tells how it was asked): from -3, a mark
of careful reporting, to 3, a mark of unreliable writing, and of which kind. The text model learns one weight for each
kind beside those of the terms ("labelled features" as in Druck, Mann and McCallum 2008), so that a term that few
articles hold starts from what its kind turned out to be worth.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np
import scipy.sparse as sp

from scorer.classifier import PAIR_BITS, terms_of
from scorer.lexicon import Lexicon

RATINGS = Path(__file__).parent / "data" / "term_ratings.json"


def rated_terms(lexicon: Lexicon, pair_offset: int) -> sp.csr_matrix:
    """The ratings by feature of the text model and kind, float32 (pair_offset + 2 ** `PAIR_BITS`, kinds).

    Pairs are hashed: a place that two rated terms share, which happens with another lexicon than the one they were
    chosen with, has none.
    """
    kinds = _ratings()
    rated: dict[int, list[tuple[int, int]]] = {}
    for column, terms in enumerate(kinds.values()):
        for term, rating in terms.items():
            ids = [lexicon.id_of.get(word, 0) for word in term.split(" ")]
            if all(ids):
                found = terms_of(np.array(ids, dtype=np.int32), pair_offset)
                place = int(found.index[found.width == len(ids)][0])
                rated.setdefault(place, []).append((column, rating))
    alone = [(place, *told[0]) for place, told in rated.items() if len(told) == 1]
    places, columns, values = zip(*alone, strict=True) if alone else ((), (), ())
    shape = (pair_offset + (1 << PAIR_BITS), len(kinds))
    return sp.csr_matrix((np.array(values, dtype=np.float32), (places, columns)), shape=shape)


@cache
def _ratings() -> dict[str, dict[str, int]]:
    """Kind -> term -> rating."""
    table: dict[str, dict[str, int]] = json.loads(RATINGS.read_text(encoding="utf-8"))["ratings"]
    return table
