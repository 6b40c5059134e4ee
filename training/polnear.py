"""PolNeAR's gold attributions (Newell et al. 2018) as runs of tokens."""

from __future__ import annotations

import numpy as np

from scorer.tagger import Run
from scorer.text import Text
from training.corpora import Row


def gold_runs(row: Row, text: Text) -> list[dict[str, list[Run]]]:
    """The gold attributions as runs of tokens; a piece no token overlaps is left out."""
    origin = text.origin
    starts = text.starts if origin.starts is None else origin.starts[text.starts]
    ends = text.ends if origin.ends is None else origin.ends[text.ends - 1]
    found = []
    for gold in row["attributions"]:
        roles: dict[str, list[Run]] = {}
        for role in ("source", "cue", "content"):
            runs = (
                (int(np.searchsorted(ends, a, side="right")), int(np.searchsorted(starts, b, side="left")))
                for a, b in gold.get(role) or []
            )
            roles[role] = [(first, last) for first, last in runs if first < last]
        found.append(roles)
    return found
