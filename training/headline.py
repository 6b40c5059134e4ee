"""Learns what the headline signal looks up: the wording of clickbait, and what a body's agreement looks like.

Clickbait (Chakraborty et al. 2016) has its two classes from different sites, so wording is masked (scorer/lure.py),
plain news titles of many other sources join the negatives, and 540 titles read by hand and 312 teasers written for this
project join both sides. Those two alone weigh the traits of wording (scorer/bait.py); the sum of the traits is one more
feature beside the words and the characters in a row (scorer/character_grams.py).
Agreement is learned from the Fake News Challenge (related against unrelated); what a word says that a body takes up or
leaves out, from titles and bodies of published articles.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scorer.agreement import FEATURES, Agreement
from scorer.bait import Features, score
from scorer.character_grams import PRESENCE, TABLE_BITS, prepared
from scorer.forest import Forest
from scorer.lure import TABLE, TABLES, TRAIT_CHARACTERS, Lure, trait_features
from scorer.normal import normalise
from scorer.store import Part
from scorer.text import Reader, Text
from training.character_grams import eight_bits, gram_counts, gram_rows
from training.corpora import Corpora, Row
from training.lexicon import load_reader
from training.store import write_part
from training.trees import Trees, boosted

HAND_LABELS = Path(__file__).parent / "data" / "headlines.json"
WRITTEN = Path(__file__).parent / "data" / "teaser_texts.tsv"

FREQUENT_WORDS = 400
"""The lexicon's most frequent words, unmasked in pairs: function words and the commonest verbs."""

NEWS_TITLES, NEWS_WEIGHT, HAND_WEIGHT, WRITTEN_WEIGHT = 4_000, 0.3, 10.0, 3.0
TRAIT_C, TRAIT_FOLDS = 1.0, 10
CLICKBAIT_C = 10.0
CHARACTER_SCALE = 1.5
"""How freely characters in a row are weighed, beside words of length `scorer.lure.SCALE`."""
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
_STRONG_CUE = re.compile(
    r"\b(you|your|this|these|here['’]?s|secret|reasons?|best|worst|shocking|things)\b|^\d+ ",
    re.IGNORECASE,
)

Matrix = Any  # scipy's sparse matrices carry no types
Floats = NDArray[np.float64]
FloatArray = NDArray[np.float32]
Traits = list[Features]


def train(corpora: Corpora, folder: Path) -> None:
    """Write the part `headline`."""
    reader = load_reader(folder)
    part = _tables(corpora, reader)
    arrays, meta = dict(part.arrays), dict(part.meta)
    weighed = _Clickbait(corpora, reader, part).fit()
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
    clickbait = _Clickbait(corpora, reader, part)
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


@dataclass(frozen=True)
class Weighed:
    """What is shipped: words (TABLES * TABLE,) and grams (2^TABLE_BITS,) in 8 bits with what a step is worth, the bias,
    and the traits' weights.
    """

    words: NDArray[np.int8]
    word_unit: float
    grams: NDArray[np.int8]
    gram_unit: float
    bias: float
    traits: dict[str, float]


