"""Values: dataclasses that nobody changes once they are made."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass as value
else:
    from dataclasses import dataclass

    def value(*, frozen: bool, slots: bool):
        """A dataclass that is frozen to the type checker alone, and made in a third of the time.

        The interpreter would hold a frozen one by a call for each field of each value that is made: some hundred an
        article. Equality and hash are those of a frozen one.
        """
        return dataclass(slots=slots, unsafe_hash=frozen)


__all__ = ("value",)
