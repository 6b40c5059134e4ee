"""Posts, signed quotations and the turns of a transcript: whose words they are, and whose they are not."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scorer.normal import normalise
from scorer.quotes import line_starts, quotations
from scorer.signatures import LONGEST_POST, signatures
from scorer.text import Reader
from tests.scorer.test_attribution import measured

POST = "The bridge will open on Monday. I promised it. — Mara Lind (@maralind) July 4, 2023"


def signed(reader: Reader, written: str) -> list[tuple[str, str, str]]:
    """(who signs, the mark, what is signed) of each signature, in the text's own words."""
    text = reader.read(normalise(written))
    twice, once = quotations(text, line_starts(text)) if text.tokens else ([], [])

    def told(run: tuple[int, int]) -> str:
        return written[slice(*text.token_span(*run))]

    return [(told(one.name), told(one.mark), told(one.words)) for one in signatures(text, [*twice, *once])]


@pytest.mark.parametrize(
    ("written", "found"),
    [
        (POST, ("Mara Lind", "—", "The bridge will open on Monday. I promised it.")),
        ("He wrote:\n\nNo. https://t.co/a1 pic.twitter.com/b2 — Mara Lind 🐟 (@maralind) July 4, 2023\n\nWe asked.",
         ("Mara Lind", "—", "No.")),
        ("Fog again.https://t.co/a1 -- The Kestrel Post (@kestrelpost)\n\nMore below.",
         ("The Kestrel Post", "--", "Fog again.")),
        ("“The dyke held.”\n\n– Mara Lind, harbour master\n\nIt did.", ("Mara Lind", "–", "“The dyke held.”")),
        ("“Open the gate.” — Editorial, Kestrel Post", ("Kestrel Post", "—", "“Open the gate.”")),
        ('Voices\n"Nobody asked us." ― Carl de la Mar (Port Elm)', ("Carl de la Mar", "―", '"Nobody asked us."')),
    ],
)  # fmt: skip
def test_who_signs_is_read(reader: Reader, written: str, found: tuple[str, str, str]) -> None:
    assert signed(reader, written) == [found]


@pytest.mark.parametrize(
    "written",
    [
        "The mayor — Mara Lind (@maralind), who was away — said nothing.",  # in a sentence
        "It was late — the ferry (@ferry) July 4, 2023\nhad\n— (@maralind) July 4, 2023",  # by nobody
        "She said “it held” – Mara Lind never doubted it.",
        "She called it “a mess” — Mara Lind\n",  # the sentence's own quotation
        "Played:\n“Safety Net” — Mara Lind",
        "https://t.co/a1 — Mara Lind (@maralind) July 4, 2023",  # addresses alone
        "NEW KESTREL: The ferry is late, New Kestrel says.",  # a place, once
        "FILE PHOTO: The pier.\n\nFILE PHOTO: The File Photo of a pier.\n\nFILE PHOTO: The pier.",
        "\nWHAT LIND SAID: Mara Lind spoke.\n\nWHAT LIND MEANT: Mara Lind will go.",  # headings
    ],
)
def test_what_only_looks_like_it_is_left_alone(reader: Reader, written: str) -> None:
    assert [one for one in signed(reader, written) if one[0] != "the ferry"] == []


