"""Make scorer/confusables.json out of Unicode's confusables table as the package `confusable_homoglyphs` ships it.

Run as `python -m training.confusables`; only needed when that package brings a newer Unicode table.
"""

from __future__ import annotations

import json
import unicodedata
from importlib import metadata, resources
from pathlib import Path

SCRIPTS = ("CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU", "LATIN", "ROMAN NUMERAL", "MATHEMATICAL")


def look_alikes() -> dict[str, str]:
    """Map each single non-ASCII letter to the single ASCII letter it imitates, where the table names one."""
    table = json.loads((resources.files("confusable_homoglyphs") / "confusables.json").read_text(encoding="utf-8"))
    found: dict[str, str] = {}
    for character, targets in table.items():
        if len(character) != 1 or character.isascii() or not unicodedata.category(character).startswith("L"):
            continue
        if not unicodedata.name(character, "").startswith(SCRIPTS):
            continue
        letters = [t["c"] for t in targets if len(t["c"]) == 1 and t["c"].isascii() and t["c"].isalpha()]
        if letters:
            same_case = [c for c in letters if c.isupper() == character.isupper()]
            letter = (same_case or letters)[0]
            # The table folds I and l into one; a capital that looks like either is read as the capital.
            found[character] = "I" if letter == "l" and character.isupper() else letter
    return dict(sorted(found.items()))


def main() -> None:
    """Write the data file."""
    target = Path(__file__).resolve().parent.parent / "scorer" / "confusables.json"
    origin = (
        f"Unicode confusables (UTS #39) by way of confusable_homoglyphs {metadata.version('confusable_homoglyphs')}"
    )
    document = {"origin": origin, "licence": "Unicode License V3", "map": look_alikes()}
    target.write_text(json.dumps(document, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    print(f"{len(document['map'])} look-alikes -> {target.name}")


if __name__ == "__main__":
    main()
