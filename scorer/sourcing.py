"""How an article leans on its sources, as numbers: counts of what was found -> the features of the attribution signal.

Of the features, the verdict weighs those that training/expectations.json names. They are made so that one more
attribution to somebody who is told (a person, an organisation, a document) moves each of them to the side that lowers
risk, or not at all: what is told is one share, and shares of who is not told can only shrink.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

IDENTIFIED = ("named", "organisation", "document")
"""Kinds of source a reader could go and ask."""


class Sourcing(NamedTuple):
    """Counts over one article.

    Attributes:
        kinds: attributions by kind of source (`scorer.mentions.KINDS`, every kind present), sourceless ones as vague.
        sourceless: attributions that name nobody at all.
        quoted: attributions with a source whose content is in quotation marks.
        sources: different sources.
        attributed: sentences that an attribution with a source touches.
        sentences, words: of the body.
    """

    kinds: Mapping[str, int]
    sourceless: int
    quoted: int
    sources: int
    attributed: int
    sentences: int
    words: int

    def features(self) -> dict[str, float]:
        """Shares of the attributions, of the sentences, and rates for each 100 words; none is negative."""
        kinds, sourceless, quoted, sources, attributed, sentences, words = self
        total = sum(kinds.values())
        words, share_of = words or 1, total or 1
        return {
            "attributed_share": attributed / (sentences or 1),
            "per_100_words": 100 * total / words,
            "distinct_per_100_words": math.log1p(100 * sources / words),
            "identified_share": sum(map(kinds.__getitem__, IDENTIFIED)) / share_of,
            "named_share": kinds["named"] / share_of,
            "organisation_share": kinds["organisation"] / share_of,
            "document_share": kinds["document"] / share_of,
            "anonymous_share": kinds["anonymous"] / share_of,
            "vague_share": kinds["vague"] / share_of,
            "quoted_share": quoted / (total - sourceless or 1),
            "sourceless_per_100_words": 100 * sourceless / words,
        }
