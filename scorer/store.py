"""Model files: arrays and JSON behind a manifest of digests. Loading reads numbers and strings; it can run no code."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scorer.article import ModelError

FORMAT = 1
"""Version of the layout below; a newer one is refused."""

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Part:
    """One learned part of a model: named arrays (memory-mapped, read-only) and JSON settings."""

    name: str
    arrays: Mapping[str, NDArray[Any]]
    meta: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Model:
    """A model on disk: a folder with `manifest.json` and, a part, `PART.json` and `PART.ARRAY.npy`."""

    folder: Path
    manifest: Mapping[str, Any]
    parts: Mapping[str, Part]

    @property
    def version(self) -> str:
        """The model's name, e.g. "2026.11"."""
        return str(self.manifest["version"])

    def part(self, name: str) -> Part:
        """The named part; raises `ModelError` where the model has none."""
        try:
            return self.parts[name]
        except KeyError:
            raise ModelError(f"model {self.folder.name} has no part '{name}'; it has {sorted(self.parts)}") from None


def models_folder() -> Path:
    """The folder the shipped models lie in: inside the installed package, or `models/` of a checkout."""
    here = Path(__file__).resolve().parent
    shipped = here / "models"
    return shipped if shipped.is_dir() else here.parent / "models"


def versions() -> list[str]:
    """Names of the shipped models, oldest first."""
    return sorted(path.parent.name for path in models_folder().glob(f"*/{MANIFEST}"))


def find(name: str | None = None) -> Path:
    """Folder of a model: by its version name, by a path, or the newest one. Raises `ModelError` naming the choices."""
    if name and (Path(name) / MANIFEST).is_file():
        return Path(name)
    known = versions()
    if name is None and known:
        return models_folder() / known[-1]
    if name in known:
        return models_folder() / str(name)
    choices = ", ".join(known) or "none"
    raise ModelError(f"no model '{name or 'default'}': shipped models: {choices}; or give a folder with {MANIFEST}")


def load(folder: Path) -> Model:
    """Load a model and verify every file against its manifest.

    Raises `ModelError` where the manifest is absent or unreadable, the format is newer than this program, a file is
    missing or was changed.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        files: Mapping[str, str] = manifest["files"]
        file_format = manifest["format"]
    except FileNotFoundError:
        raise ModelError(f"{folder} has no {MANIFEST}") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{folder / MANIFEST} is not a model manifest: {error}") from None
    if file_format != FORMAT:
        raise ModelError(f"{folder} has model format {file_format!r}, this program reads format {FORMAT}")
    for name, expected in sorted(files.items()):
        if Path(name).name != name:
            raise ModelError(f"{folder / MANIFEST} names a file outside its folder: {name!r}")
        _verify(folder / name, expected)
    names = sorted(name.removesuffix(".json") for name in files if name.endswith(".json"))
    return Model(folder, manifest, {name: load_part(folder, name, files) for name in names})


def load_part(folder: Path, name: str, files: Mapping[str, Any]) -> Part:
    """Read one part without checking digests; `files` names what belongs to the model."""
    arrays = {}
    for file in files:
        if file.startswith(f"{name}.") and file.endswith(".npy"):
            key = file[len(name) + 1 : -len(".npy")]
            try:
                arrays[key] = np.load(folder / file, mmap_mode="r", allow_pickle=False)
            except (OSError, ValueError) as error:
                raise ModelError(f"{folder / file} is not a plain array: {error}") from None
    return Part(name, arrays, json.loads((folder / f"{name}.json").read_bytes()))


def digest(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _verify(path: Path, expected: str) -> None:
    try:
        actual = digest(path)
    except OSError as error:
        raise ModelError(f"model file {path} cannot be read: {error.strerror}") from None
    if actual != expected:
        raise ModelError(
            f"model file {path} was changed: its SHA-256 is {actual[:12]}…, the manifest says {expected[:12]}…; "
            "restore it, or train the model again"
        )
