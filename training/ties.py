"""Learns which source and which content belong to a cue: the tables of scorer/assembly.py and scorer/content_ties.py.

From PolNeAR's part `train`. Sources are tied among the annotated runs. Content is tied among the runs that the tagger
finds there: among those are pieces that belong to nobody it found, which annotated ones never do. Pieces that were
judged one by one in articles of every kind of outlet (training/attribution_labels.py) teach it, too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from scorer import assembly, content_ties
from scorer.article import Article
from scorer.assembly import HEADS, landmarks
from scorer.content_ties import Ground, trimmed
from scorer.document import read_document
from scorer.normal import normalise
from scorer.tagger import Run, Tagger, Tags
from scorer.text import Text
from scorer.token_classes import word_classes
from training import attribution_labels
from training.attribution_labels import FOREIGN, Verdict
from training.corpora import Corpora, Row
from training.lexicon import load_reader
from training.polnear import gold_runs
from training.store import open_part, write_part

FloatArray = NDArray[np.float32]

LINK = -4.0
"""Log-odds above which a cue takes its best source: nearly every cue has one, the question is which."""

FLOOR, QUOTATION_FLOOR, LONE_FLOOR = -1.0, -3.0, -0.5
"""Of `ContentTies`, chosen on PolNeAR's `dev` among -8 to 0, -8 to -2, and -8 to -.5 (docs/model/experiments.md)."""

C_SOURCES, C_CONTENT = 1.0, 0.3
"""Inverse strengths of regularisation."""

JUDGED_WEIGHT = 3.0
"""Of a judged piece, where an annotated one counts once; 1 parts them less well in five folds of the judged, 6 little
better.
"""

OWN = 0.5
"""Share of a piece that an attribution must hold for the piece to be its content."""


def train(corpora: Corpora, folder: Path) -> None:
    """Add the tables to the part `attribution`, whose network exists."""
    reader = load_reader(folder)
    part = open_part(folder, "attribution")
    read = [(row, reader.read(normalise(row["text"]))) for row in corpora.attributions if row["part"] == "train"]
    comma, heads = reader.lexicon.id_of[","], cue_heads(read)
    arrays = {name: np.array(array) for name, array in part.arrays.items()}
    arrays["link_sources"] = _source_table(read, comma, heads)
    content = _Content(Tagger(part), word_classes(reader.lexicon), heads)
    for row, text in read:
        content.learn_annotated(text, gold_runs(row, text))
    for row, said in attribution_labels.judged(corpora):
        content.learn_judged(read_document(Article(text=row["text"]), reader).body, said)
    arrays["link_content"] = content.table()
    ties = {
        "comma": comma, "cue_heads": heads.tolist(), "threshold": LINK, "floor": FLOOR,
        "quotation_floor": QUOTATION_FLOOR, "lone_floor": LONE_FLOOR,
    }  # fmt: skip
    write_part(folder, "attribution", arrays, {**part.meta, **ties})


def cue_heads(read: Sequence[tuple[Row, Text]]) -> NDArray[np.int32]:
    """The words that most cues begin with: (HEADS,) ids, the most frequent first."""
    firsts = (text.words[first] for row, text in read for found in gold_runs(row, text) for first, _ in found["cue"])
    return np.array([word for word, _ in Counter(firsts).most_common(HEADS)], dtype=np.int32)


def _source_table(read: Sequence[tuple[Row, Text]], comma: int, heads: NDArray[np.int32]) -> FloatArray:
    cells, answers = [], []
    for row, text in read:
        gold = gold_runs(row, text)
        roles = {role: sorted({run for found in gold for run in found[role]}) for role in ("source", "cue")}
        if not (roles["source"] and roles["cue"]):
            continue
        tags = Tags(roles["source"], roles["cue"], [run for found in gold for run in found["content"]], [])
        known = landmarks(text, tags, comma, heads)
        tied = {(cue, source) for found in gold for cue in found["cue"] for source in found["source"]}
        who, buckets = assembly.candidates(np.array(tags.cues), np.array(tags.sources), known)
        item, slot = np.nonzero(who >= 0)
        cells.append((slot[:, None] * assembly.FEATURES + np.arange(assembly.FEATURES)) * assembly.BUCKETS)
        cells[-1] += buckets[item, slot]
        answers += [
            (tags.cues[i], tags.sources[number]) in tied for i, number in zip(item, who[item, slot], strict=True)
        ]
    shape = assembly.SLOTS, assembly.FEATURES, assembly.BUCKETS
    return _fitted(np.concatenate(cells), np.array(answers), shape, C_SOURCES)


