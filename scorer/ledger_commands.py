"""`credence sources`, `credence keys`, `credence ledger`: the ledger from the command line."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scorer.ledger import Ledger
    from scorer.ledger.retention import Deleted

MAX_REFUSALS_SHOWN = 20
"""Refused rows that an import shows one by one; the reasons count them all."""


def add_commands(commands: Any) -> None:
    """Add the three commands to the parser's."""
    _add_sources(commands)
    _add_keys(commands)
    _add_ledger(commands)


def _group(commands: Any, name: str, help_text: str) -> Callable[..., argparse.ArgumentParser]:
    group = commands.add_parser(name, help=help_text, description=help_text.capitalize() + ".")
    actions = group.add_subparsers(title="actions", metavar="ACTION", required=True)

    def add(action: str, run: Callable[[argparse.Namespace], int], told: str) -> argparse.ArgumentParser:
        parser: argparse.ArgumentParser = actions.add_parser(action, help=told, description=told.capitalize() + ".")
        parser.add_argument("--db", metavar="FILE", help="the ledger (default credence.sqlite)")
        parser.set_defaults(run=run)
        return parser

    return add


def _add_sources(commands: Any) -> None:
    add = _group(commands, "sources", "what is known of sources")
    listing = add("list", _list_sources, "list the sources, one a line")
    listing.add_argument("--json", action="store_true", help="JSON lines")
    show = add("show", _show_source, "show a source's reliability, ratings and history")
    show.add_argument("domain", metavar="DOMAIN", help="domain or address of the source")
    show.add_argument("--json", action="store_true", help="print JSON")
    show.add_argument("--by", choices=("week", "month"), default="month", help="periods of the history")
    take = add("import", _import_ratings, "import ratings that others gave")
    take.add_argument("file", type=Path, metavar="FILE", help="CSV, TSV, JSONL (.gz too) or trust.txt")
    take.add_argument("--rater", metavar="NAME", help="who rated, where the file does not say")
    take.add_argument("--date", metavar="DAY", help="day of the ratings, where the file does not say")
    take.add_argument("--url", metavar="URL", help="where the list is published")
    take.add_argument("--licence", metavar="TEXT", help="under which licence")
    take.add_argument("--domain", metavar="DOMAIN", help="who publishes the trust.txt file")
    take.add_argument("--dry-run", action="store_true", help="report, and store nothing")


def _add_keys(commands: Any) -> None:
    add = _group(commands, "keys", "keys of the API")
    create = add("create", _create_key, "make a key; it is shown once")
    create.add_argument("name", metavar="NAME", help="who will use it")
    create.add_argument(
        "--scope", action="append", required=True, metavar="SCOPE", help="score, read, review or admin (repeatable)"
    )
    add("list", _list_keys, "list the keys, never their secrets")
    add("revoke", _revoke_key, "end a key now").add_argument("id", metavar="ID", help="as `list` shows it")


def _add_ledger(commands: Any) -> None:
    add = _group(commands, "ledger", "keep, copy and delete what was remembered")
    prune = add("prune", _prune, "delete assessments older than an age")
    prune.add_argument("--older-than", required=True, metavar="AGE", help="as 90d, 12w, 6m or 2y")
    export = add("export", _export, "print assessments as JSON lines")
    export.add_argument("--source", metavar="DOMAIN", help="of this source only")
    export.add_argument("--id", metavar="ID", help="of this article only")
    export.add_argument("--content", metavar="SHA256", help="of this content only")
    delete = add("delete", _delete, "delete what is kept of a source, an article or a content")
    which = delete.add_mutually_exclusive_group(required=True)
    which.add_argument("--source", metavar="DOMAIN", help="all of a source, its ratings too")
    which.add_argument("--id", metavar="ID", help="an article, its reviews too")
    which.add_argument("--content", metavar="SHA256", help="what was scored of a content")
    add("backup", _backup, "copy an SQLite ledger while it serves").add_argument("file", type=Path, metavar="FILE")


@contextmanager
def _opened(options: argparse.Namespace) -> Iterator[Ledger]:
    from scorer.ledger import Ledger
    from scorer.settings import Settings

    settings = Settings.read(os.environ, db=options.db)
    ledger = Ledger(settings.db_url, settings.keep_text)
    try:
        ledger.migrate()
        yield ledger
    finally:
        ledger.close()


def _list_sources(options: argparse.Namespace) -> int:
    with _opened(options) as ledger:
        after = None
        while page := ledger.sources.page(500, after):
            for source in page:
                if options.json:
                    _line({"domain": source.domain, "articles": source.articles, "ratings": source.ratings})
                else:
                    _say(f"{source.domain}\t{source.articles} articles\t{source.ratings} ratings")
            after = page[-1].domain
    return 0


