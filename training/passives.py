"""How well claims in the passive that name nobody are found, on a sample labelled by hand.

`training/data/passives.json` holds participles as positions in the articles, without text: article, start, end, and
whether it makes such a claim.
"""

from __future__ import annotations

import json
from pathlib import Path

from scorer.normal import normalise
from scorer.passives import Passives
from scorer.text import Reader
from training.corpora import Corpora

SAMPLE = Path(__file__).parent / "data" / "passives.json"


def figures(corpora: Corpora, reader: Reader) -> dict[str, tuple[int, int, int]]:
    """For each part of the sample: claims found, others found, claims missed."""
    articles = {row["id"]: row["text"] for row in corpora.articles}
    passives = Passives.of(reader.lexicon)
    counted = {}
    for part, items in json.loads(SAMPLE.read_text(encoding="utf-8"))["samples"].items():
        right = wrong = missed = 0
        for article, start, end, is_claim in items:
            text = reader.read(normalise(articles[article]))
            spans = [text.token_span(*run) for run in passives.find(text)]
            found = any(first < end and start < last for first, last in spans)
            right += found and is_claim
            wrong += found and not is_claim
            missed += is_claim and not found
        counted[part] = (right, wrong, missed)
    return counted
