"""Python's own code, called by the kernel, may take away what the kernel was given."""

from __future__ import annotations

from typing import Any

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


def test_a_signal_may_take_itself_away() -> None:
    class Fleeting:
        def __getattribute__(self, name: str) -> Any:
            signals.clear()
            raise AttributeError(name)

        def __getattr__(self, name: str) -> dict[str, float]:
            return {"b": 4.0 if type(self) is Fleeting else 0.0}

    three = np.ones(3)
    row = kernel.native.StandardRow(
        (("a", ("b",)),), np.array([1, 0, 2], np.int32), three, three, three, three, np.zeros(1, np.int32), 1
    )
    signals: dict[str, Any] = {"a": Fleeting()}
    assert row.of(signals, 1.0)[3] == [1.0]


def test_a_part_that_begins_behind_the_text_is_refused() -> None:
    reader = kernel.native.Reader({"~": 0}, int, bool, frozenset())
    assert reader.read("short", 5, 0)[0] == []
    for start in (6, 2**62):
        with pytest.raises(ValueError, match="outside the text"):
            reader.read("short", start, 5)
