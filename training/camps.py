"""Words for political camps, which count under one id in the text model, as names do under how they are written.

Outlets of low reliability lean right in the data, so that what they attack tells the tier: with words of their own a
tirade against "left-wing" people had a risk of .83, the same against "right-wing" people .55.
"""

from __future__ import annotations

import json
from pathlib import Path

from scorer.lexicon import Lexicon

CAMPS = Path(__file__).parent / "data" / "camps.json"


def camp_words(lexicon: Lexicon) -> list[list[int]]:
    """Groups of word ids, those of words that stand in the same places of a sentence; unknown words are left out."""
    table: dict[str, list[str]] = json.loads(CAMPS.read_text(encoding="utf-8"))["groups"]
    known = [[lexicon.id_of[word] for word in words if word in lexicon.id_of] for words in table.values()]
    return [group for group in known if len(group) > 1]
