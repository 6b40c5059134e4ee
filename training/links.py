"""Learns what links are told by (scorer/teasers.py, scorer/relation.py, scorer/bait.py): kind, relation, wording.

Learned from the labelled links of the `pages` corpus and further ones read for this project (`data/teasers.json`); bait
also from teasers written for it (`data/teaser_texts.tsv`) and from titles of articles read by hand
(`data/headlines.json`), and all three from twenty pages written for it (`written_pages.py`). Idf from `articles`. The
pages are few, so figures are cross-validated by page, on the labels of the corpus; docs/model/experiments.md tells what
did not help.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from scorer.article import Article
from scorer.bait import Features, bait_features, score
from scorer.document import Document, read_document
from scorer.lexicon import Lexicon, key_of
from scorer.relation import Wording, topic_of
from scorer.store import load_part
from scorer.teasers import link_contexts, probability
from scorer.text import TOKEN
from training.corpora import Corpora, Row
from training.lexicon import load_reader
from training.store import write_part
from training.written_pages import written_rows

IDF_ARTICLES = 6_000
FOLDS = 10
SEED = 7
KINDS = ("inline", "nav", "teaser")
_COUNTED = ("teaser", "unrelated", "bait", "flagged")

DATA = Path(__file__).parent / "data"

KIND_C = 0.15
RELATED_C = 1.0
BAIT_C = 1.0
"""Inverse strength of the L2 penalty, chosen by cross-validation over pages."""

PAGE_WEIGHT, TITLE_WEIGHT, WRITTEN_WEIGHT, WRITTEN_PAGE_WEIGHT = 1.3, 1.0, 0.5, 0.3
"""For bait: mean weight of a real page's teasers, and weight of a title read by hand, of a teaser written for this
project alone and of one written on a page."""

READINGS: dict[str, tuple[str, bool | None, bool | None]] = {
    "navigation": ("nav", None, None),
    "inline": ("inline", None, None),
    "plain": ("teaser", False, False),
    "related": ("teaser", True, False),
    "bait": ("teaser", False, True),
    "related bait": ("teaser", True, True),
}
"""The words of `data/teasers.json` as kind, related, bait."""


@dataclass(frozen=True)
class Example:
    """A labelled link of a page, with its features. `judged`: the label is the corpus' own, so figures count it."""

    page: int
    judged: bool
    text: str
    kind: str
    related: bool | None
    bait: bool | None
    kind_features: Features
    related_features: Features
    bait_features: Features


def normal_text(text: str) -> str:
    """The form in which a label's text and a link's are compared."""
    return re.sub(r"\W+", " ", text).strip().lower()


def train(corpora: Corpora, folder: Path) -> None:
    """Write the part `links`. Deterministic."""
    wording = learn_wording(corpora, folder)
    examples = read_examples(corpora, folder, wording)
    write_part(
        folder,
        "links",
        {"idf": wording.idf.astype(np.float16)},
        fit(examples, taught_wording(corpora)),
    )


def learn_wording(corpora: Corpora, folder: Path) -> Wording:
    """Idf over a seeded sample of articles."""
    lexicon = load_reader(folder).lexicon
    size = len(lexicon)
    sample = random.Random(SEED).sample(corpora.articles, min(IDF_ARTICLES, len(corpora.articles)))
    counts: Counter[int] = Counter()
    for article in sample:
        counts.update({_word(lexicon, token) for token in TOKEN.findall(article["text"] or "")})
    idf = np.full(size, np.log(len(sample) + 1.0))
    for number, count in counts.items():
        idf[number] = np.log((len(sample) + 1) / (count + 0.5))
    return Wording(lexicon.id_of, idf)


def _word(lexicon: Lexicon, token: str) -> int:
    return lexicon.id_of.get(key_of(token), 0)


def read_examples(corpora: Corpora, folder: Path, wording: Wording) -> list[Example]:
    """Every labelled link that is found in its page, in order."""
    reader = load_reader(folder)
    further: dict[str, dict[str, str]] = json.loads((DATA / "teasers.json").read_text(encoding="utf-8"))["labels"]
    examples = []
    for number, row in enumerate(corpora.rows("pages")):
        document = read_document(Article(html=row["html"], url=page_address(row)), reader)
        examples += page_examples(number, row, document, wording, further.get(row["id"], {}))
    return examples


