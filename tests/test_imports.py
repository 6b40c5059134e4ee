"""Scoring starts fast because it imports little; what learns, serves and charts stays outside."""

from __future__ import annotations

import json
import subprocess
import sys

HEAVY = {
    "alembic",
    "backports",
    "dask",
    "distributed",
    "fastwarc",
    "flask",
    "jinja2",
    "joblib",
    "matplotlib",
    "nltk",
    "pandas",
    "pyarrow",
    "scipy",
    "sklearn",
    "sqlalchemy",
    "trafilatura",
}
SCORE_ONCE = """
import json, sys
from scorer import Article, Scorer
Scorer().score(Article(title="A headline", text="The mayor said on Monday that 12 bridges are closed. " * 20))
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""


def test_scoring_a_text_imports_nothing_heavy() -> None:
    run = subprocess.run([sys.executable, "-c", SCORE_ONCE], capture_output=True, text=True, check=True)
    assert set(json.loads(run.stdout)) & HEAVY == set()
