"""`Article` -> `Document`: the article in normal form, split into title, body and what stands around it, read once."""

from __future__ import annotations

from scorer.article import Article
from scorer.layout import Layout, split
from scorer.normal import Normal, normalise
from scorer.page import Page, read_page
from scorer.text import Reader, Text
from scorer.values import value


@value(frozen=True, slots=True)
class Document:
    """An article, read.

    Attributes:
        article: what the caller gave.
        content: the whole text that evidence counts in (the caller's, or the one extracted from the page), normalised.
        title: the headline, read; its positions count in the title, not in the text. Empty where there is none.
        body: the article proper: a part of `content`.
        layout: where title, body and tail stand in `content`, and what the tail's lines are.
        page: what the HTML said around the text; None for plain text.
    """

    article: Article
    content: Normal
    title: Text
    body: Text
    layout: Layout
    page: Page | None

    @property
    def text(self) -> str:
        """The text that evidence counts in: the caller's own, or the one extracted from the page."""
        return self.content.raw


def read_document(article: Article, reader: Reader) -> Document:
    """Read an article: extract (HTML), normalise, split, tokenise. Linear in its length."""
    article.check_limits()
    page = read_page(article.html, article.url) if article.html is not None else None
    content = normalise(page.text if page is not None else article.text)
    layout = split(content.text, has_title=bool(article.title.strip()), is_page=page is not None)
    if article.title.strip():
        title = normalise(article.title)
    elif page is not None:
        title = normalise(page.title)
    else:
        title = normalise(content.raw[slice(*content.span(layout.title_start, layout.title_end))])
    return Document(
        article=article,
        content=content,
        title=reader.read(title),
        body=reader.read(content, layout.body_start, layout.body_end),
        layout=layout,
        page=page,
    )
