"""A model file is numbers and strings behind digests: what was changed, or could run code, is refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from scorer import ModelError, Scorer
from scorer.store import MANIFEST, find, load, models_folder, versions


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(models_folder() / versions()[-1], tmp_path / "model"))


def test_a_copied_model_loads_from_its_folder(copied: Path) -> None:
    assert load(copied).version == versions()[-1]


@pytest.mark.parametrize("pattern", ["*.npy", "*.json"])
def test_one_changed_byte_is_refused(copied: Path, pattern: str) -> None:
    victim = next(path for path in sorted(copied.glob(pattern)) if path.name != MANIFEST)
    data = bytearray(victim.read_bytes())
    data[-2] ^= 1
    victim.write_bytes(bytes(data))
    with pytest.raises(ModelError, match=f"{victim.name} was changed"):
        Scorer(copied)


def test_a_missing_file_is_named(copied: Path) -> None:
    (copied / "lexicon.json").unlink()
    with pytest.raises(ModelError, match=r"lexicon\.json cannot be read"):
        load(copied)


def test_a_pickle_is_never_read_even_with_a_right_digest(copied: Path, tmp_path: Path) -> None:
    # given an object array (NumPy stores it as a pickle) that the manifest vouches for
    from training.store import write_manifest

    np.save(copied / "text.weights.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    write_manifest(copied, "evil")
    # then loading refuses it
    with pytest.raises(ModelError, match="not a plain array"):
        load(copied)


def test_a_newer_format_is_refused(copied: Path) -> None:
    manifest = json.loads((copied / MANIFEST).read_bytes())
    (copied / MANIFEST).write_text(json.dumps({**manifest, "format": 99}))
    with pytest.raises(ModelError, match="format 99"):
        load(copied)


def test_a_manifest_cannot_point_outside_its_folder(copied: Path) -> None:
    manifest = json.loads((copied / MANIFEST).read_bytes())
    (copied / MANIFEST).write_text(json.dumps({**manifest, "files": {"../x.json": "0"}}))
    with pytest.raises(ModelError, match="outside its folder"):
        load(copied)


def test_an_unknown_model_names_the_choices() -> None:
    with pytest.raises(ModelError, match=versions()[-1]):
        find("1999.01")


def test_every_released_model_loads_and_stays_small() -> None:
    for version in versions():
        folder = models_folder() / version
        assert load(folder).version == version
        assert sum(path.stat().st_size for path in folder.iterdir()) < 12_000_000
    assert sum(path.stat().st_size for path in models_folder().rglob("*") if path.is_file()) < 30_000_000
