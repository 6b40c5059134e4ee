"""`credence model`: which versions are there, and how scores move from one to another."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scorer.article import Article
    from scorer.comparison import Comparison

BAR = 40
"""Characters of the longest bar of the histogram."""

TITLE = 60


def add_commands(commands: Any) -> None:
    """Add `model` with its two actions to the parser's commands."""
    told = "the versions of the model"
    group = commands.add_parser("model", help=told, description=told.capitalize() + ".")
    actions = group.add_subparsers(title="actions", metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="list the versions that can be pinned", description="List the versions.")
    listing.add_argument("--json", action="store_true", help="JSON lines")
    listing.set_defaults(run=_list)
    diff = actions.add_parser(
        "diff", help="how scores move between two versions", description="How scores move between two versions."
    )
    diff.add_argument("old", metavar="A", help="version or folder of the old model")
    diff.add_argument("new", metavar="B", help="version or folder of the new model")
    diff.add_argument("input", metavar="IN", nargs="+", help="articles to score with both, as for batch")
    diff.add_argument("--most", type=int, default=10, metavar="N", help="articles shown that move most (default 10)")
    diff.add_argument("--json", action="store_true", help="print JSON")
    diff.set_defaults(run=_diff)


def _list(options: argparse.Namespace) -> int:
    from scorer import store

    newest = store.versions()[-1:]
    for version in store.versions():
        manifest = store.load(store.models_folder() / version).manifest
        about = {
            "version": version,
            "default": [version] == newest,
            "base_rate": manifest.get("base_rate"),
            "cuts": manifest.get("cuts"),
            "articles": manifest.get("articles"),
            "sources": manifest.get("sources"),
        }
        if options.json:
            _say(json.dumps(about))
        else:
            learned = f"{about['articles']} articles of {about['sources']} sources"
            default = "\tdefault" if about["default"] else ""
            _say(f"{version}\t{learned}{default}")
    return 0


def _diff(options: argparse.Namespace) -> int:
    from scorer.comparison import Pair, compare
    from scorer.scorer import Scorer

    old, new = Scorer(options.old), Scorer(options.new)
    pairs = []
    for article in _articles(options.input):
        before, after = old.score(article), new.score(article)
        risks = (before["risk"], after["risk"])
        pairs.append(Pair(before["id"], article.title or "", *risks, before["label"], after["label"]))
    found = compare(pairs, options.most)
    if options.json:
        _say(json.dumps({"old": old.model.version, "new": new.model.version, **found.to_dict()}, ensure_ascii=False))
    else:
        for line in report(found, old.model.version, new.model.version):
            _say(line)
    return 0


def _articles(names: list[str]) -> Iterator[Article]:
    """The articles of the input, read as a batch reads them; a bad record is an error that names its place."""
    from scorer.article import InvalidInput
    from scorer.batch.articles import read_articles
    from scorer.settings import Settings

    limit = Settings.read(os.environ).max_line_bytes
    met = False
    for article in read_articles(names, limit):
        met = True
        yield article
    if not met:
        raise InvalidInput(f"{', '.join(names)} holds no article to compare the models on")


def report(found: Comparison, old: str, new: str) -> Iterator[str]:
    """The comparison as lines of text."""
    yield f"{old} -> {new}: {found.articles} articles, {found.both} judged by both"
    if found.both:
        yield f"rank correlation {found.rank_correlation:.3f}"
        yield f"risk moves by {found.mean_move:+.3f} in the mean, {found.mean_absolute_move:.3f} in size"
        yield ""
        yield "move of the risk     articles"
        top = max(count for _, count in found.histogram)
        for edge, count in found.histogram:
            yield f"{edge:+.2f} to {edge + 0.05:+.2f} {count:>8} {'#' * round(BAR * count / top)}".rstrip()
    yield ""
    yield "label                 -> label                 articles"
    for (before, after), count in sorted(found.labels.items()):
        yield f"{before:<21} -> {after:<21} {count:>8}"
    if found.both:
        yield ""
        yield "to flag as many as before: risk in the old model -> in the new one"
        for share, before_risk, after_risk in found.mapping:
            yield f"{share:>4.0%} lie below {before_risk:.3f} -> {after_risk:.3f}"
    if found.moved:
        yield ""
        yield "articles that move most"
        for pair in found.moved:
            told = printable(pair.title)[:TITLE] or "(no title)"
            yield f"{pair.old:.3f} -> {pair.new:.3f}  {printable(pair.id)[:24]:<24} {told}"


def printable(text: str) -> str:
    """On one line, without control characters: what an article says must not reach the terminal as a command."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _say(line: str) -> None:
    print(line)  # noqa: T201
