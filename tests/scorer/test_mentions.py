"""Whom a pronoun or a short name stands for: a sample labelled by hand, in sentences we wrote."""

from __future__ import annotations

import pytest

from scorer import store
from scorer.lexicon import Lexicon
from scorer.mentions import describe
from scorer.normal import normalise
from scorer.quotes import line_starts, quotations
from scorer.sentences import Punkt
from scorer.text import Reader, Text

# text, the source (its last occurrence), kind, whom it stands for
SAMPLE = [
    ("Ellen Brandt runs the town. She said the bridge is old.", "She", "named", "Ellen Brandt"),
    ("Mayor Ellen Brandt met Tom Dietz. He said the bridge is old.", "He", "named", "Tom Dietz"),
    ("Tom Dietz met Ellen Brandt. He said the bridge is old.", "He", "named", "Tom Dietz"),
    ("Tom Dietz met Ellen Brandt. Brandt said the bridge is old.", "Brandt", "named", "Ellen Brandt"),
    ("Senator Paula Reyes arrived. Ms. Reyes said the bill was dead.", "Ms. Reyes", "named", "Paula Reyes"),
    ("President Karl Olsen spoke. Later the president said he was tired.", "the president", "named", "Karl Olsen"),
    ("The National Bridge Agency met. The agency said so.", "The agency", "organisation", "National Bridge Agency"),
    ("The National Bridge Agency met. The NBA said so.", "The NBA", "organisation", "National Bridge Agency"),
    ("Both Berlin and Paris signed, though they said otherwise.", "they", "organisation", "Both Berlin and Paris"),
    ("Carl Mendes, who said he saw the fire, left.", "who", "named", "Carl Mendes"),
    ("A spokesman for the town said no.", "A spokesman for the town", "anonymous", None),
    ("Many residents said no.", "Many residents", "vague", None),
    ("Critics said no.", "Critics", "vague", None),
    ("A study by two doctors said no.", "A study by two doctors", "document", None),
    ("The Ministry of Health said no.", "The Ministry of Health", "organisation", None),
    ("The Springfield Tribune said no.", "The Springfield Tribune", "organisation", None),
    ("Her rival, Tom Dietz, said no.", "Her rival, Tom Dietz", "named", "Tom Dietz"),
    ("Mary Lund spoke first. John Abel followed. She said no.", "She", "named", "Mary Lund"),
    ("Russian President Ivan Morev spoke. He said no.", "He", "named", "Ivan Morev"),
    ("Police spokeswoman Ana Ruiz said no.", "Police spokeswoman Ana Ruiz", "named", "Ana Ruiz"),
    ("A senior official left. He said no.", "He", "anonymous", None),
    ("“He is a liar,” Ana Ruiz said of Tom Dietz. She said no.", "She", "named", "Ana Ruiz"),
    ("Iran and Syria agreed. Tehran said no.", "Tehran", "organisation", None),
    ("Newspapers wrote nothing. An email said no.", "An email", "document", None),
    ("Some Democrats said no.", "Some Democrats", "vague", None),
    # of two who share a name, the one the text is about
    ("Ellen Brandt runs the town. Her husband, Paul Brandt, left. Brandt said no.", "Brandt", "named", "Ellen Brandt"),
    ("I’m aghast at Tom Dietz. He said no.", "He", "named", "Tom Dietz"),
    ("Tom Dietz spoke first. The South Carolina Republican left. He said no.", "He", "named", "Tom Dietz"),
    ("Tom Dietz spoke first. The former Maryland governor left. He said no.", "He", "named", "Tom Dietz"),
    # a body before "who" is not whom it stands for
    ("A spokesman for the Elm Party, who said no, left.", "who", "anonymous", None),
    ("Ann Bly of the Elm Party, who said no, left.", "who", "named", "Ann Bly"),
    ("They met Ann Bly and the Elm Party, who said no.", "who", "anonymous", None),
    ("A doctor of Public Health at Elm University, who said no, left.", "who", "anonymous", None),
    ("A critic of the Elm Party, who said no, left Ann Bly.", "who", "anonymous", None),
    ("The police, who said no, left.", "who", "organisation", None),
    ("The Elm Party, which said no, left.", "which", "organisation", "Elm Party"),
    ("The Elm Party, who said no, left.", "who", "organisation", "Elm Party"),
    ("She wrote to the Elm Party, who said no.", "who", "organisation", "Elm Party"),
    ("They hired Ann Bly from the Elm Party, who said no.", "who", "anonymous", None),
    ("The death of Ann Bly of the Elm Party, who said no, came late.", "who", "anonymous", None),
    # a speaker's label is a name, letters of a body are not
    ("Ellen Brandt spoke to us.\n\nBRANDT: It is old.", "BRANDT", "named", "Ellen Brandt"),
    ("The National Bridge Agency met Paul Nba. The NBA said so.", "The NBA", "organisation", "National Bridge Agency"),
    # capitals are no first name
    ("MIT Sloan opened. MIT said no.", "MIT", "organisation", None),
    ("ANNA Dietz opened. Anna said no.", "Anna", "named", "ANNA Dietz"),
    ("JD Vandermeer opened. JD said no.", "JD", "named", "JD Vandermeer"),
    # a word that only opens its sentence is no part of a body's name
    ("As Fern Press has reported, it rained. Fern Press said no.", "Fern Press", "organisation", None),
    ("But Elm City Council met. The council said no.", "The council", "organisation", "Elm City Council"),
    ("And U.S. Bridge Guard Agency met. The BGA said no.", "The BGA", "organisation", "U.S. Bridge Guard Agency"),
    ("U.S. Bridge Guard Agency met. The BGA said no.", "The BGA", "organisation", "U.S. Bridge Guard Agency"),
    ("They read the As Council. The council said no.", "The council", "organisation", "As Council"),
    ("As You Sow Council met. The council said no.", "The council", "organisation", "As You Sow Council"),
    ("AS Elm Football Council met. The council said no.", "The council", "organisation", "AS Elm Football Council"),
    # a word of a title makes nobody a person by itself, a title does
    ("A huge number of Hindus left. He said no.", "He", "anonymous", None),
    ("They met a former NBA scout and Scriberr. He said no.", "He", "anonymous", None),
    ("Tom Dietz spoke first. A member of the state Assembly left. He said no.", "He", "named", "Tom Dietz"),
    ("Prime minister Olsen left. He said no.", "He", "named", "Olsen"),
    ("They met former president Olsen. He said no.", "He", "named", "Olsen"),
    ("Secretary of State Karl Olsen left. He said no.", "He", "named", "Karl Olsen"),
    ("Secretary of State Olsen left. He said no.", "He", "named", "Olsen"),
    ("The minister for health Olsen left. He said no.", "He", "named", "Olsen"),
    ("Chief Justice Olsen left. He said no.", "He", "named", "Olsen"),
    ("Republican Olsen left. He said no.", "He", "named", "Olsen"),
    ("Tom Dietz and Olsen said so. He said no.", "He", "anonymous", None),
    ("Vice President Olsen left. He said no.", "He", "named", "Olsen"),
    ("The state Karl Olsen left is Utah. The state said no.", "The state", "organisation", None),
    # an office with a period is no part of the name
    ("New York Gov. Tom Dietz spoke. Dietz said no.", "Dietz", "named", "Tom Dietz"),
    # an office without a holder names nobody, a body does
    ("The National Security Adviser met Ann Bly. She said no.", "She", "named", "Ann Bly"),
    ("National Security Adviser, Ann Bly, met him. Bly said no.", "Bly", "named", "Ann Bly"),
    (
        "The United Bridge Workers Union met. The UBWU said no.",
        "The UBWU",
        "organisation",
        "United Bridge Workers Union",
    ),
    # who has it as a last name, not who has it as a first
    ("Speaker Paul D. Dietz spoke. Senator Ann Paul met him. Ms. Paul said no.", "Ms. Paul", "named", "Ann Paul"),
    ("Leader Kim Jong Olsen met Sung Kim. Kim said no.", "Kim", "named", "Kim Jong Olsen"),
    # a source of two names is neither of them
    ("Both Ellen Brandt and Sen. Tom Dietz said no.", "Both Ellen Brandt and Sen. Tom Dietz", "named", None),
    ("Carl Mendes met Ellen Brandt and senators. Tom Dietz left. He said no.", "He", "named", "Tom Dietz"),
    # "which" is nobody
    ("Elm Fargo, which said no, left.", "which", "organisation", "Elm Fargo"),
    ("The Office for Civil Rights, which said no, left.", "which", "organisation", None),
    # a headline in capitals names nobody, a speaker in capitals does
    ("DIETZ WARNS IRAN again. Iran said no.", "Iran", "organisation", None),
    ("SARAH ELM DIETZ: Welcome. Dietz said no.", "Dietz", "named", "SARAH ELM DIETZ"),
    # nouns for people that bodies bear too
    ("Her family said no.", "Her family", "anonymous", None),
    ("The politician said no.", "The politician", "anonymous", None),
]


