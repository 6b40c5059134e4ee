"""Python's own code, called by the kernel, may take away what the kernel was given."""

from __future__ import annotations

import numpy as np
import pytest

from scorer import kernel

pytestmark = pytest.mark.skipif(kernel.native is None, reason="no compiler built the kernel")


def test_tokens_taken_away_while_a_title_is_read_are_noticed() -> None:
    class Keys(dict[str, int]):
        def __missing__(self, token: str) -> int:
            tokens.clear()
            return 7

    tables = kernel.native.tables(
        "qBfqd", np.arange(3), np.ones(16, np.uint8), np.zeros(64, np.float32), np.array([60, 2, 4]), np.ones(2)
    )
    tokens = [f"word{i}" for i in range(50)]
    ids = np.zeros(len(tokens), np.int32)
    with pytest.raises(ValueError, match="taken away"):
        kernel.native.wording(tables, Keys(), ids, ids, tokens)