class _Content:
    """Pairs of a piece of content and a cue, how they look, and whether they belong together."""

    def __init__(self, tagger: Tagger, of_words: NDArray[np.uint8], heads: NDArray[np.int32]) -> None:
        self.tagger, self.of_words, self.heads = tagger, of_words, heads
        self.cells: list[NDArray[np.intp]] = []
        self.answers: list[bool] = []
        self.weights: list[float] = []

    def learn_annotated(self, text: Text, gold: Sequence[dict[str, list[Run]]]) -> None:
        """Learn from annotated attributions; a cue that none of them overlaps teaches nothing: what it would hold is
        not known.
        """
        ground = self._ground(text)
        theirs = [[one for one in gold if any(_shared(cue, run) for run in one["cue"])] for cue in ground.cues]
        for piece, run in enumerate(ground.content):
            for cue, (side, buckets) in content_ties.candidates(ground, piece).items():
                if theirs[cue]:
                    self._add(side, buckets, _owns(theirs[cue], run, ground.cues[cue]), 1.0)

    def learn_judged(self, text: Text, said: dict[Run, Verdict]) -> None:
        """Learn from pieces that were judged with their cue."""
        ground = self._ground(text)
        verdicts = [said.get(text.token_span(*cue)) for cue in ground.cues]
        for piece, run in enumerate(ground.content):
            for cue, (side, buckets) in content_ties.candidates(ground, piece).items():
                verdict = verdicts[cue]
                for other, letter in verdict.pieces.items() if verdict is not None else ():
                    if _is_alike(text.token_span(*run), other):
                        self._add(side, buckets, letter != FOREIGN, JUDGED_WEIGHT)

    def table(self) -> FloatArray:
        """The weights that part what belongs together."""
        shape = content_ties.SIDES, content_ties.FEATURES, content_ties.BUCKETS
        return _fitted(np.array(self.cells), np.array(self.answers), shape, C_CONTENT, np.array(self.weights))

    def _ground(self, text: Text) -> Ground:
        return Ground(text, trimmed(text, self.tagger.tag(text), self.of_words), self.of_words, self.heads)

    def _add(self, side: int, buckets: Sequence[int], answer: bool, weight: float) -> None:
        features = side * content_ties.FEATURES + np.arange(content_ties.FEATURES)
        self.cells.append(features * content_ties.BUCKETS + buckets)
        self.answers.append(answer)
        self.weights.append(weight)


def _owns(gold: Sequence[dict[str, list[Run]]], piece: Run, cue: Run) -> bool:
    """Whether one of these attributions holds the piece, or what follows the cue that stands in it."""
    first, last = piece
    if first <= cue[0] < last and cue[1] < last:
        first = cue[1]
    return any(sum(_shared((first, last), run) for run in one["content"]) >= OWN * (last - first) for one in gold)


def _shared(one: Run, other: Run) -> int:
    return max(0, min(one[1], other[1]) - max(one[0], other[0]))


def _is_alike(one: Run, other: Run) -> bool:
    """Whether two runs share more than half of the longer one."""
    return _shared(one, other) > max(one[1] - one[0], other[1] - other[0]) / 2


def _fitted(
    cells: NDArray[np.intp],
    answers: NDArray[np.bool_],
    shape: tuple[int, ...],
    c: float,
    weights: NDArray[np.float64] | None = None,
) -> FloatArray:
    """Logistic regression over k items with a cell each of `shape[1]` features, as a table of this shape; the intercept
    is spread over feature 0.
    """
    from sklearn.linear_model import LogisticRegression

    k, features = cells.shape
    matrix = scipy.sparse.csr_matrix(
        (np.ones(cells.size, np.float32), cells.ravel(), np.arange(0, cells.size + 1, features)),
        shape=(k, int(np.prod(shape))),
    )
    model = LogisticRegression(C=c, max_iter=500).fit(matrix, answers, sample_weight=weights)
    table = model.coef_[0].reshape(shape).astype(np.float32)
    table[:, 0] += model.intercept_[0]
    return table
