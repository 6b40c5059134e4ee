"""Learns what the headline signal looks up: the wording of clickbait, and what a body's agreement looks like.

Clickbait (Chakraborty et al. 2016) has its two classes from different sites, so wording is masked (scorer/lure.py),
plain news titles of many other sources join the negatives, and 540 titles read by hand join both sides.
Agreement is learned from the Fake News Challenge (related against unrelated).
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scorer.agreement import FEATURES, Agreement, expanded
from scorer.lure import TABLE, TABLES, Lure
from scorer.normal import normalise
from scorer.store import Part
from scorer.text import Reader, Text
from training.corpora import Corpora, Row
from training.lexicon import load_reader
from training.store import write_part

HAND_LABELS = Path(__file__).parent / "data" / "headlines.json"

FREQUENT_WORDS = 400
"""The lexicon's most frequent words, unmasked in pairs: function words and the commonest verbs."""

NEWS_TITLES, NEWS_WEIGHT, HAND_WEIGHT = 4_000, 0.3, 10.0
CLICKBAIT_C, AGREEMENT_C = 10.0, 3.0

IDF_ARTICLES = 6_000
MIN_IDF = 0.9
"""Stems in more than about 40 % of articles carry no content."""

FOLDS = 5
_STRONG_CUE = re.compile(
    r"\b(you|your|this|these|here['’]?s|secret|reasons?|best|worst|shocking|things)\b|^\d+ ",
    re.IGNORECASE,
)

Matrix = Any  # scipy's sparse matrices carry no types
Floats = NDArray[np.float64]


def train(corpora: Corpora, folder: Path) -> None:
    """Write the part `headline`."""
    reader = load_reader(folder)
    part = _tables(corpora, reader)
    arrays, meta = dict(part.arrays), dict(part.meta)
    arrays["clickbait"], meta["clickbait_bias"] = _Clickbait(corpora, reader, part).fit()
    arrays["agreement"], meta["agreement_bias"] = _fit_agreement(*_overlaps(corpora, reader, Agreement(part))[:2])
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
    clickbait = _Clickbait(corpora, reader, part)
    odds = np.zeros(len(clickbait.labels))
    for kept, held in StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(odds, clickbait.labels):
        weights, bias = clickbait.fit(kept)
        odds[held] = clickbait.rows[held] @ weights.astype(np.float64) + bias
    figures["clickbait_accuracy_theirs"] = float(((odds > 0) == clickbait.labels).mean())
    figures["clickbait_auc_theirs"] = float(roc_auc_score(clickbait.labels, odds))
    weights, bias = clickbait.fit()
    elsewhere, truth = clickbait.elsewhere()
    scores = elsewhere @ weights.astype(np.float64) + bias
    figures["clickbait_f1_elsewhere"] = float(f1_score(truth, scores > 0))
    figures["clickbait_auc_elsewhere"] = float(roc_auc_score(truth, scores))
    figures["clickbait_n_elsewhere"] = float(len(truth))

    measures, related, bodies = _overlaps(corpora, reader, Agreement(part))
    odds = np.zeros(len(related))
    for kept, held in GroupKFold(FOLDS, shuffle=True, random_state=0).split(measures, related, bodies):
        fitted, bias = _fit_agreement(measures[kept], related[kept])
        odds[held] = _expand(measures[held]) @ fitted + bias
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
    documents = np.zeros(len(numbers) + 1)
    sample = np.random.default_rng(3).permutation(len(corpora.articles))[:IDF_ARTICLES]
    for index in sample:
        documents[np.unique(stems[reader.read(normalise(corpora.articles[index]["text"] or "")).words])] += 1
    idf = np.log((len(sample) + 1) / (documents + 1))
    stems[idf[stems] < MIN_IDF] = 0
    idf[0] = 0
    return Part(
        "headline",
        {"classes": classes.astype(np.uint16), "stems": stems.astype(np.uint16), "idf": idf.astype(np.float16)},
        {"first_ending": first_ending, "frequent": FREQUENT_WORDS, "unknown_idf": 8.0, "features": list(FEATURES)},
    )


