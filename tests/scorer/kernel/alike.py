"""What the tests share that hold the compiled kernel and its description in Python equal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from scorer import kernel

MANY = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
WORDS = (
    "between", "two", "million", "and", "a", "half", "one", "hundred", "$", "3bn", "percent", "per", "cent", "9/11",
    "24/7", "50-50", "to", "out", "of", "in", "ten", "May", "if", "not", "yet", "confirmed", "likely", "suggests",
    "1,000-year-old", "95", "200", "5.2m", "10pm", "20th", "1990s", "2016-17", "1.5", "1,200", "2016", "7", "10:30",
    "dams", "people", "is", "thought", "could", "would", "reportedly", "said", "officials", "document", "“", "”", '"',
    ",", ".", "\n", "³", "½", "Egypt", "Egyptian", "YOU", "won’t", "BELIEVE", "İstanbul", "ΣΑΣ", "\U0001f600",
    "xyzzyq",
)  # fmt: skip
PROSE = st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=6)), max_size=80).map(" ".join)


@contextmanager
def no_kernel() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel, "native", None)
        yield
