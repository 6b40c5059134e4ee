"""What is remembered of what was scored: assessments and their versions; no text unless the operator turned it on."""

from scorer.ledger.store import Ledger, LedgerError, Remembered

__all__ = ["Ledger", "LedgerError", "Remembered"]
