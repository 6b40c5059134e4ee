"""News, opinion or satire: how an article is told, apart from whether its source is reliable."""

from __future__ import annotations

import math

import numpy as np

from scorer.classifier import Array, Terms, terms_of
from scorer.store import Part
from scorer.text import Text


class Genre:
    """Shares of the three genres from the words of body and title.

    The part holds float32 tables over single words (masked as in the text model): `opinion` and `satire` for the body,
    `title_satire` for the headline, and `title_idf`; `meta` the intercepts and the weight of the headline.
    """

    def __init__(self, part: Part) -> None:
        self.opinion = part.arrays["opinion"]
        self.satire = part.arrays["satire"]
        self.title_satire = part.arrays["title_satire"]
        self.title_idf = part.arrays["title_idf"]
        self.meta = {name: float(value) for name, value in part.meta.items()}

    def shares(self, terms: Terms, weighted: Array, title: Text) -> dict[str, float]:
        """Probabilities of `news`, `opinion`, `satire`; they sum to 1.

        `weighted` is the body's L2-normalised tf-idf, aligned with `terms`. A text without words is news.
        """
        single = slice(int(np.searchsorted(terms.index, len(self.opinion))))  # the index is in order
        words, values = terms.index[single], weighted[single]
        opinion = float(values @ self.opinion[words]) + self.meta["opinion_intercept"]
        satire = float(values @ self.satire[words]) + self.meta["satire_intercept"]
        satire += self.meta["title_weight"] * self.title_logit(title)
        odds = {"news": 0.0, "opinion": opinion, "satire": satire}
        top = max(odds.values())
        powers = {name: math.exp(value - top) for name, value in odds.items()}
        total = sum(powers.values())
        return {name: power / total for name, power in powers.items()}

    def title_logit(self, title: Text) -> float:
        """Log-odds that a headline is satire's, at even odds; 0 without a headline."""
        if not title.tokens:
            return 0.0
        terms = terms_of(title.words, len(self.title_idf))  # not masked: in a headline capitals mark no names
        single = terms.index < len(self.title_idf)
        weighted = terms.value[single] * self.title_idf[terms.index[single]]
        norm = float(np.sqrt(weighted @ weighted)) or 1.0
        return float(weighted @ self.title_satire[terms.index[single]]) / norm + self.meta["title_intercept"]