Taught = list[tuple[Features, bool, float]]
"""Wordings with whether they lure and their weight."""


def taught_wording(corpora: Corpora) -> Taught:
    """What bait is learned from beside the pages: teasers written for it, titles of articles read by hand."""
    lines = (DATA / "teaser_texts.tsv").read_text(encoding="utf-8").splitlines()
    written = [line.split("\t") for line in lines if not line.startswith("#")]
    found = [(bait_features(text), label == "1", WRITTEN_WEIGHT) for label, _, text in written]
    on_pages = (link for row in written_rows() for link in row["links"] if link["kind"] == "teaser")
    found += [(bait_features(link["text"]), bool(link["bait"]), WRITTEN_PAGE_WEIGHT) for link in on_pages]
    read = json.loads((DATA / "headlines.json").read_text(encoding="utf-8"))
    labels: dict[str, int] = read["labels"] | read["training_labels"]
    titles = ((row["title"], labels.get(row["id"])) for row in corpora.articles)
    found += [
        (bait_features(title), label == 1, TITLE_WEIGHT) for title, label in titles if title and label is not None
    ]
    return found


def page_address(row: Row) -> str:
    """An address for a page whose own is not in the data: file names begin with the host."""
    return "https://" + str(row["id"]).rsplit("/", 1)[-1].split(".html")[0]


def page_examples(
    number: int, row: Row, document: Document, wording: Wording, further: dict[str, str]
) -> list[Example]:
    """The labelled links of one page with their features; `further` holds readings by the link's number."""
    page = document.page
    assert page is not None  # noqa: S101 - it was read from HTML
    labels: dict[str, Row] = {}
    for label in row["links"]:
        labels.setdefault(normal_text(label["text"]) + "\n" + label["href"], label)
        labels.setdefault(normal_text(label["text"]), label)
    read = {normal_text(page.links[int(at)].text): READINGS[word] for at, word in further.items()}
    found = []
    topic = topic_of(document.title, document.body)
    for link, context in zip(page.links, link_contexts(page, topic, wording), strict=True):
        key = normal_text(link.text)
        judged = labels.get(key + "\n" + link.href)
        if judged is not None:
            kind, related, bait = judged["kind"], judged["related"], judged["bait"]
        elif key in read and key not in labels:
            kind, related, bait = read[key]
        else:
            continue
        found.append(
            Example(
                page=number,
                judged=judged is not None,
                text=link.text,
                kind=kind,
                related=related,
                bait=bait,
                kind_features=context.kind(),
                related_features=context.related(),
                bait_features=bait_features(link.text),
            )
        )
    return found


def fit(examples: Sequence[Example], taught: Taught) -> dict[str, Any]:
    """The three models as weights by feature name."""
    pages = Counter(example.page for example in examples)
    weights = np.array([1.0 / pages[example.page] ** 0.5 for example in examples])
    kinds = _fit([e.kind_features for e in examples], [e.kind for e in examples], weights, KIND_C)
    teasers = [i for i, e in enumerate(examples) if e.kind == "teaser"]
    chosen = [examples[i] for i in teasers]
    related = _fit([e.related_features for e in chosen], [bool(e.related) for e in chosen], weights[teasers], RELATED_C)
    bait = _fit(
        [e.bait_features for e in chosen] + [features for features, _, _ in taught],
        [bool(e.bait) for e in chosen] + [lures for _, lures, _ in taught],
        np.concatenate([weights[teasers] / weights[teasers].mean() * PAGE_WEIGHT, [weight for _, _, weight in taught]]),
        BAIT_C,
    )
    return {"kinds": kinds, "related": related["True"], "bait": bait["True"]}


