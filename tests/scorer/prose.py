"""An article written for these tests, and the ways of disguising a text."""

from __future__ import annotations

import random
from collections.abc import Callable

TITLE = "Harbour town closes its oldest bridge after cracks are found"

ARTICLE = """The town of Lindholm closed its oldest bridge on Tuesday after engineers found cracks in two piers.

"We could not wait for the report," said Mayor Ingrid Vale, who ordered the closure at 6 a.m. The bridge, built in \
1911, carries about 4,200 cars a day, according to the county's road office. Dr. Paul Renner of the U.S. Bridge \
Institute, who saw the photographs, called the cracks "serious, but not a surprise".

Ferries will run every 20 minutes until a temporary crossing opens. Shop owners on the north bank fear for their \
trade. "Nobody asked us," said one of them, a baker. The council meets again on Friday to discuss the $3.5m repair.
"""

LOADED = """These disgusting, corrupt traitors have betrayed the whole nation, and their vile lies are an outrage. \
The radical thugs who run this pathetic circus are the worst criminals our country has ever seen! Every decent citizen \
must see the monstrous hypocrisy of a brutal regime that spits on freedom. It is an evil, shameless and catastrophic \
assault on everything we love, and the cowards in the lying media cheer the destroyers on. Wake up before these \
fanatics ruin us all!"""

_LOOK_ALIKES = dict(zip("aceopxyABCEHKMOPTXI", "асеорхуАВСЕНКМОРТХІ", strict=True))


def _wide(letter: str) -> str:
    return chr(ord(letter) + 0xFEE0) if letter.isascii() else letter


def _bold(letter: str) -> str:
    return chr(0x1D41A + ord(letter) - ord("a")) if "a" <= letter <= "z" else letter


DISGUISES: dict[str, Callable[[str], str]] = {
    "look_alike": lambda letter: _LOOK_ALIKES.get(letter, letter),
    "zero_width": lambda letter: letter + "\u200b",
    "combining": lambda letter: letter + "\u0335",
    "accents": lambda letter: letter + "\u0301",
    "wide": _wide,
    "bold": _bold,
    "soft_hyphen": lambda letter: letter + "\u00ad",
    "direction": lambda letter: letter + "\u200e",
}


def disguise(text: str, how: str, share: float = 0.05, seed: int = 4) -> str:
    """The text with a share of its letters disguised."""
    chance = random.Random(seed)
    return "".join(DISGUISES[how](c) if c.isalpha() and chance.random() < share else c for c in text)
