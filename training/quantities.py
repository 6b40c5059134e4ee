"""The letter of number grammar that each word of a lexicon has (scorer/quantities.py), from the word lists."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from scorer.lexicon import Lexicon
from scorer.quantities import OTHER

WORD_CLASSES = Path(__file__).parent / "data" / "quantities.json"


def letters(lexicon: Lexicon) -> tuple[NDArray[np.uint8], dict[str, str]]:
    """Word id -> letter (uint8), and word -> letter for number words that the lexicon does not hold."""
    table = np.full(len(lexicon), OTHER, dtype=np.uint8)
    rare: dict[str, str] = {}
    done: set[str] = set()
    classes = json.loads(WORD_CLASSES.read_text(encoding="utf-8"))["classes"]
    for group in classes.values():
        for word in group["words"].lower().split():
            if word in done:
                continue  # the first class that names a word has it
            done.add(word)
            if word in lexicon.id_of:
                table[lexicon.id_of[word]] = ord(group["code"])
            elif group["code"] in "spcm":
                rare[word] = group["code"]
    tens, units = classes["teens"]["words"].split(), {*classes["small"]["words"].split(), "one"}
    for word, number in lexicon.id_of.items():
        first, _, second = word.partition("-")
        if first in tens and second in units:
            table[number] = ord("t")
    return table, rare
