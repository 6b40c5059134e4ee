"""Writes models in the layout that `scorer.store` reads."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scorer.store import FORMAT, MANIFEST, Model, Part, digest, load_part


def write_part(
    folder: Path, name: str, arrays: Mapping[str, NDArray[Any]] | None = None, meta: Mapping[str, Any] | None = None
) -> None:
    """Write one part; what an earlier run left of it is removed first."""
    folder.mkdir(parents=True, exist_ok=True)
    for stale in folder.glob(f"{name}.*.npy"):
        stale.unlink()
    for key, array in (arrays or {}).items():
        np.save(folder / f"{name}.{key}.npy", np.ascontiguousarray(array), allow_pickle=False)
    text = json.dumps(dict(meta or {}), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def open_part(folder: Path, name: str) -> Part:
    """One part of a model that is still being made."""
    return load_part(folder, name, {path.name: "" for path in folder.glob(f"{name}.*")})


def write_manifest(folder: Path, version: str, **about: Any) -> None:
    """Seal a model: the digest of every part's files, and whatever `about` says of it."""
    files = {
        path.name: digest(path)
        for path in sorted(folder.iterdir())
        if path.suffix in (".json", ".npy") and path.name != MANIFEST
    }
    document = {"format": FORMAT, "version": version, "files": files, **about}
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def open_unsealed(folder: Path) -> Model:
    """A model that is still being made: the parts it has, without a manifest to verify them by."""
    files = {path.name: "" for path in folder.iterdir() if path.suffix in (".json", ".npy") and path.name != MANIFEST}
    names = sorted(name.removesuffix(".json") for name in files if name.endswith(".json"))
    return Model(folder, {"version": "unsealed"}, {name: load_part(folder, name, files) for name in names})
