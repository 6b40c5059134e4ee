"""Measured articles kept on disk, so that a second report need not measure them again; arrays and JSON, no pickle."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp

import scorer
from scorer.store import digest
from training.articles import Measured, pair_offset, without_site_lines
from training.corpora import Corpora, Row
from training.evaluate import Prepared, prepare
from training.judgements import JUDGEMENTS, OTHERS, learnable
from training.lexicon import load_reader
from training.term_ratings import rated_terms

NOT_READ = ("text", "genre", "verdict", "manifest")
"""Parts of a model that measuring articles does not read."""

VIEWS = ("clean", "plain", "cross")


def prepare_cached(corpora: Corpora, model: Path, cache: Path, say: Callable[[str], None] = print) -> Prepared:
    """What `training.evaluate.prepare` gives, from `cache` where it holds it, and else measured and stored there.

    The key is of the data files, the model's parts and the code that measures: where any has changed, articles are
    measured anew.
    """
    place = cache / key_of(corpora, model)
    if (place / "about.json").is_file():
        say(f"measured articles from {place}")
        return load(place, corpora, model)
    prepared = prepare(corpora, model)
    save(place, prepared, corpora)
    say(f"measured articles kept in {place}")
    return prepared


def key_of(corpora: Corpora, model: Path) -> str:
    """Name of the folder in the cache: a digest in hex."""
    read = ("articles", "crosscheck", *OTHERS)
    files = [path for name in read for path in sorted(corpora.folder.glob(f"{name}.jsonl*"))]
    files += [path for path in sorted(model.iterdir()) if path.name.split(".")[0] not in NOT_READ]
    files = [path for path in files if path.suffix in (".gz", ".jsonl", ".json", ".npy")]
    files.append(JUDGEMENTS)
    measuring = sorted(Path(scorer.__file__).parent.rglob("*"))
    code = [path for path in measuring if path.suffix in (".py", ".json", ".c", ".h")]
    code += [Path(__file__).parent / name for name in ("articles.py", "corpora.py", "evaluate.py", "judgements.py")]
    told = [f"{path.name} {digest(path)}" for path in (*files, *code)]
    return hashlib.sha256("\n".join((*told, *sorted(corpora.without))).encode()).hexdigest()[:32]


def save(place: Path, prepared: Prepared, corpora: Corpora) -> None:
    """Write the arrays, and which rows of the corpora they belong to; the rows themselves stay in the corpora."""
    place.mkdir(parents=True, exist_ok=True)
    about: dict[str, Any] = {
        "first_ending": prepared.first_ending,
        "rows": positions(learnable(corpora), prepared.plain.rows),
    }
    for view in VIEWS:
        measured: Measured = getattr(prepared, view)
        about[view] = {"names": [list(name) for name in measured.names], "vocabulary": measured.vocabulary}
        sp.save_npz(place / f"{view}.counts.npz", measured.counts, compressed=False)
        sp.save_npz(place / f"{view}.titles.npz", measured.title_counts, compressed=False)
        profiles: dict[str, Any] = {f"profile.{name}": values for name, values in measured.profiles.items()}
        np.savez(place / f"{view}.npz", features=measured.features, **profiles)
    # written last: its presence says that the rest is whole
    (place / "about.json").write_text(json.dumps(about), encoding="utf-8")


def positions(rows: Sequence[Row], kept: Sequence[Row]) -> list[int]:
    """Where each of `kept` stands in `rows`, of which it is a part in the same order."""
    found = []
    numbered = enumerate(rows)
    for own in kept:
        found.append(next(number for number, row in numbered if row == own))
    return found


def load(place: Path, corpora: Corpora, model: Path) -> Prepared:
    """Read what `save` wrote; the rows are taken from the corpora and cleaned anew, the lexicon is the model's."""
    about = json.loads((place / "about.json").read_bytes())
    lexicon = load_reader(model).lexicon
    ratings = rated_terms(lexicon, pair_offset(len(lexicon)))
    given = learnable(corpora)
    plain = [given[number] for number in about["rows"]]
    rows = {
        "plain": plain,
        "clean": without_site_lines(plain),
        "cross": corpora.rows("crosscheck") if corpora.has("crosscheck") else [],
    }
    found = {}
    for view in VIEWS:
        with np.load(place / f"{view}.npz", allow_pickle=False) as arrays:
            found[view] = Measured(
                rows[view],
                sp.load_npz(place / f"{view}.counts.npz").tocsr(),
                sp.load_npz(place / f"{view}.titles.npz").tocsr(),
                [(signal, name) for signal, name in about[view]["names"]],
                arrays["features"],
                {key.removeprefix("profile."): arrays[key] for key in arrays.files if key.startswith("profile.")},
                about[view]["vocabulary"],
                ratings,
            )
    return Prepared(found["clean"], found["plain"], found["cross"], about["first_ending"])
