"""Learns how sure an attribution is and of what kind its source, from sources and attributions judged one by one.

`training/data/sources.json` holds what the tagger took for sources in articles of the corpus, with what a large
language model said of each ("origin" and "guide" there): the kind, or that it is none, and where it is named more
fully. No text. `training/data/attributions.json` (training/attribution_labels.py) asks more: whether this cue ascribes
something to this source. How sure an attribution is, is how likely the second says yes; the first, which says yes more
often, teaches it with an intercept of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scorer import certainty, source_kinds
from scorer.article import Article, InvalidInput
from scorer.attribution_links import Reading
from scorer.certainty import CLEAR, LEVELS, Certainty, Whole, is_whole
from scorer.document import read_document
from scorer.logodds import logit
from scorer.mentions import KINDS, Described, describe
from scorer.normal import normalise
from scorer.signals.attribution import is_ruled
from scorer.source_kinds import SourceKinds, list_masks
from scorer.tagger import Run
from scorer.text import Reader, Text
from training import attribution_labels
from training.attribution_labels import ASCRIBES, ATTRIBUTIONS
from training.character_grams import eight_bits
from training.corpora import Corpora, Row
from training.lexicon import load_reader
from training.references import alike
from training.store import open_part, write_part

SOURCES = Path(__file__).parent / "data" / "sources.json"

LETTERS = {"n": "named", "o": "organisation", "d": "document", "a": "anonymous", "v": "vague", "w": "named"}
"""Kinds by their letters in the file; the writer is a person, known by a byline if at all."""

NONE, WRITER = "x", "w"

C_CERTAINTY, C_KINDS = 0.1, 0.5
"""Inverse strengths of regularisation, the best of .1 to 1 on the half of the sources that was judged first."""

WEIGHTS = (0.5, 2.0)
"""Of a judged source and of a judged attribution in learning how sure one is: the best of five pairs."""

OWN_INTERCEPT = 10.0
"""The column that only judged sources have is so large that regularisation leaves their intercept free."""

LEVEL_SCALE = 64.0
"""Levels are divided by this while weights are fitted: they then reach from -2 to 2."""

FOLDS = 5

MIN_EXAMPLES = 1_000
"""Fewest judged sources that weights are learned from."""

PRECISION = 0.66
"""Share of what the tagger finds in the judged articles that ascribes something to the source it names."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One source as it was judged: where it stands, its letter, and the fuller name (None where there is none)."""

    letter: str
    name: str | None
    is_located: bool
    """False where somebody is named more fully, but the words could not be found again."""


@dataclass(slots=True)
class Examples:
    """What speaks of each judged attribution and source, with what was said of it.

    Attributes:
        rows, levels, is_source, owners: of k attributions, rows of the table, (LEVELS,) each, the answer, the article.
        asked_whole: whether the answer is of the attribution, not of its source alone.
        kind_rows, kinds, by_rule, kind_owners: of sources that are some, the same for the kind; `places` tells where
            they stand and what they are by rule.
        led_back: of sources that were led back to a name: whether to the right one.
    """

    rows: list[NDArray[np.int64]] = field(default_factory=list)
    levels: list[list[int]] = field(default_factory=list)
    is_source: list[bool] = field(default_factory=list)
    owners: list[str] = field(default_factory=list)
    asked_whole: list[bool] = field(default_factory=list)
    kind_rows: list[NDArray[np.int64]] = field(default_factory=list)
    kinds: list[int] = field(default_factory=list)
    by_rule: list[int] = field(default_factory=list)
    places: list[tuple[Text, Run, Described]] = field(default_factory=list)
    kind_owners: list[str] = field(default_factory=list)
    led_back: list[bool] = field(default_factory=list)


def judged(corpora: Corpora) -> Iterator[tuple[Row, dict[tuple[int, int], Judged]]]:
    """Articles with what was said of their sources, by [start, end) in the text; articles that changed are left out."""
    for row, told in attribution_labels.entries(corpora, SOURCES):
        text = row["text"]
        yield (
            row,
            {
                (start, end): Judged(letter, text[slice(*name)] if name and name[0] >= 0 else None, name != [-1, -1])
                for start, end, letter, *name in told
            },
        )


