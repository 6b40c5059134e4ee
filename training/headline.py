"""Learns what the headline signal looks up: the wording of clickbait, and what a body's agreement looks like.

Clickbait is in training/clickbait.py. Agreement is learned from the Fake News Challenge (related against unrelated);
what a word says that a body takes up or leaves out, from titles and bodies of published articles.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scorer.agreement import FEATURES, Agreement
from scorer.forest import Forest
from scorer.normal import normalise
from scorer.store import Part
from scorer.text import Reader, Text
from training.clickbait import Clickbait
from training.corpora import Corpora
from training.lexicon import load_reader
from training.store import write_part
from training.trees import Trees, boosted

FREQUENT_WORDS = 400
"""The lexicon's most frequent words, unmasked in pairs: function words and the commonest verbs."""

AGREEMENT_TREES: dict[str, Any] = {
    "n_estimators": 120, "max_depth": 4, "learning_rate": 0.1, "max_features": 6, "min_samples_leaf": 20,
}  # fmt: skip

IDF_ARTICLES = 6_000
MIN_IDF = 0.9
"""Stems in more than about 40 % of articles carry no content."""

TAKEN_UP_PRIOR = 8.0
"""How many titles the share of an idf's words that bodies take up counts for beside a word's own."""

UNKNOWN_TAKEN_UP = 8.0
"""Log-odds for a word that no article holds and that title and body have in common."""

LEAST_EVIDENCE = -6.0
_IDF_STEPS = np.arange(1.0, 10.0, 0.75)

FOLDS = 5
Floats = NDArray[np.float64]
FloatArray = NDArray[np.float32]


def train(corpora: Corpora, folder: Path) -> None:
    """Write the part `headline`."""
    reader = load_reader(folder)
    part = _tables(corpora, reader)
    arrays, meta = dict(part.arrays), dict(part.meta)
    weighed = Clickbait(corpora, reader, part).fit()
    arrays |= {"clickbait": weighed.words, "clickbait_grams": weighed.grams}
    meta |= {"clickbait_unit": weighed.word_unit, "clickbait_grams_unit": weighed.gram_unit}
    meta |= {"clickbait_bias": weighed.bias, "traits": weighed.traits}
    feature, limit, value, bias = _fit_agreement(*_overlaps(corpora, reader, Agreement(part))[:2])
    arrays |= {"agreement_feature": feature, "agreement_limit": limit, "agreement_value": value}
    meta["agreement_bias"] = bias
    write_part(folder, "headline", arrays, meta)


def evaluate(corpora: Corpora, folder: Path) -> dict[str, float]:
    """Cross-validated: clickbait by headline (`_theirs`) and on hand-labelled headlines from elsewhere (`_elsewhere`,
    never trained on), agreement by body.
    """
    from sklearn.metrics import f1_score, roc_auc_score
    from sklearn.model_selection import GroupKFold, StratifiedKFold

    reader = load_reader(folder)
    part = _tables(corpora, reader)
    figures: dict[str, float] = {}
    clickbait = Clickbait(corpora, reader, part)
    odds = np.zeros(len(clickbait.labels))
    for kept, held in StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(odds, clickbait.labels):
        odds[held] = clickbait.log_odds(clickbait.rows[held], [clickbait.traits[i] for i in held], clickbait.fit(kept))
    figures["clickbait_accuracy_theirs"] = float(((odds > 0) == clickbait.labels).mean())
    figures["clickbait_auc_theirs"] = float(roc_auc_score(clickbait.labels, odds))
    elsewhere, traits, truth = clickbait.elsewhere()
    scores = clickbait.log_odds(elsewhere, traits, clickbait.fit())
    figures["clickbait_f1_elsewhere"] = float(f1_score(truth, scores > 0))
    figures["clickbait_auc_elsewhere"] = float(roc_auc_score(truth, scores))
    figures["clickbait_n_elsewhere"] = float(len(truth))

    measures, related, bodies = _overlaps(corpora, reader, Agreement(part))
    odds = np.zeros(len(related))
    for kept, held in GroupKFold(FOLDS, shuffle=True, random_state=0).split(measures, related, bodies):
        odds[held] = Forest(*_fit_agreement(measures[kept], related[kept])).scores(measures[held])
    figures["agreement_accuracy"] = float(((odds > 0) == related).mean())
    figures["agreement_auc"] = float(roc_auc_score(related, odds))
    return figures


