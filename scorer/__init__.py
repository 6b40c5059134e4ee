"""Credence: how much does an article, on the evidence in it, read like the work of an unreliable source?

>>> from scorer import Article, Scorer
>>> assessment = Scorer().score(Article(text="..."))
"""

from scorer.article import Article, CredenceError, InvalidInput, ModelError, Span, TooLarge
from scorer.assessment import Assessment
from scorer.document import Document
from scorer.scorer import Scorer

__all__ = [
    "Article",
    "Assessment",
    "CredenceError",
    "Document",
    "InvalidInput",
    "ModelError",
    "Scorer",
    "Span",
    "TooLarge",
]