@pytest.fixture(scope="module")
def reader() -> Reader:
    """The shipped reader, alone: no other part is needed here."""
    model = store.load(store.find())
    return Reader(Lexicon(model.part("lexicon").meta["words"]), Punkt(model.part("punkt").meta))


def read(reader: Reader, text: str) -> Text:
    return reader.read(normalise(text))


@pytest.mark.parametrize(("text", "source", "kind", "resolved"), SAMPLE)
def test_sample(reader: Reader, text: str, source: str, kind: str, resolved: str | None) -> None:
    part = read(reader, text)
    start = text.rindex(source)
    run = (part.token_at(start), part.token_at(start + len(source) - 1) + 1)
    double, single = quotations(part, line_starts(part))
    found = describe(part, [run], double + single)[0]
    assert (found.kind, found.resolved) == (kind, resolved)


def test_mentions_of_one_person_count_once(reader: Reader) -> None:
    text = "Ellen Brandt said no. Brandt said no. She said no."
    part = read(reader, text)
    runs = [
        (part.token_at(text.index(s)), part.token_at(text.index(s) + len(s) - 1) + 1) for s in ("Ellen Brandt", "She")
    ]
    at = text.index("Brandt said", 20)
    runs.insert(1, (part.token_at(at), part.token_at(at) + 1))
    assert len({found.key for found in describe(part, runs, [])}) == 1


def test_an_interview_letter_is_nobody_to_be_led_back_to(reader: Reader) -> None:
    text = read(reader, "Q: Who kept the pier? A: My uncle. He said that he did.")
    runs = [(0, 1), (text.tokens.index("He"), text.tokens.index("He") + 1)]
    assert [one.resolved for one in describe(text, runs, [])] == [None, None]


def test_an_office_in_capitals_names_nobody(reader: Reader) -> None:
    text = read(reader, "Later a Conservative MP told reporters that he had no comment.")
    assert describe(text, [(1, 4)], [])[0].resolved is None
