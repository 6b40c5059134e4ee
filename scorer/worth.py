"""What a person's review of an article is worth: the order of the queue (a pure function; docs/dashboard.md tells it).

    worth = (UNCERTAIN uncertainty + SURPRISING surprise) x (1 + reach share) x SECOND^(verdicts there are already)

- *uncertainty*, 0 to 1: entropy in bits of the risk, 1 where the model could toss a coin (uncertainty sampling, Lewis
  and Gale 1994, SIGIR).
- *surprise*, 0 to 1: how far the article's log-odds lie from what its source's record lets expect, in standard
  deviations of that expectation, 1 from three on. 0 where nothing is known of the source but this article.
- *reach share*, 0 to 1: log(1 + reach) / log(1 + a million). A mistake costs by how many read it; the logarithm keeps
  one article that went around the world from hiding all others. 0 where the reach is unknown.
- *verdicts*: a second opinion is worth less than a first. It is not worth nothing: without articles that two people
  judged, nobody knows how far people agree.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from scorer.logodds import logit
from scorer.sources import EDGE, LEVEL, OWN_SD, SHARED_SD, SLOPE

UNCERTAIN, SURPRISING = 0.6, 0.4
"""Shares of the two reasons; a convention, nothing we have measures it."""

SECOND = 0.25
"""What a further opinion is worth beside the one before; a convention."""

FULL_SURPRISE = 3.0
"""Standard deviations from which on an article is as surprising as can be."""

FULL_REACH = 1_000_000
"""Readers from which on reach counts fully."""

INTERVAL_SDS = 2 * 1.6449
"""Width of a 90 % interval in standard deviations."""


@dataclass(frozen=True, slots=True)
class Record:
    """A source's reliability with its 90 % interval, 0 to 1, and how many articles and ratings it rests on."""

    reliability: float
    low: float
    high: float
    evidence: int


@dataclass(frozen=True, slots=True)
class Worth:
    """What a review is worth (0 to 2), and the parts it is made of."""

    value: float
    uncertainty: float
    surprise: float
    reach_share: float
    direction: int
    """1 where the article reads worse than its source's record, -1 where better, 0 without a surprise."""


def worth(risk: float, reach: int | None = None, record: Record | None = None, verdicts: int = 0) -> Worth:
    """What a review of an article with this risk (at the base rate 30 %) is worth."""
    unsure = uncertainty(risk)
    deviation = 0.0 if record is None else deviation_of(risk, record)
    surprise = min(1.0, abs(deviation) / FULL_SURPRISE)
    share = 0.0 if not reach else min(1.0, math.log1p(reach) / math.log1p(FULL_REACH))
    value = (UNCERTAIN * unsure + SURPRISING * surprise) * (1 + share) * SECOND**verdicts
    direction = 0 if deviation == 0 else 1 if deviation > 0 else -1
    return Worth(value, unsure, surprise, share, direction)


def uncertainty(risk: float) -> float:
    """Entropy of a risk in bits, 0 to 1.

    >>> uncertainty(0.5), uncertainty(0.0)
    (1.0, 0.0)
    """
    return -sum(share * math.log2(share) for share in (risk, 1 - risk) if share > 0)


def deviation_of(risk: float, record: Record) -> float:
    """How far an article's log-odds lie above what its source's record lets expect, in standard deviations.

    0 where the record rests on one piece of evidence or none: that may be this very article.
    """
    if record.evidence < 2:
        return 0.0
    expected = LEVEL - SLOPE * record.reliability
    spread = SLOPE * (record.high - record.low) / INTERVAL_SDS
    sd = math.sqrt(OWN_SD**2 + SHARED_SD**2 + spread**2)
    return (logit(min(max(risk, EDGE), 1 - EDGE)) - expected) / sd
