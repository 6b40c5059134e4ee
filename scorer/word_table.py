"""The tagger's table of words in less room: frequent words in 8 bits a number, rare ones in 4.

Words are in order of how many documents use them. What a rare word's vector adds is coarse anyway, learned from few
uses; measured, nothing is lost (docs/model/experiments.md, Attribution).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from scorer.store import Part

FREQUENT = 4_000
"""Words that keep 8 bits a number: nine in ten tokens of news."""

WIDTH = 3.0
"""Standard deviations of a column that 4 bits reach to; what lies beyond is cut."""

LEVELS = 7
"""Steps to either side of zero in 4 bits."""


def packed(words: NDArray[np.int8]) -> dict[str, NDArray[Any]]:
    """A table (V, D), D even, as arrays to store: `words` (the frequent ones), `rare` and `rare_steps`."""
    frequent, rare = words[:FREQUENT], words[FREQUENT:]
    if not len(rare):
        return {"words": words}
    steps = np.maximum(rare.std(axis=0, dtype=np.float64) * WIDTH / LEVELS, 1e-3).astype(np.float32)
    levels = (np.clip(np.rint(rare / steps), -LEVELS, LEVELS) + LEVELS).astype(np.uint8)
    return {"words": frequent, "rare": levels[:, ::2] << 4 | levels[:, 1::2], "rare_steps": steps}


def unpacked(part: Part) -> Part:
    """The part with its table of words whole, (V, D) int8; a part that was never packed comes back as it is."""
    if "rare" not in part.arrays:
        return part
    rare = np.asarray(part.arrays["rare"])
    levels = np.stack([rare >> 4, rare & 15], axis=2).reshape(len(rare), -1).astype(np.int8) - np.int8(LEVELS)
    values = np.clip(np.rint(levels * np.asarray(part.arrays["rare_steps"])), -127, 127).astype(np.int8)
    arrays = {name: array for name, array in part.arrays.items() if not name.startswith("rare")}
    return Part(part.name, {**arrays, "words": np.concatenate([np.asarray(part.arrays["words"]), values])}, part.meta)