class _Clickbait:
    """The labelled headlines as feature rows."""

    def __init__(self, corpora: Corpora, reader: Reader, part: Part) -> None:
        self.corpora, self.reader, self.lure = corpora, reader, Lure(part)
        self.hand = json.loads(HAND_LABELS.read_text(encoding="utf-8"))
        headlines = corpora.rows("clickbait")
        self.labels = np.array([int(row["label"]) for row in headlines])
        self.rows = self._matrix([row["title"] for row in headlines])
        self.by_id = {row["id"]: row for row in corpora.articles}
        known = {id_: label for id_, label in self.hand["training_labels"].items() if id_ in self.by_id}
        read = set(self.hand["labels"]) | set(known)
        news = [
            row["title"]
            for row in corpora.articles
            if row["title"]
            and row["genre"] == "news"
            and row["id"] not in read
            and not _STRONG_CUE.search(row["title"])
        ]
        chosen = np.random.default_rng(0).permutation(len(news))[:NEWS_TITLES]
        self.news = self._matrix([news[i] for i in chosen])
        self.taught = self._matrix([self.by_id[id_]["title"] for id_ in known])
        self.taught_labels = np.array(list(known.values()), dtype=int)

    def fit(self, kept: NDArray[np.int64] | None = None) -> tuple[NDArray[np.float16], float]:
        """Weights of all tables and the bias, from the headlines `kept` (all of them by default)."""
        from scipy.sparse import vstack
        from sklearn.linear_model import LogisticRegression

        kept = np.arange(len(self.labels)) if kept is None else kept
        rows = vstack([self.rows[kept], self.news, self.taught]).tocsr()
        labels = np.concatenate([self.labels[kept], np.zeros(self.news.shape[0], dtype=int), self.taught_labels])
        weights = np.repeat([1.0, NEWS_WEIGHT, HAND_WEIGHT], [len(kept), self.news.shape[0], self.taught.shape[0]])
        model = LogisticRegression(C=CLICKBAIT_C, max_iter=300).fit(rows, labels, weights)
        return model.coef_[0].astype(np.float16), float(model.intercept_[0])

    def elsewhere(self) -> tuple[Matrix, NDArray[np.int64]]:
        """Rows and labels of the hand-labelled headlines that are kept for measuring."""
        pages = {row["id"]: row for row in self.corpora.rows("pages")}
        titles, labels = [], []
        for id_, label in self.hand["labels"].items():
            title = _title(id_, self.by_id, pages)
            if title:
                titles.append(title)
                labels.append(label)
        return self._matrix(titles), np.array(labels)

    def _matrix(self, titles: list[str]) -> Matrix:
        from scipy.sparse import csr_matrix

        found = [self.lure.features(self.reader.read(normalise(title))) for title in titles]
        borders = np.concatenate([[0], np.cumsum([len(indices) for indices, _ in found])]).astype(int)
        if not found:
            return csr_matrix((0, TABLES * TABLE))
        indices, values = (np.concatenate([pair[k] for pair in found]) for k in (0, 1))
        return csr_matrix((values.astype(np.float64), indices, borders), shape=(len(titles), TABLES * TABLE))


def _title(identifier: str, articles: dict[str, Row], pages: dict[str, Row]) -> str | None:
    page, mark, number = identifier.rpartition("#")
    if mark and page in pages:
        return str(pages[page]["links"][int(number)]["text"])
    return articles[identifier]["title"] if identifier in articles else None


def _overlaps(corpora: Corpora, reader: Reader, agreement: Agreement) -> tuple[Floats, NDArray[np.bool_], NDArray[Any]]:
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
    return np.array(measures, dtype=np.float64), np.array(related), np.array(groups)


def _expand(measures: Floats) -> Floats:
    return np.array([expanded(row) for row in measures])


def _fit_agreement(measures: Floats, related: NDArray[np.bool_]) -> tuple[NDArray[np.float32], float]:
    """Weights of the expanded measures and the bias; standardisation is folded in."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    scaler = StandardScaler()
    model = LogisticRegression(C=AGREEMENT_C, max_iter=3_000).fit(scaler.fit_transform(_expand(measures)), related)
    weights = model.coef_[0] / scaler.scale_
    return weights.astype(np.float32), float(model.intercept_[0] - weights @ scaler.mean_)