def _tables(corpora: Corpora, reader: Reader) -> Part:
    """The part without its weights: masking classes, stems, idf."""
    from nltk.stem.snowball import SnowballStemmer

    lexicon = reader.lexicon
    first_ending = lexicon.id_of["~"]
    stemmer = SnowballStemmer("english")
    numbers: dict[str, int] = {}
    stems = np.zeros(len(lexicon), dtype=np.int32)
    classes = np.arange(len(lexicon), dtype=np.int32)
    for number, word in enumerate(lexicon.words[1:first_ending], start=1):
        if any(character.isalnum() for character in word):
            stems[number] = numbers.setdefault(stemmer.stem(word), len(numbers) + 1)
        if number >= FREQUENT_WORDS:
            ending = next((e for n in (3, 2, 1) if len(word) > n and (e := lexicon.id_of.get("~" + word[-n:]))), None)
            classes[number] = ending if ending is not None else first_ending
    documents, titles, taken_up = (np.zeros(len(numbers) + 1) for _ in range(3))
    sampled = np.zeros(len(numbers) + 1)
    sample = set(np.random.default_rng(3).permutation(len(corpora.articles))[:IDF_ARTICLES].tolist())
    for index, row in enumerate(corpora.articles):
        held = np.unique(stems[reader.read(normalise(row["text"] or "")).words])
        documents[held] += 1
        if index in sample:
            sampled[held] += 1
        named = np.unique(stems[reader.read(normalise(row["title"] or "")).words]) if len(held) else held
        titles[named] += 1
        taken_up[np.intersect1d(named, held)] += 1
    idf = np.log((len(sample) + 1) / (sampled + 1))
    stems[idf[stems] < MIN_IDF] = 0
    idf[0] = 0
    evidence = _evidence(idf, titles, taken_up, (documents + 0.5) / (len(corpora.articles) + 1))
    return Part(
        "headline",
        {
            "classes": classes.astype(np.uint16),
            "stems": stems.astype(np.uint16),
            "idf": idf.astype(np.float16),
            "evidence": evidence.astype(np.float16),
        },
        {"first_ending": first_ending, "frequent": FREQUENT_WORDS, "unknown_idf": 8.0, "features": list(FEATURES)},
    )


def _evidence(idf: Floats, titles: Floats, taken_up: Floats, chance: Floats) -> Floats:
    """Log-odds that title and body belong together, a stem: where the body holds it, and where it does not.

    `titles`: titles that hold a stem; `taken_up`: of them, whose bodies do; `chance`: share of all bodies that do.
    """
    step = np.digitize(idf, _IDF_STEPS)
    usual = (np.bincount(step, taken_up) + 2) / (np.bincount(step, titles) + 3)
    share = (taken_up + TAKEN_UP_PRIOR * usual[step]) / (titles + TAKEN_UP_PRIOR)
    evidence = np.stack([np.log(share / chance), np.maximum(np.log((1 - share) / (1 - chance)), LEAST_EVIDENCE)])
    evidence[:, 0] = UNKNOWN_TAKEN_UP, np.log(1 - usual[-1])
    return evidence


def _overlaps(
    corpora: Corpora, reader: Reader, agreement: Agreement
) -> tuple[FloatArray, NDArray[np.bool_], NDArray[Any]]:
    """Measures, whether related, and the body's id, of every labelled pair."""
    bodies: dict[str, Text] = {
        row["id"]: reader.read(normalise(row["text"])) for row in corpora.rows("relatedness_bodies")
    }
    measures, related, groups = [], [], []
    for row in corpora.rows("relatedness"):
        overlap = agreement.overlap(reader.read(normalise(row["title"])), bodies[row["body_id"]])
        if overlap is not None:
            measures.append(overlap.measures)
            related.append(row["stance"] != "unrelated")
            groups.append(row["body_id"])
    return np.array(measures, dtype=np.float32), np.array(related), np.array(groups)


def _fit_agreement(measures: FloatArray, related: NDArray[np.bool_]) -> Trees:
    return boosted(measures, related.astype(np.int64), **AGREEMENT_TREES)
