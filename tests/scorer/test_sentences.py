"""Sentence borders: exactly NLTK's Punkt with the shipped parameters, one line at a time."""

import json
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer

from scorer.normal import normalise
from scorer.scorer import Scorer
from scorer.sentences import Punkt
from tests.scorer.prose import ARTICLE, LOADED

TEXTS = [
    ARTICLE,
    LOADED,
    "Mr. Smith met Gov. Jones at 5 p.m. Tuesday. They spoke for an hour. He left at 6 p.m. She stayed.",
    'He asked: "Is it over?" She said no. (It was not.) "Wait!" he cried. [Applause.] Then he left...',
    "Prices rose 3.5 percent to $4. That is 0.2 percent more than in Jan. 2019. See No. 5. J. R. Brown agrees.",
    "What?! No... maybe. Visit example.org. Then e.g. this one, i.e. that one. The U.S. is big. The U.S. Army is too.",
    "An end without a stop\nA new line begins. here lower case follows. 5 people came. -- The editors",
    "Wait . . . what? A.B. and C.D. met. It was 10 a.m. in the E.U. And then? “Quoted.” ‘So.’ Done.",
]


@pytest.fixture(scope="module")
def nltk(scorer: Scorer) -> PunktSentenceTokenizer:
    return _nltk(scorer.model.part("punkt").meta)


def _nltk(shipped: Mapping[str, Any]) -> PunktSentenceTokenizer:
    parameters = PunktParameters()
    parameters.abbrev_types = set(shipped["abbreviations"])
    parameters.collocations = {(a, b) for a, b in shipped["collocations"]}
    parameters.sent_starters = set(shipped["sentence_starters"])
    parameters.ortho_context = defaultdict(int, shipped["orthographic_context"])
    tokenizer = PunktSentenceTokenizer()
    tokenizer._params = parameters
    return tokenizer


def expected(tokenizer: PunktSentenceTokenizer, text: str) -> list[tuple[int, int]]:
    """What NLTK makes of each line."""
    found, begun = [], 0
    for line in text.split("\n"):
        if line.strip():
            lead = len(line) - len(line.lstrip())
            found += [(begun + lead + a, begun + lead + b) for a, b in tokenizer.span_tokenize(line[lead:])]
        begun += len(line) + 1
    return found


@pytest.mark.parametrize("text", TEXTS)
def test_borders_are_those_of_nltk(scorer: Scorer, nltk: PunktSentenceTokenizer, text: str) -> None:
    assert scorer.reader.punkt.spans(text) == expected(nltk, text)


@pytest.mark.shared
def test_borders_are_those_of_nltk_on_real_articles(
    scorer: Scorer, nltk: PunktSentenceTokenizer, some_articles: list[str]
) -> None:
    for raw in some_articles:
        text = normalise(raw).text
        assert scorer.reader.punkt.spans(text) == expected(nltk, text)


def test_the_shipped_parameters_know_titles_and_hours(scorer: Scorer) -> None:
    text = "Dr. Vale spoke at 9 a.m. on Monday. Nobody left."
    assert [text[a:b] for a, b in scorer.reader.punkt.spans(text)] == [text[:35], "Nobody left."]


def test_a_part_is_read_as_if_it_stood_alone(scorer: Scorer) -> None:
    start = ARTICLE.index("Ferries")
    alone = scorer.reader.punkt.spans(ARTICLE[start:])
    assert scorer.reader.punkt.spans(ARTICLE, start) == [(a + start, b + start) for a, b in alone]


def test_absent_parameters_are_named() -> None:
    with pytest.raises(KeyError, match="collocations"):
        Punkt({"abbreviations": []})


def test_the_parameters_are_plain_json(scorer: Scorer) -> None:
    folder: Path = scorer.model.folder
    assert (
        json.loads((folder / "punkt.json").read_text(encoding="utf-8")).keys() == scorer.model.part("punkt").meta.keys()
    )
