"""What is remembered: assessments (no text unless the operator turned it on), sources, ratings, reviews, API keys."""

from scorer.ledger.assessments import Remembered
from scorer.ledger.engine import LedgerError
from scorer.ledger.ledger import Ledger
from scorer.ledger.listing import Filter, Page

__all__ = ["Filter", "Ledger", "LedgerError", "Page", "Remembered"]
