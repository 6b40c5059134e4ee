"""Our own texts and digests of what is said of each: a change of a single figure or span shows.

    make golden     writes the digests anew, after the model or what it is asked to say has changed

Numbers are taken to nine significant digits: what lies beyond differs between processors, since the matrix library and
numpy's exponentials round as each of them does best. On one machine results are the same to the last bit, compiled or
not; tests/scorer/kernel holds that.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scorer import Article, Scorer
from tests.scorer.prose import ARTICLE, DISGUISES, LOADED, TITLE, disguise

DATA = Path(__file__).resolve().parent / "data"
FILE = DATA / "golden" / "digests.json"


def articles() -> Iterator[tuple[str, Article]]:
    """Every text by a name of its own."""
    for name in ("dam", "unattributed"):
        title, _, text = (DATA / "golden" / f"{name}.txt").read_text(encoding="utf-8").partition("\n\n")
        yield name, Article(title=title, text=text)
        yield f"{name}, no title", Article(text=text)
    for given in json.loads((DATA / "golden" / "texts.json").read_text(encoding="utf-8")):
        yield given["name"], Article(title=given["title"], text=given["text"])
    for path in sorted((DATA / "pages").glob("*.html")):
        yield path.name, Article(html=path.read_text(encoding="utf-8"), url=f"https://example.org/{path.name}")
    yield "bridge", Article(title=TITLE, text=ARTICLE)
    yield "loaded", Article(title=TITLE, text=LOADED)
    for how in DISGUISES:
        yield f"bridge, {how}", Article(title=TITLE, text=disguise(ARTICLE, how))


def digests(scorer: Scorer) -> dict[str, str]:
    """A digest of the whole assessment of each text."""
    found = {}
    for name, article in articles():
        told = json.dumps(rounded(scorer.score(article).to_dict()), ensure_ascii=False, sort_keys=True)
        found[name] = hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return found


def rounded(value: Any) -> Any:
    """The same value with its numbers to nine significant digits."""
    if isinstance(value, float):
        return float(f"{value:.9g}")
    if isinstance(value, dict):
        return {name: rounded(item) for name, item in value.items()}
    return [rounded(item) for item in value] if isinstance(value, list | tuple) else value


def model_digest(scorer: Scorer) -> str:
    """What tells one model from another of the same name: a digest of its manifest, which holds those of its files."""
    return hashlib.sha256((scorer.model.folder / "manifest.json").read_bytes()).hexdigest()[:16]


def main() -> None:
    """Write the digests of the newest model."""
    scorer = Scorer()
    known = {"model": scorer.model.version, "manifest": model_digest(scorer), "assessments": digests(scorer)}
    FILE.write_text(json.dumps(known, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
