"""How risk goes with labels of hyperpartisan text: to argue for a camp is no unreliability, but may be taken for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scorer.comparison import rank_correlation
from training import evaluate
from training.articles import measure
from training.corpora import Corpora, Row
from training.figures_of_merit import weighted_auc
from training.judgements import name_of, others
from training.uncertainty import auc_interval
from training.verdict import FittedVerdict

CORPUS = "hyperpartisan"


def against_labels(rows: Sequence[Row], risk: NDArray[np.float64]) -> dict[str, float]:
    """AUC with its interval and rank correlation of risks with the rows' labels; abstentions are left out."""
    label = np.array([str(row["label"]).lower() in ("1", "true") for row in rows])
    known = ~np.isnan(risk)
    low, high = auc_interval(label[known], risk[known])
    return {
        "articles": float(known.sum()),
        "auc": weighted_auc(label[known], risk[known]),
        "auc_low": low,
        "auc_high": high,
        "rank_correlation": rank_correlation(label[known].astype(np.float64), risk[known]),
    }


def risks(
    corpora: Corpora,
    out: Path,
    prepared: evaluate.Prepared,
    judged: evaluate.Judged,
    fitted: FittedVerdict,
    meta: Mapping[str, Any],
) -> tuple[list[Row], NDArray[np.float64]]:
    """The corpus and its risks: held-out ones of what was learned from, else the model's.

    Copies of what was learned from, which have no held-out risk, are left out.
    """
    held = {
        row["id"]: risk for row, risk in zip(prepared.plain.rows, judged.risk, strict=True) if row["corpus"] == CORPUS
    }
    learned = {row["id"] for row in others(corpora)}
    seen: list[Row] = []
    unseen: list[Row] = []
    for row in corpora.rows(CORPUS):
        name = name_of(CORPUS, row)
        if name in held:
            seen.append(row)
        elif name not in learned:
            unseen.append(row)
    found = np.array([held[name_of(CORPUS, row)] for row in seen])
    if unseen:
        found = np.concatenate([found, evaluate.risks(fitted, measure(unseen, out), meta)])
    return seen + unseen, found