def _show_source(options: argparse.Namespace) -> int:
    from scorer.article import InvalidInput
    from scorer.domains import registrable
    from scorer.source_history import history

    domain = registrable(options.domain)
    with _opened(options) as ledger:
        file = None if domain is None else ledger.sources.file(domain)
        if domain is None or file is None:
            raise InvalidInput(
                f"nothing is known of '{options.domain[:100]}': no article of it was scored, none rates it"
            )
        periods = history(ledger.sources.readings(domain), options.by)
    told = file.to_dict()
    if options.json:
        _line({**told, "names": file.names, "history": [period.to_dict() for period in periods]})
        return 0
    low, high = told["interval"]
    _say(f"{domain}  {', '.join(file.names)}".rstrip())
    _say(f"  reliability {told['reliability']} (9 in 10: {low} to {high}), from {_basis(told)}")
    for rating in file.ratings:
        place = "no place on the scale" if rating.normalised is None else f"{100 * rating.normalised:.0f} of 100"
        _say(f"  rating: {rating.rater}, {rating.date or 'undated'}: {rating.value} ({place})")
    for period in periods:
        mark = "  <- changed" if period.changed else ""
        _say(f"  {period.start}  {period.articles:>6} articles  risk {period.risk:.2f}{mark}")
    return 0


def _basis(told: dict[str, Any]) -> str:
    return {
        "nothing": "nothing but what sources are like at large",
        "articles": f"its {told['articles']} articles alone: no rating was imported",
        "ratings": "ratings alone: none of its articles was scored with a risk",
        "both": f"ratings and its {told['articles']} articles",
    }[str(told["basis"])]


def _import_ratings(options: argparse.Namespace) -> int:
    from scorer.rating_files import Refusals, read_ratings

    names = ("rater", "date", "url", "licence", "domain")
    defaults = {name: value for name in names if (value := getattr(options, name))}
    refusals = Refusals()
    with _opened(options) as ledger:
        counts = ledger.sources.rate(read_ratings(options.file, defaults, refusals), keep=not options.dry_run)
    told = (
        f"{counts['new']} new, {counts['changed']} changed, {counts['same']} as before, {len(refusals.lines)} refused"
    )
    _say(f"{told}{' (dry run: nothing was stored)' if options.dry_run else ''}")
    for reason, count in refusals.reasons().most_common():
        _say(f"  refused {count}: {reason}")
    for line, reason in refusals.lines[:MAX_REFUSALS_SHOWN]:
        print(f"{options.file}:{line}: {reason}", file=sys.stderr)  # noqa: T201
    if len(refusals.lines) > MAX_REFUSALS_SHOWN:
        print(f"and {len(refusals.lines) - MAX_REFUSALS_SHOWN} more", file=sys.stderr)  # noqa: T201
    return 0


def _create_key(options: argparse.Namespace) -> int:
    with _opened(options) as ledger:
        key, secret = ledger.keys.create(options.name, options.scope)
    print(f"key {key.id} for {key.name}: {' '.join(key.scopes)}; shown this once:", file=sys.stderr)  # noqa: T201
    _say(secret)
    return 0


def _list_keys(options: argparse.Namespace) -> int:
    with _opened(options) as ledger:
        for key in ledger.keys.every():
            state = f"revoked {key.revoked:%Y-%m-%d}" if key.revoked else "valid"
            _say(f"{key.id}\t{state}\t{key.created:%Y-%m-%d}\t{' '.join(key.scopes)}\t{key.name}")
    return 0


def _revoke_key(options: argparse.Namespace) -> int:
    from scorer.article import InvalidInput

    with _opened(options) as ledger:
        key = ledger.keys.revoke(options.id)
    if key is None or key.revoked is None:
        raise InvalidInput(f"there is no key '{options.id[:40]}'; `credence keys list` shows them")
    _say(f"key {key.id} for {key.name} is revoked since {key.revoked.isoformat(timespec='seconds')}")
    return 0


def _prune(options: argparse.Namespace) -> int:
    from scorer.ledger.engine import now
    from scorer.ledger.retention import age

    with _opened(options) as ledger:
        _say(_told(ledger.retention.prune(now() - age(options.older_than))))
    return 0


def _export(options: argparse.Namespace) -> int:
    from scorer.ledger import Filter

    of = Filter(source=options.source, article_id=options.id, content_sha256=options.content, every_version=True)
    with _opened(options) as ledger:
        for found in ledger.listing.export(of):
            _line({**found.to_dict(), "content_sha256": found.content_sha256})
    return 0


def _delete(options: argparse.Namespace) -> int:
    with _opened(options) as ledger:
        if options.source is not None:
            done = ledger.retention.forget_source(options.source)
        elif options.id is not None:
            done = ledger.retention.forget_article(options.id)
        else:
            done = ledger.retention.forget_content(options.content)
    _say(_told(done))
    return 0


def _backup(options: argparse.Namespace) -> int:
    with _opened(options) as ledger:
        ledger.retention.backup(options.file)
    return 0


def _told(done: Deleted) -> str:
    return f"deleted: {done.assessments} assessments, {done.reviews} reviews, {done.ratings} ratings"


def _say(line: str) -> None:
    print(line)  # noqa: T201


def _line(told: dict[str, Any]) -> None:
    import orjson

    sys.stdout.buffer.write(orjson.dumps(told) + b"\n")
