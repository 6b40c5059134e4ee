"""Quotation marks pair, and the table look-ups say what training said."""

from __future__ import annotations

import numpy as np
import pytest

from scorer import store
from scorer.lexicon import Lexicon
from scorer.normal import normalise
from scorer.quotes import line_starts, quotations
from scorer.sentences import Punkt
from scorer.store import Part
from scorer.tagger import FLAGS, Inputs, Network, Tags, Thresholds, decode, inputs
from scorer.text import Reader
from training.network import Example, Fitter, join, start


@pytest.fixture(scope="module")
def reader() -> Reader:
    """The shipped reader, alone: no other part is needed here."""
    model = store.load(store.find())
    return Reader(Lexicon(model.part("lexicon").meta["words"]), Punkt(model.part("punkt").meta))


@pytest.mark.parametrize(
    ("text", "double", "single"),
    [
        ('He said "no" and left.', ['"no"'], []),
        ("He said “no” and “yes”.", ["“no”", "“yes”"], []),
        ("Er sagte „nein“ und ging.", ["„nein“"], []),
        ("Il dit « non » et part.", ["« non »"], []),
        ("Er sagte »nein« und ging.", ["»nein«"], []),
        ("He said 'no' and left.", [], ["'no'"]),
        ("He said ‘it’s no good,’ and left.", [], ["‘it’s no good,’"]),
        ("The workers' bus wasn't John's.", [], []),
        ("The '90s were loud, the workers said.", [], []),
        ('A man of 6\'2" said "no".', ['"no"'], []),
        ("“It never closes.\nA new line.", ["“It never closes."], []),
        ("“It goes on.\n“It ends here.” The end.", ["“It goes on.", "“It ends here.”"], []),
        ("“He said ‘no’ to me,” she said.", ["“He said ‘no’ to me,”"], ["‘no’"]),
    ],
)
def test_quotations(reader: Reader, text: str, double: list[str], single: list[str]) -> None:
    part = reader.read(normalise(text))
    found = quotations(part, line_starts(part))
    texts = [[text[slice(*part.token_span(first, last))] for first, last, _ in kind] for kind in found]
    assert texts == [double, single]


def tiny(seed: int) -> tuple[Inputs, dict[str, np.ndarray]]:
    random = np.random.default_rng(seed)
    n = 23
    given = Inputs(
        random.integers(0, 40, n).astype(np.int32),
        random.integers(0, 14, n).astype(np.int32),
        random.integers(0, 1 << FLAGS, n).astype(np.int32),
        np.array([0, 7, 8, 23], dtype=np.int32),
        [],
        np.zeros(n, dtype=np.int32),
        np.ones(n, dtype=np.int32),
    )
    weights = start(random.normal(size=(40, 6)).astype(np.float32), FLAGS, 10, (1, 3), seed)
    for name in ("direct", "pairs"):
        weights[name] = random.normal(size=weights[name].shape).astype(np.float32)
    return given, weights


def test_gradients_are_those_of_the_scoring_path() -> None:
    """A step of training goes down the loss that the scoring path computes."""
    given, weights = tiny(3)
    random = np.random.default_rng(4)
    labels, content = random.integers(0, 5, 23), random.integers(0, 2, 23)

    def loss() -> float:
        scores = Network(Part("x", weights, {"scales": {}, "dilations": [1, 3]})).scores(given).astype(np.float64)
        tags, kinds = scores[:, :5], scores[:, 5:]
        rows = np.arange(23)
        first = np.log(np.exp(tags).sum(1)) - tags[rows, labels]
        second = np.log(np.exp(kinds).sum(1)) - kinds[rows, content]
        return float((first + second).mean())

    fitter = Fitter(weights, (1, 3), 1e-3, 0.0, 0.0, 1, direct_rate=1.0, direct_dropout=0.0)
    before = loss()
    for _ in range(40):
        fitter.step(join([Example(given, labels, content)]), 1e-2)
    assert loss() < before / 4


THRESHOLDS = Thresholds(cue=0.4, source=0.3, content=0.5, silent=0.5, least=0.05)


def decoded(chances: list[tuple[float, float, float, float, float]], sentences: list[int]) -> Tags:
    """Decode given chances of `LABELS`, a row a token; every token is four characters and a blank."""
    n = len(chances)
    tags = np.log(np.array(chances, dtype=np.float32) + 1e-6)
    none, starts = np.zeros(n, np.int32), np.arange(n, dtype=np.int32) * 5
    given = Inputs(none, none, none, np.array(sentences, np.int32), [], starts, starts + 4)
    return decode(np.concatenate([tags, np.zeros((n, 2), np.float32)], axis=1), given, THRESHOLDS)


NONE = (1.0, 0.0, 0.0, 0.0, 0.0)


def test_a_sure_source_and_a_sure_cue() -> None:
    tags = decoded([(0, 1, 0, 0, 0), (0, 0, 1, 0, 0), (0, 0, 0, 1, 0), NONE], [0, 4])
    assert (tags.sources, tags.cues) == ([(0, 2)], [(2, 3)])


def test_a_sentence_that_surely_has_a_cue_gets_its_best() -> None:
    """Two words may be the cue, neither is likely enough by itself: one of them is better than none."""
    unsure = [(0.66, 0, 0, 0.34, 0), NONE, (0.64, 0, 0, 0.36, 0), NONE]
    assert decoded(unsure, [0, 4]).cues == [(2, 3)]
    assert decoded([(0.9, 0, 0, 0.1, 0), NONE], [0, 2]).cues == []


def test_no_run_reaches_over_a_sentence() -> None:
    tags = decoded([NONE, (0, 0, 0, 1, 0), (0, 0, 0, 0, 1), NONE], [0, 2, 4])
    assert tags.cues == [(1, 2)]


def test_a_token_has_one_role() -> None:
    tags = decoded([(0, 0.55, 0, 0.45, 0), (0.2, 0, 0.4, 0, 0.4)], [0, 2])
    assert (tags.sources, tags.cues) == ([(0, 2)], [])


def test_every_token_is_in_a_sentence(reader: Reader) -> None:
    no_cues = np.zeros(len(reader.lexicon), dtype=bool)
    given = inputs(reader.read(normalise("One. Two.\n\nThree “four. five”")), no_cues)
    assert given.sentences[0] == 0
    assert given.sentences[-1] == len(given.words)
    assert (np.diff(given.sentences) > 0).all()


def test_a_token_knows_what_stands_far_away_in_its_sentence(reader: Reader) -> None:
    """Whether a cue word, or a quotation, stands before it or after it; never in another sentence."""
    telling = np.zeros(len(reader.lexicon), dtype=bool)
    telling[reader.lexicon.id_of["said"]] = True
    text = reader.read(normalise("“No,” said the tall man. He left."))
    flags = inputs(text, telling).flag_columns()
    man, he, no = (text.tokens.index(word) for word in ("man", "He", "No"))
    assert flags[man, 12:17].tolist() == [1, 0, 1, 0, 0]
    assert flags[no, 12:17].tolist() == [0, 1, 1, 1, 0]
    assert flags[he, 12:17].tolist() == [0, 0, 0, 0, 0]