class _Clickbait:
    """The labelled headlines as feature rows, each with its traits by name."""

    def __init__(self, corpora: Corpora, reader: Reader, part: Part) -> None:
        self.corpora, self.reader, self.lure = corpora, reader, Lure(part)
        self.hand = json.loads(HAND_LABELS.read_text(encoding="utf-8"))
        headlines = corpora.rows("clickbait")
        self.labels = np.array([int(row["label"]) for row in headlines])
        theirs = [row["title"] for row in headlines]
        self.rows, self.traits = self._matrix(theirs), _traits(theirs)
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
        chosen = [news[i] for i in np.random.default_rng(0).permutation(len(news))[:NEWS_TITLES]]
        self.news, self.news_traits = self._matrix(chosen), _traits(chosen)
        lines = [line.split("\t") for line in WRITTEN.read_text(encoding="utf-8").splitlines() if line[0] != "#"]
        taught = [self.by_id[id_]["title"] for id_ in known] + [text for _, _, text in lines]
        self.taught, self.taught_traits = self._matrix(taught), _traits(taught)
        self.taught_labels = np.array([*known.values(), *(int(label) for label, _, _ in lines)], dtype=int)
        self.taught_weights = np.repeat([HAND_WEIGHT, WRITTEN_WEIGHT], [len(known), len(lines)])
        self.trait_weights, self.held_out = _fit_traits(self.taught_traits, self.taught_labels)
        self.trait_odds = _weigh(self.traits, self.trait_weights)

    def fit(self, kept: NDArray[np.int64] | None = None) -> Weighed:
        """What is learned from the headlines `kept` (all of them by default)."""
        from scipy.sparse import csr_matrix, hstack, vstack
        from sklearn.linear_model import LogisticRegression

        kept = np.arange(len(self.labels)) if kept is None else kept
        words = vstack([self.rows[kept], self.news, self.taught])
        traits = [self.trait_odds[kept], _weigh(self.news_traits, self.trait_weights), self.held_out]
        rows = hstack([words, csr_matrix(np.concatenate(traits)[:, None])]).tocsr()
        labels = np.concatenate([self.labels[kept], np.zeros(self.news.shape[0], dtype=int), self.taught_labels])
        ours = np.repeat([1.0, NEWS_WEIGHT], [len(kept), self.news.shape[0]])
        model = LogisticRegression(C=CLICKBAIT_C, max_iter=300)
        model.fit(rows, labels, np.concatenate([ours, self.taught_weights]))
        scale = float(model.coef_[0, -1])
        scaled = {name: round(weight * scale, 4) for name, weight in self.trait_weights.items()}
        word_weights, gram_weights = np.split(model.coef_[0, :-1], [TABLES * TABLE])
        return Weighed(
            *eight_bits(word_weights), *eight_bits(CHARACTER_SCALE * gram_weights), float(model.intercept_[0]), scaled
        )

    @staticmethod
    def log_odds(rows: Matrix, traits: Traits, weighed: Weighed) -> Floats:
        """What the shipped model would say of these rows."""
        grams = weighed.grams * (weighed.gram_unit / CHARACTER_SCALE)
        weights = np.concatenate([weighed.words * weighed.word_unit, grams])
        odds: Floats = rows @ weights + _weigh(traits, weighed.traits) + weighed.bias
        return odds

    def elsewhere(self) -> tuple[Matrix, Traits, NDArray[np.int64]]:
        """Rows, traits and labels of the hand-labelled headlines that are kept for measuring."""
        pages = {row["id"]: row for row in self.corpora.rows("pages")}
        found = [(_title(id_, self.by_id, pages), label) for id_, label in self.hand["labels"].items()]
        titles = [title for title, _ in found if title]
        return self._matrix(titles), _traits(titles), np.array([label for title, label in found if title])

    def _matrix(self, titles: list[str]) -> Matrix:
        from scipy.sparse import csr_matrix, hstack

        read = [normalise(title) for title in titles]
        found = [self.lure.features(self.reader.read(title)) for title in read]
        borders = np.concatenate([[0], np.cumsum([len(indices) for indices, _ in found])]).astype(int)
        if not found:
            return csr_matrix((0, TABLES * TABLE + (1 << TABLE_BITS)))
        indices, values = (np.concatenate([pair[k] for pair in found]) for k in (0, 1))
        words = csr_matrix((values.astype(np.float64), indices, borders), shape=(len(titles), TABLES * TABLE))
        counts = gram_counts([prepared(title.text, TRAIT_CHARACTERS) for title in read])
        grams = gram_rows(counts, np.ones(1 << TABLE_BITS, dtype=np.uint8), PRESENCE)
        return hstack([words, CHARACTER_SCALE * grams]).tocsr()


def _traits(titles: list[str]) -> Traits:
    return [trait_features(normalise(title).text) for title in titles]


def _weigh(traits: Traits, weights: dict[str, float]) -> Floats:
    return np.array([score(row, weights) for row in traits])


def _fit_traits(traits: Traits, labels: NDArray[np.int64]) -> tuple[dict[str, float], Floats]:
    """Weights of the traits, and each row's log-odds from folds that did not see it."""
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import cross_val_predict

    common = {name for name, count in Counter(name for row in traits for name in row).items() if count >= 3}
    vectorizer = DictVectorizer()
    matrix = vectorizer.fit_transform([{name: row[name] for name in row if name in common} for row in traits])
    model = LogisticRegression(C=TRAIT_C, max_iter=1_000, fit_intercept=False)
    held_out = cross_val_predict(model, matrix, labels, cv=TRAIT_FOLDS, method="decision_function")
    weights = model.fit(matrix, labels).coef_[0]
    return dict(zip(vectorizer.get_feature_names_out(), map(float, weights), strict=True)), held_out


def _title(identifier: str, articles: dict[str, Row], pages: dict[str, Row]) -> str | None:
    page, mark, number = identifier.rpartition("#")
    if mark and page in pages:
        return str(pages[page]["links"][int(number)]["text"])
    return articles[identifier]["title"] if identifier in articles else None


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