def examples(corpora: Corpora, folder: Path) -> Examples:
    """Read the judged articles with the tagger in `folder`; what it no longer finds is left out."""
    reader = load_reader(folder)
    masks = list_masks(reader.lexicon)
    reading = Reading(open_part(folder, "attribution"), reader.lexicon)
    found = Examples()
    whole = {row["id"]: (row, verdicts) for row, verdicts in attribution_labels.judged(corpora)}
    for row, said in judged(corpora):
        text, described, seen = _read(row, reader, reading)
        places = {run: text.token_span(*run) for run in described}
        answers = {run: said[place] for run, place in places.items() if place in said}
        told = [(link, *one) for link, *one in seen if link.source in answers and row["id"] not in whole]
        _add(found, row, [(rows, levels, answers[link.source].letter != NONE) for link, rows, levels in told], False)
        for run, answer in answers.items():
            if answer.letter == NONE:
                continue
            one = described[run]
            by_rule = source_kinds.PLACES[one.kind]
            features = source_kinds.features(text, run, by_rule, one.resolved is not None, masks)
            found.kind_rows.append(certainty.rows_of(features, source_kinds.BITS))
            found.kinds.append(source_kinds.PLACES[LETTERS[answer.letter]])
            found.by_rule.append(by_rule)
            found.places.append((text, run, one))
            found.kind_owners.append(row["id"])
            if one.resolved is not None and answer.letter != WRITER and answer.is_located:
                found.led_back.append(_is_right(one, answer, row["text"][slice(*places[run])]))
    for row, verdicts in whole.values():
        text, _, seen = _read(row, reader, reading)
        asked = [(verdicts.get(text.token_span(*link.cue)), *one) for link, *one in seen]
        _add(found, row, [(rows, levels, said.letter == ASCRIBES) for said, rows, levels in asked if said], True)
    return found


Seen = tuple[Whole, NDArray[np.int64], list[int]]
"""A link with what speaks of it."""


def _read(row: Row, reader: Reader, reading: Reading) -> tuple[Text, dict[Run, Described], list[Seen]]:
    """An article's text, its sources, and the links whose certainty is asked."""
    text = read_document(Article(text=row["text"]), reader).body
    tags = reading.tagger.tag(text)
    links = [link for link in reading.links(text, tags) if is_whole(link) and not is_ruled(text, link)]
    sources = sorted({link.source for link in links})
    described = dict(zip(sources, describe(text, sources, tags.quotations), strict=True))
    kinds = [source_kinds.PLACES[described[link.source].kind] for link in links]
    evidence = certainty.evidence(text, tags, links, kinds)
    return text, described, [(link, *one) for link, one in zip(links, evidence, strict=True)]


def _add(found: Examples, row: Row, told: Iterable[tuple[NDArray[np.int64], list[int], bool]], whole: bool) -> None:
    for rows, levels, answer in told:
        found.rows.append(rows)
        found.levels.append(levels)
        found.is_source.append(answer)
        found.owners.append(row["id"])
        found.asked_whole.append(whole)


def _is_right(described: Described, answer: Judged, words: str) -> bool:
    """Whether a source was led back to whom it stands for; a name that it holds itself is right."""
    resolved, own = described.resolved or "", normalise(words).text
    if resolved.lower() in own.lower():
        return True
    return answer.name is not None and alike(resolved, normalise(answer.name).text)


def _matrix(rows: Sequence[NDArray[np.int64]], bits: int) -> Any:
    from scipy.sparse import csr_matrix

    ends = np.cumsum([0, *map(len, rows)])
    counts = csr_matrix((np.ones(ends[-1]), np.concatenate(rows), ends), (len(rows), 1 << bits))
    counts.sum_duplicates()
    return counts


def fit_certainty(found: Examples, learn: NDArray[np.intp]) -> dict[str, Any]:
    """Weights for `scorer.certainty.Certainty`, by the names of its arguments."""
    from scipy.sparse import csr_matrix, hstack
    from sklearn.linear_model import LogisticRegression

    whole = np.array(found.asked_whole)[learn]
    levels = csr_matrix(np.array(found.levels)[learn] / LEVEL_SCALE)
    others = csr_matrix(np.where(whole, 0.0, OWN_INTERCEPT)[:, None])
    matrix = hstack([_matrix([found.rows[i] for i in learn], certainty.BITS), levels, others]).tocsr()
    model = LogisticRegression(C=C_CERTAINTY, max_iter=3_000)
    model.fit(matrix, np.array(found.is_source)[learn], sample_weight=np.where(whole, WEIGHTS[1], WEIGHTS[0]))
    table, unit = eight_bits(model.coef_[0, : -LEVELS - 1])
    weights = (model.coef_[0, -LEVELS - 1 : -1] / LEVEL_SCALE).tolist()
    return {"table": table, "unit": unit, "bias": float(model.intercept_[0]), "levels": weights}


