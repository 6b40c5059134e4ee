"""The compiled kernel, where there is one: the innermost loops of scoring in C, with the same results to the last bit.

`native` is the compiled module, or None: then everything is done in Python and numpy, a few times slower. A wheel or
`make setup` builds it where a C compiler is found (hatch_build.py); `CREDENCE_PURE=yes` leaves it aside.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import numpy as np

VARIABLE = "CREDENCE_PURE"

INTERFACE = 16
"""Raised with every change of what the module offers: one built from other sources is left aside."""

BOOL, UINT8, INT32, INT64 = np.dtype(np.bool_), np.dtype(np.uint8), np.dtype(np.int32), np.dtype(np.int64)
FLOAT32, FLOAT64 = np.dtype(np.float32), np.dtype(np.float64)
"""Kinds of the numbers in the module's answers, for `numpy.frombuffer`: told a class, it would look its kind up."""

KINDS = (INT32, FLOAT32, UINT8, INT64, FLOAT64, np.dtype(np.int16), np.dtype(np.int8))
"""Kinds of the arrays that the module takes, the commonest first."""


def load(environ: Mapping[str, str] = os.environ) -> Any:
    """The compiled module, or None where it was not built for this Python or is not wanted."""
    if environ.get(VARIABLE, "").lower() in ("1", "true", "yes", "on"):
        return None
    try:
        module = import_module("scorer.kernel.native")
    except ImportError:
        return None
    if module.INTERFACE != INTERFACE:
        return None
    module.known_arrays(*(np.zeros((2, 3), kind) for kind in KINDS))
    return module


native: Any = load()
"""The compiled module or None. What uses it looks here when it is made, so that a test can make both."""


def tables(formats: str, *arrays: Any) -> Any:
    """Arrays that every text is held against, taken by the kernel once, a letter for the kind of each."""
    return None if native is None else native.tables(formats, *arrays)


def name() -> str:
    """What scores: `compiled` or `python`."""
    return "python" if native is None else "compiled"