def _fit(
    features: Sequence[Features], labels: Sequence[Any], weights: NDArray[Any], c: float
) -> dict[str, dict[str, float]]:
    """Weights by class and feature name; for two classes those of the second."""
    common = {name for name, count in Counter(name for row in features for name in row).items() if count >= 3}
    vectorizer = DictVectorizer()
    matrix = vectorizer.fit_transform([{k: v for k, v in row.items() if k in common} for row in features])
    model = LogisticRegression(C=c, max_iter=1_000, fit_intercept=False).fit(
        matrix, labels, sample_weight=weights * len(weights) / weights.sum()
    )
    classes = [str(name) for name in model.classes_]
    rows = classes if len(classes) > 2 else classes[1:]
    return {
        name: {
            feature: round(float(w), 4)
            for feature, w in zip(vectorizer.get_feature_names_out(), row, strict=True)
            if abs(w) >= 0.005
        }
        for name, row in zip(rows, model.coef_, strict=True)
    }


def evaluate(corpora: Corpora, folder: Path) -> dict[str, float]:
    """F1 of teasers, unrelated, bait and flagged ones, refitted in `FOLDS` folds of pages.

    A text that several links of a page carry counts once, as a teaser where one of them is taken for one. Relation and
    bait count only where the link was found to be a teaser. Measured on the labels of the corpus; `flagged_f1_all` and
    `bait_f1_all` also on those read for this project.
    """
    part = load_part(folder, "links", {"links.idf.npy": ""})  # idf saw no label, so it need not be learned again
    wording = Wording(load_reader(folder).lexicon.id_of, part.arrays["idf"])
    return cross_validate(read_examples(corpora, folder, wording), taught_wording(corpora))


def cross_validate(examples: Sequence[Example], taught: Taught, seed: int = SEED) -> dict[str, float]:
    """The figures of `evaluate` for examples that are already read; `seed` deals the pages to folds."""
    pages = sorted({example.page for example in examples})
    random.Random(seed).shuffle(pages)
    counts: Counter[tuple[str, bool, bool]] = Counter()
    for fold in range(FOLDS):
        held = set(pages[fold::FOLDS])
        model = fit([e for e in examples if e.page not in held], taught)
        for e, teaser, unrelated, bait in _answers([e for e in examples if e.page in held], model):
            for name in ("", "_all") if e.judged else ("_all",):
                counts["teaser" + name, e.kind == "teaser", teaser] += 1
                if e.kind == "teaser":
                    counts["unrelated" + name, not e.related, unrelated] += 1
                    counts["bait" + name, bool(e.bait), bait] += 1
                    counts["flagged" + name, bool(e.bait and not e.related), unrelated and bait] += 1
    figures = {f"{name}_f1{which}": _f1(counts, name + which) for which in ("", "_all") for name in _COUNTED}
    numbers = {f"{name}_n{which}": float(_count(counts, name + which)) for which in ("", "_all") for name in _COUNTED}
    links = float(sum(n for (name, _, _), n in counts.items() if name == "teaser"))
    return {**figures, **numbers, "links": links, "pages": float(len(pages))}


def _answers(examples: Iterable[Example], model: dict[str, Any]) -> Iterable[tuple[Example, bool, bool, bool]]:
    """Each text of a page once: found a teaser, an unrelated one, one that lures."""
    found: dict[tuple[int, str], tuple[Example, bool, bool, bool]] = {}
    for e in examples:
        key = e.page, normal_text(e.text)
        if key in found and found[key][1]:
            continue
        teaser = teaser_probability(e.kind_features, model["kinds"]) >= 0.5
        unrelated = teaser and probability(score(e.related_features, model["related"])) < 0.5
        bait = teaser and probability(score(e.bait_features, model["bait"])) >= 0.5
        found[key] = e, teaser, unrelated, bait
    return found.values()


def teaser_probability(features: Features, kinds: dict[str, dict[str, float]]) -> float:
    """Softmax over the three kinds."""
    odds = np.array([score(features, kinds[name]) for name in KINDS])
    odds = np.exp(odds - odds.max())
    return float(odds[KINDS.index("teaser")] / odds.sum())


def _f1(counts: Counter[tuple[str, bool, bool]], name: str) -> float:
    hit, extra, missed = counts[name, True, True], counts[name, False, True], counts[name, True, False]
    return 2 * hit / max(1, 2 * hit + extra + missed)


def _count(counts: Counter[tuple[str, bool, bool]], name: str) -> int:
    return counts[name, True, True] + counts[name, True, False]