def test_a_post_whose_line_breaks_are_lost_is_its_last_sentence(reader: Reader) -> None:
    before = "The council met. " * (LONGEST_POST // 10)
    assert signed(reader, before + POST) == [("Mara Lind", "—", "I promised it.")]


def test_turns_are_read_to_the_end_of_their_line(reader: Reader) -> None:
    written = (
        "Mara Lind met Carl Mendes.\n\nLIND: The dyke held. I was there.\n\nREP. CARL MENDES (HARBOUR PARTY): Was it?"
        "\n\nThe two left."
    )
    assert signed(reader, written) == [
        ("LIND", ":", "The dyke held. I was there."),
        ("REP. CARL MENDES", ":", "Was it?"),
    ]


def test_a_label_is_read_whatever_other_colons_there_are(reader: Reader) -> None:
    written = (
        "At 9:30: Mara Lind met Carl Mendes.\nLIND (on the pier: north): It held. So: good.\nNote: a pause.\n"
        "MENDES, Harbour Party: Was it?"
    )
    assert signed(reader, written) == [
        ("LIND", ":", "It held. So: good."),
        ("MENDES", ":", "Was it?"),
    ]


def test_an_interviews_turns_go_on_to_the_next_speaker(reader: Reader) -> None:
    """Initials are speakers there, where somebody has them."""
    written = (
        "Mara Lind, a pilot, spoke to us.\n\n"
        + "KP: Why?\n\nML: The dyke held.\n\nI was there.\n\n" * 3
        + "KP: Thanks.\n\nBye."
    )
    found = signed(reader, "The Kestrel Post asks. " + written)
    assert found[1] == ("ML", ":", "The dyke held.\n\nI was there.")
    assert found[-1] == ("KP", ":", "Thanks.")
    assert len(found) == 7


def attributions(written: str) -> list[tuple[str | None, list[str], str]]:
    """(source, content, standing) of what the signal says."""
    return [
        (
            written[slice(*span["source"])] if span["source"] else None,
            [written[slice(*piece)] for piece in span["content"]],
            span["standing"],
        )
        for span in measured(written).spans
    ]


def test_a_post_is_its_authors_and_counts() -> None:
    """Neither "I" in it nor the speaker of the next paragraph has a part in it."""
    found = attributions(f"The harbour office was asked about it.\n\n{POST}\n\n“We shall see,” Carl Mendes said.")
    assert ("Mara Lind", ["The bridge will open on Monday. I promised it."], "counted") in found
    assert [content for source, content, _ in found if source == "Carl Mendes"] == [["“We shall see,”"]]
    assert {source for source, _, _ in found} <= {"Mara Lind", "Carl Mendes", "The harbour office"}


def test_who_announces_a_post_keeps_it() -> None:
    found = attributions(f"Mara Lind is the mayor. On Monday she tweeted:\n\n{POST}")
    assert any(source == "Mara Lind" and standing == "counted" for source, _, standing in found)
    assert all(source in ("Mara Lind", "she") for source, _, _ in found)


def test_who_announces_a_post_has_no_part_in_what_is_signed_below() -> None:
    below = "“The dyke held for 30 years.”\n\n– Carl Mendes, harbour master"
    found = attributions(
        f"Mara Lind met Carl Mendes at the harbour office on Monday. She tweeted:\n\n{POST}\n\n{below}"
    )
    assert ("Carl Mendes", ["“The dyke held for 30 years.”"], "counted") in found
    assert not any("30 years" in piece for source, content, _ in found if source == "She" for piece in content)


def test_a_speaker_in_a_transcript_is_no_writer() -> None:
    found = attributions(
        "Mara Lind spoke to Carl Mendes.\n\nMENDES: Did the dyke hold?\n\nLIND: I think it did. We saw it hold.\n\n"
        "MENDES: Thank you."
    )
    assert ("LIND", ["I think it did. We saw it hold."], "counted") in found
    assert "writer" not in {standing for _, _, standing in found}


PIECES = st.sampled_from(
    ["— ", "-- ", "“No.” ", "\n", "Mara Lind ", "(@maralind) ", "July 4, 2023", "LIND: ", "CARL MENDES: ",
     "I said so. ", "https://t.co/a ", "Carl Mendes said ", '"', "he tweeted: ", "\u200b", "🐟 "]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(pieces=st.lists(PIECES, max_size=40))
def test_signatures_lie_apart_in_order(reader: Reader, pieces: Sequence[str]) -> None:
    text = reader.read(normalise("".join(pieces)))
    twice, once = quotations(text, line_starts(text)) if text.tokens else ([], [])
    found = signatures(text, [*twice, *once])
    for one in found:
        for first, last in (one.name, one.mark, one.whole, one.words):
            assert 0 <= first < last <= len(text.tokens)
        assert one.whole[1] <= one.words[0] or one.words[1] <= one.whole[0]
    for one, other in itertools.pairwise(found):
        assert max(one.whole[1], one.words[1]) <= min(other.whole[0], other.words[0])


@settings(max_examples=100, deadline=None)
@given(pieces=st.lists(PIECES, max_size=40))
def test_what_is_signed_is_told_within_the_text(pieces: Sequence[str]) -> None:
    written = "".join(pieces)
    for span in measured(written).spans:
        for begin, end in (*span["content"], *(run for run in (span["source"], span["cue"]) if run)):
            assert span["start"] <= begin < end <= span["end"] <= len(written)


@pytest.mark.parametrize(
    ("unit", "each"), [(POST + "\n\n", 1), ("LIND: Yes. Mara Lind nodded.\n", 1), ("— a (@b) ", 0)]
)
def test_many_are_read(reader: Reader, unit: str, each: int) -> None:
    """A text of one thing over and over: whoever looks back further for each never ends."""
    assert len(signed(reader, "\n" + unit * 5_000)) == 5_000 * each
