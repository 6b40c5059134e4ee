"""Tables that are mostly zeros, kept on disk as a bit for each place and the values of the places that are not zero.

A table of hashed pairs is two thirds empty: few pairs are written by enough sources to be learned. What is left is kept
in half precision, which moves no log-odds by a thousandth (measured: docs/model/experiments.md), and spread out to a
plain float32 table when the model is opened.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from scorer.store import Part

PLACES = "_places"
"""What the array of bits is called after the table it belongs to."""


def packed(name: str, table: NDArray[Any]) -> dict[str, NDArray[Any]]:
    """The two arrays a one-dimensional table is kept in: `name` float16 (values that are not zero), and its places as
    bits, uint8 (len / 8, rounded up).
    """
    return {name: table[table != 0].astype(np.float16), name + PLACES: np.packbits(table != 0)}


def spread(part: Part, name: str) -> NDArray[np.float32]:
    """The table, float32, with zeros behind it up to a multiple of 8.

    One that is kept whole (models made before tables were packed) comes as it is.
    """
    values = np.asarray(part.arrays[name], dtype=np.float32)
    if name + PLACES not in part.arrays:
        return values
    places = np.unpackbits(part.arrays[name + PLACES]).view(np.bool_)
    table = np.zeros(len(places), dtype=np.float32)
    table[places] = values
    return table
