"""A table that is mostly zeros comes back as it was, from a fraction of the room."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorer.sparse import packed, spread
from scorer.store import Part, load_part
from training.store import write_part

HALVES = st.floats(width=16, allow_nan=False, allow_infinity=False)


@given(st.lists(st.one_of(st.just(0.0), HALVES), max_size=70))
def test_what_half_precision_holds_comes_back_to_the_bit(values: list[float]) -> None:
    table = np.array(values, dtype=np.float32)
    found = spread(Part("text", packed("idf", table), {}), "idf")
    assert found.dtype == np.float32
    assert found[: len(table)].tolist() == table.tolist()
    assert not found[len(table) :].any()
    assert len(found) - len(table) < 8


def test_a_packed_table_survives_the_disk_in_less_room(tmp_path: Path) -> None:
    # given a table of which one place in four is filled
    table = np.zeros(8_000, dtype=np.float32)
    table[::4] = 1.5
    # when it is written and read again
    write_part(tmp_path, "text", packed("idf", table))
    files = {path.name: "" for path in tmp_path.glob("text.*.npy")}
    # then nothing is lost, and it takes a sixth
    assert np.array_equal(spread(load_part(tmp_path, "text", files), "idf"), table)
    assert sum((tmp_path / name).stat().st_size for name in files) < table.nbytes / 6


def test_a_table_kept_whole_is_read_as_well() -> None:
    whole = np.array([0.0, 2.0, 0.0], dtype=np.float16)
    assert spread(Part("text", {"idf": whole}, {}), "idf").tolist() == [0.0, 2.0, 0.0]


def test_a_value_too_small_for_half_precision_keeps_its_place() -> None:
    table = np.array([1e-12, 0.0, 3.0], dtype=np.float32)
    assert spread(Part("text", packed("weights", table), {}), "weights").tolist()[:3] == pytest.approx([0, 0, 3.0])
