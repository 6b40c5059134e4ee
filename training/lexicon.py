"""Learns what reading needs: the lexicon (which words get an integer) and Punkt's parameters (by NLTK)."""

from __future__ import annotations

import collections
import random
import re
from pathlib import Path
from typing import Any

from scorer.lexicon import Lexicon, key_of
from scorer.normal import normalise
from scorer.sentences import Punkt
from scorer.store import load_part
from scorer.text import TOKEN, Reader
from training.corpora import Corpora, Row
from training.store import write_part

MIN_DOCUMENTS = 4
MIN_SOURCES = 3
"""A word enters the lexicon when this many documents of this many sources use it: a house's own words stay out."""

MIN_ENDING_WORDS = 40
PUNKT_ARTICLES = 1_500
PUNKT_ARTICLES_A_SOURCE = 30
PUNKT_VOTES = 4
PUNKT_VOTE_SHARE = 0.2
PLAIN_WORD_SHARE = 0.3
"""A form that so large a part of the sources writes in lower case without a period is a word, not an abbreviation."""

TITLES = frozenset(
    (
        *("mr", "mrs", "ms", "messrs", "dr", "prof", "rev", "hon", "st"),
        *("gov", "sen", "sens", "rep", "reps", "del", "gen", "col", "lt", "sgt", "maj", "capt", "cmdr", "adm"),
    )
)
"""What stands before a name never ends a sentence."""

_TITLED = re.compile(rf"\b({'|'.join(sorted(TITLES))})\.[ \u00a0]([A-Z][^\s,.;:!?\"“”()\[\]]*)", re.IGNORECASE)


def train(corpora: Corpora, folder: Path) -> None:
    """Write the parts `lexicon` and `punkt` of a model."""
    write_part(folder, "lexicon", meta={"words": lexicon_words(corpora)})
    write_part(folder, "punkt", meta=punkt_parameters(corpora))


def load_reader(folder: Path) -> Reader:
    """The reader of a model that may still be unfinished (no manifest yet)."""
    words = load_part(folder, "lexicon", []).meta["words"]
    return Reader(Lexicon(words), Punkt(load_part(folder, "punkt", []).meta))


def lexicon_words(corpora: Corpora) -> list[str]:
    """Every known word in id order: '' first, then words by falling document count, then endings."""
    documents: collections.Counter[str] = collections.Counter()
    sources: dict[str, set[str]] = collections.defaultdict(set)
    texts = [
        (a["source"] or a["corpus"] + a["id"], (a["title"] or "") + "\n" + (a["text"] or "")) for a in corpora.articles
    ]
    for name in ("attributions", "propaganda", "hedges", "clickbait", "satire_titles"):
        for number, row in enumerate(corpora.rows(name)):
            texts.append((f"{name} {number}", row.get("text") or row.get("title") or ""))
    for source, text in texts:
        for word in {key_of(token) for token in TOKEN.findall(normalise(text).text)}:
            documents[word] += 1
            if len(sources[word]) < MIN_SOURCES:
                sources[word].add(source)
    known = [
        word
        for word, count in sorted(documents.items(), key=lambda item: (-item[1], item[0]))
        if count >= MIN_DOCUMENTS and len(sources[word]) >= MIN_SOURCES and len(word) <= 32
    ]
    endings: collections.Counter[str] = collections.Counter()
    for word in known:
        for length in (1, 2, 3):
            if len(word) > length:
                endings[word[-length:]] += 1
    kept = sorted(ending for ending, count in endings.items() if count >= MIN_ENDING_WORDS)
    return ["", *known, "~", *("~" + ending for ending in kept)]


def punkt_parameters(corpora: Corpora) -> dict[str, object]:
    """Punkt's parameters, learned without labels by NLTK's `PunktTrainer` from a seeded sample of articles.

    Punkt holds every use without a period against an abbreviation, so one house that writes "Mr" would lose "Mr." for
    all: abbreviations are learned a source at a time and kept where several sources agree. It also breaks "Mr. Trump"
    where the name often starts a sentence: titles and the names that follow them are given to it as collocations, its
    own means of saying that two words belong together.
    """
    from nltk.tokenize.punkt import PunktTrainer  # NLTK learns; scoring never imports it

    def learn(articles: list[Row]) -> Any:
        trainer = PunktTrainer()
        trainer.INCLUDE_ABBREV_COLLOCS = True
        trainer.train("\n\n".join(normalise(article["text"] or "").text for article in articles))
        return trainer.get_params()

    shuffled = random.Random(11).sample(corpora.articles, len(corpora.articles))
    by_source: dict[str, list[Row]] = collections.defaultdict(list)
    for article in shuffled:
        if article["source"] and len(by_source[article["source"]]) < PUNKT_ARTICLES_A_SOURCE:
            by_source[article["source"]].append(article)
    votes: collections.Counter[str] = collections.Counter()
    users: collections.Counter[str] = collections.Counter()
    plain: collections.Counter[str] = collections.Counter()
    for _, articles in sorted(by_source.items()):
        if len(articles) >= PUNKT_ARTICLES_A_SOURCE // 2:
            votes.update(learn(articles).abbrev_types)
            words = {word for article in articles for word in (article["text"] or "").split()}
            users.update({word.rstrip(".").lower() for word in words})
            plain.update({word for word in words if word.isalpha() and word.islower() and len(word) > 1})
    overall = learn(shuffled[:PUNKT_ARTICLES])
    learned = {
        kind
        for kind, count in votes.items()
        if count >= max(PUNKT_VOTES, PUNKT_VOTE_SHARE * users[kind]) and plain[kind] < PLAIN_WORD_SHARE * users[kind]
    }
    titled = {
        (title.lower(), name.lower())
        for article in corpora.articles
        for title, name in _TITLED.findall(normalise(article["text"] or "").text)
        if name[0].isupper()
    }
    return {
        "abbreviations": sorted(learned | TITLES),
        "collocations": sorted(map(list, overall.collocations | titled)),
        "sentence_starters": sorted(overall.sent_starters),
        "orthographic_context": {
            kind: flags for kind, flags in sorted(overall.ortho_context.items()) if len(kind) < 30
        },
    }