def fit_kinds(found: Examples, learn: NDArray[np.intp]) -> dict[str, Any]:
    """Weights for `scorer.source_kinds.SourceKinds`: its `table`, `units` and `biases`."""
    from sklearn.linear_model import LogisticRegression

    matrix = _matrix([found.kind_rows[i] for i in learn], source_kinds.BITS)
    model = LogisticRegression(C=C_KINDS, max_iter=3_000).fit(matrix, np.array(found.kinds)[learn])
    columns = [eight_bits(column) for column in model.coef_]
    return {
        "table": np.stack([table for table, _ in columns], axis=1),
        "units": [unit for _, unit in columns],
        "biases": model.intercept_.tolist(),
    }


def unlearned() -> tuple[dict[str, Any], dict[str, Any]]:
    """Weights where too few of the judged articles are at hand: every attribution is as likely one as all together, and
    kinds are those by rule.
    """
    sure = {
        "table": np.zeros(1 << certainty.BITS, np.int8),
        "unit": 1.0,
        "bias": logit(PRECISION),
        "levels": [0.0] * LEVELS,
    }
    table = np.zeros((1 << source_kinds.BITS, len(KINDS)), np.int8)
    for kind in range(len(KINDS)):
        table[certainty.rows_of([(source_kinds.BY_RULE, kind)], source_kinds.BITS), kind] = 127
    return sure, {"table": table, "units": [1.0] * len(KINDS), "biases": [0.0] * len(KINDS)}


def train(corpora: Corpora, folder: Path) -> None:
    """Write the part `sources` of a model whose `lexicon`, `punkt` and `attribution` exist."""
    found = examples(corpora, folder)
    if len(found.kind_rows) < MIN_EXAMPLES:
        sure, kinds = unlearned()
    else:
        sure, kinds = (
            fit_certainty(found, np.arange(len(found.rows))),
            fit_kinds(found, np.arange(len(found.kind_rows))),
        )
    arrays = {"certainty": sure.pop("table"), "kinds": kinds.pop("table")}
    write_part(folder, "sources", arrays, {"certainty": sure, "kinds": kinds})


def evaluate(corpora: Corpora, folder: Path) -> dict[str, float]:
    """Held-out figures, five folds by article: of the judged attributions and of those called clear, which are some
    (precision), and how many of them are called clear (recall); of the judged sources, whose kind is right. The ties of
    content, whose features they share, were learned from the judged attributions of all folds.
    """
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import GroupKFold

    found = examples(corpora, folder)
    if len(found.kind_rows) < MIN_EXAMPLES:
        raise InvalidInput(
            f"{len(found.kind_rows)} of what {SOURCES.name} and {ATTRIBUTIONS.name} judge is found in these articles, "
            f"{MIN_EXAMPLES:,} are needed: they are of the articles the judgements were made of"
        )
    truth, kinds, asked = np.array(found.is_source), np.array(found.kinds), np.array(found.asked_whole)
    chances, guessed = np.zeros(len(truth)), np.array(found.by_rule)
    for learn, held in GroupKFold(FOLDS).split(truth, groups=found.owners):
        model = Certainty(**fit_certainty(found, learn))
        sums = [[int(model.table[found.rows[i]].sum(dtype=np.int64)), *found.levels[i]] for i in held]
        chances[held] = model.of_sums(np.array(sums, dtype=np.int64))
    for learn, held in GroupKFold(FOLDS).split(kinds, groups=found.kind_owners):
        weights = SourceKinds(**fit_kinds(found, learn), masks=np.zeros(0, dtype=np.int32))
        for article in dict.fromkeys(found.kind_owners[i] for i in held):
            own = [i for i in held if found.kind_owners[i] == article]
            sums = np.stack([weights.table[found.kind_rows[i]].sum(axis=0, dtype=np.int64) for i in own])
            text, sources, described = found.places[own[0]][0], *zip(*(found.places[i][1:] for i in own), strict=True)
            settled = source_kinds.settled(weights.odds(sums), text, sources, described)
            guessed[own] = [source_kinds.PLACES[one.kind] for one in settled]
    truth, chances = truth[asked], chances[asked]
    clear = chances >= CLEAR
    tenths = np.array_split(np.argsort(chances), 10)
    return {
        "found_precision": float(truth.mean()),
        "clear_precision": float(truth[clear].mean()),
        "clear_recall": float(clear[truth].mean()),
        "certainty_auc": float(roc_auc_score(truth, chances)),
        "certainty_error": float(np.mean([abs(truth[part].mean() - chances[part].mean()) for part in tenths])),
        "attributions_n": float(len(truth)),
        "kind_accuracy": float((guessed == kinds).mean()),
        "kind_accuracy_by_rule": float((np.array(found.by_rule) == kinds).mean()),
        "kinds_n": float(len(kinds)),
        "led_back": float(np.mean(found.led_back)),
        "led_back_n": float(len(found.led_back)),
    }
