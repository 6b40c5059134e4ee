"""The articles of an input one by one, for whoever compares rather than answers: a bad record stops the reading."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scorer.article import Article, InvalidInput
from scorer.batch.formats import find
from scorer.batch.input import read_chunks
from scorer.batch.records import Position
from scorer.batch.scoring import given_of


def read_articles(names: Sequence[str], limit: int) -> Iterator[Article]:
    """The articles of files, folders or patterns, in order; `limit` bounds a record, in bytes.

    Raises `InvalidInput` naming the record that holds none, or the file that cannot be read.
    """
    sources, _ = find(list(names), None)
    for chunk in read_chunks(sources, Position(), limit):
        for number, item in enumerate(chunk.items, chunk.first):
            if isinstance(item, bytes) and not item.strip():
                continue
            try:
                given = given_of(item)
                yield given if isinstance(given, Article) else Article.from_mapping(given)
            except InvalidInput as error:
                raise InvalidInput(f"record {number}: {error}") from None
