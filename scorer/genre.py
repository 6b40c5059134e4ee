"""News, opinion or satire: how an article is told, apart from whether its source is reliable.

Four things tell: the words of the body, those of the headline, what the signals measured (who speaks, how often
somebody is quoted, sentence lengths, questions), and for satire how the opening is spelled (character_grams.py). All of
it is one sum of look-ups a genre.
"""

from __future__ import annotations

import math

import numpy as np

from scorer import kernel
from scorer.character_grams import LOGARITHM, from_part
from scorer.classifier import LOST_WITH_ONE, SUBLINEAR, Array, Terms, terms_of
from scorer.sparse import spread
from scorer.store import Part
from scorer.text import Text

OPENING_CHARACTERS = 2_000
"""Characters at the head of the body that are read for satire."""


class Genre:
    """Shares of the three genres from body, title and signals.

    The part holds tables for the body, masked as in the text model: `opinion` over single words, `satire` over words
    and pairs (packed: scorer/sparse.py); for the headline `title_opinion` and `title_satire` over single words with
    their `title_idf`; `mean`, `scale` (k,) and `weights` (2, k: opinion, satire) of the signals' `features` that `meta`
    names; `satire_grams` (with its `_idf`) characters in a row of the body's opening; `meta` the intercepts, and
    `title_intercept`, which only a text with a headline gets. A part without the later ones (models made before they
    were there) still serves.
    """

    def __init__(self, part: Part) -> None:
        arrays, meta = part.arrays, part.meta
        tables = {name: np.asarray(array, dtype=np.float32) for name, array in arrays.items()}
        self.opinion, self.satire = tables["opinion"], spread(part, "satire")
        self.title_idf, self.title_satire = tables["title_idf"], tables["title_satire"]
        self.title_opinion = tables.get("title_opinion", np.zeros(len(self.title_idf), dtype=np.float32))
        tables_of_title = (self.title_idf, self.title_opinion, self.title_satire)
        # side by side, so that a word is looked up in all of them at once
        alike = kernel.native is not None and len({len(table) for table in tables_of_title}) == 1
        self.title_weigher = (
            kernel.native.Weigher(np.stack(tables_of_title, axis=1), 3, SUBLINEAR, LOST_WITH_ONE, (), 0, 0, None, None)
            if alike
            else None
        )
        self.title_weight = float(meta.get("title_weight", 1.0))
        self.features: list[tuple[str, str]] = [(signal, name) for signal, name in meta.get("features", [])]
        self.mean, self.scale = (np.asarray(arrays.get(name, []), dtype=np.float64) for name in ("mean", "scale"))
        self.weights = np.asarray(arrays.get("weights", np.zeros((2, 0))), dtype=np.float64)
        self.grams = from_part(part, "satire_grams", LOGARITHM)
        self.opinion_intercept = float(meta["opinion_intercept"])
        self.satire_intercept = float(meta["satire_intercept"])
        self.title_intercept = float(meta["title_intercept"])

    def body_logits(self, terms: Terms, weighted: Array) -> tuple[float, float]:
        """What the words of a body add to the log-odds of opinion and of satire.

        `weighted` is the body's L2-normalised tf-idf, aligned with `terms`.
        """
        opinion, satire = (
            float(weighted[:known] @ table.take(terms.index[:known]))
            for table in (self.opinion, self.satire)
            for known in (int(terms.index.searchsorted(len(table))),)  # the index is in order
        )
        return opinion, satire

    def shares(
        self, body: tuple[float, float], title: Text, standard: Array, spelling: float = 0.0
    ) -> dict[str, float]:
        """Probabilities of `news`, `opinion`, `satire`; they sum to 1.

        `body` is what `body_logits` says of it, `standard` the features in standard
        deviations, 0 where one was not measured, `spelling` what `spelling_of` says of it.
        """
        body_opinion, body_satire = body
        title_opinion, title_satire = self.title_logits(title)
        by_opinion, by_satire = self.weights.dot(standard).tolist()
        opinion = body_opinion + self.opinion_intercept + title_opinion + by_opinion
        satire = body_satire + self.satire_intercept + title_satire + by_satire + spelling
        top = max(0.0, opinion, satire)
        powers = math.exp(-top), math.exp(opinion - top), math.exp(satire - top)
        total = sum(powers)
        return {"news": powers[0] / total, "opinion": powers[1] / total, "satire": powers[2] / total}

    def spelling_of(self, body: Text) -> float:
        """What the spelling of the body's opening adds to the log-odds of satire; 0 without a body."""
        if self.grams is None or not body.tokens:
            return 0.0
        return self.grams.log_odds_of(body.normal, OPENING_CHARACTERS, body.start, body.end)

    def title_logits(self, title: Text) -> tuple[float, float]:
        """What the headline adds to the log-odds of opinion and of satire; 0 without one."""
        if not title.tokens:
            return 0.0, 0.0
        weighted, by_opinion, by_satire = self._title_words(title)
        norm = math.sqrt(weighted.dot(weighted)) or 1.0
        opinion, satire = float(weighted.dot(by_opinion)) / norm, float(weighted.dot(by_satire)) / norm
        return opinion, self.title_weight * (satire + self.title_intercept)

    def _title_words(self, title: Text) -> tuple[Array, Array, Array]:
        """The distinct words of a headline: tf-idf and what the two tables say of each; not masked, since in a headline
        capitals mark no names.
        """
        if kernel.native is not None and self.title_weigher is not None:
            weighed = self.title_weigher.weigh(title.words)
            if weighed is not None:
                rows, count = weighed
                told = np.frombuffer(rows, kernel.FLOAT64, 3 * count)
                return told[:count], told[count : 2 * count], told[2 * count :]
        terms = terms_of(title.words, len(self.title_idf))
        single = int(terms.index.searchsorted(len(self.title_idf)))
        words = terms.index[:single]
        opinion, satire = (table.take(words).astype(np.float64) for table in (self.title_opinion, self.title_satire))
        return terms.value[:single] * self.title_idf.take(words), opinion, satire
