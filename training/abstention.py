"""How well the verdict knows what it cannot judge: texts that are no news articles, and held-out ones that are."""

from __future__ import annotations

import collections
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scorer.abstention import Abstention, profile
from scorer.article import Article
from scorer.document import read_document
from training.corpora import Row
from training.figures_of_merit import weighted_auc
from training.lexicon import load_reader
from training.thresholds import judged_tiers
from training.weights import base_rate_weights

Array = NDArray[np.float64]

TEXTS = Path(__file__).parent / "data" / "abstention.jsonl"
"""Written for this: `id`, `kind` (language, poem, recipe, code, …), `text`; none of them should be judged."""

SHARES = (1.0, 0.9, 0.75, 0.5, 0.25)


def labelled_texts() -> list[dict[str, str]]:
    """The texts that should not be judged."""
    return [json.loads(line) for line in TEXTS.read_text(encoding="utf-8").splitlines()]


def evaluate(folder: Path, meta: Mapping[str, Any], held_out: NDArray[np.bool_]) -> dict[str, Any]:
    """Recall by kind on the labelled texts, and precision were they as many as the news articles.

    `meta` is what `scorer.abstention.Abstention` needs; `held_out` says of news articles that bounds of other sources
    were applied to whether the verdict abstained.
    """
    reader, rule = load_reader(folder), Abstention(meta)
    texts = labelled_texts()
    met: collections.Counter[str] = collections.Counter(text["kind"] for text in texts)
    caught: collections.Counter[str] = collections.Counter()
    for text in texts:
        body = read_document(Article(text=text["text"]), reader).body
        caught[text["kind"]] += rule.reason(profile(body, rule.first_ending))[0] is not None
    recall, false = sum(caught.values()) / len(texts), float(held_out.mean())
    return {
        "texts": len(texts),
        "recall": recall,
        "news_abstained": false,
        "precision": recall / (recall + false) if recall else 0.0,
        "kinds": {kind: [caught[kind], number] for kind, number in sorted(met.items())},
    }


def risk_coverage(rows: Sequence[Row], risk: Array) -> list[dict[str, float]]:
    """What judging only the surest articles would bring.

    An article counts as the surer the farther its risk is from 0.5. For each of `SHARES` of the articles, the surest
    first: the share on the wrong side of 0.5, and the AUC, both with the tiers weighted to the base rate.
    """
    truth, value = judged_tiers(rows, risk)
    order = np.argsort(-np.abs(value - 0.5), kind="stable")
    found = []
    for share in SHARES:
        chosen = order[: max(1, round(share * len(order)))]
        weight = base_rate_weights(truth)[chosen]
        wrong = (value[chosen] >= 0.5) != (truth[chosen] == 1)
        found.append(
            {
                "coverage": share,
                "error": float((weight * wrong).sum() / weight.sum()),
                "auc": weighted_auc(truth[chosen], value[chosen], weight),
            }
        )
    return found
