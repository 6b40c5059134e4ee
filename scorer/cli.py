"""The `credence` command: one more door to the same `Scorer`. Each subcommand imports what it needs, and no other."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from scorer import ledger_commands, model_commands

if TYPE_CHECKING:
    from scorer.settings import Settings

OK, SOME_FAILED, USAGE, BAD_INPUT, BAD_MODEL, CANNOT_WRITE, INTERRUPTED = 0, 1, 2, 3, 4, 5, 130
"""Exit codes (docs/cli.md)."""

EXIT_CODES = {
    "setting": USAGE,
    "output_exists": USAGE,
    "invalid_input": BAD_INPUT,
    "too_large": BAD_INPUT,
    "too_slow": BAD_INPUT,
    "model_error": BAD_MODEL,
    "output": CANNOT_WRITE,
    "ledger": CANNOT_WRITE,
}
"""Kind of failure (`CredenceError.kind`) -> exit code."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code. Failures that can be expected are told in one line on stderr."""
    # A thread a core of the matrix library costs more at start than it gives: the arrays here are small.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    options = parser().parse_args(arguments)
    from scorer.article import CredenceError

    try:
        code: int = options.run(options)
        sys.stdout.flush()
    except CredenceError as error:
        return _fail(str(error), EXIT_CODES.get(error.kind, BAD_INPUT))
    except KeyboardInterrupt:
        return _fail("interrupted", INTERRUPTED)
    except BrokenPipeError:  # who read our output has gone, as `head` does; nothing is left to be said to them
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CANNOT_WRITE
    except OSError as error:
        place = f" {error.filename}" if error.filename else ""
        return _fail(f"{error.strerror or error}:{place}" if place else str(error.strerror or error), CANNOT_WRITE)
    return code


def _fail(message: str, code: int) -> int:
    print(f"credence: {message}", file=sys.stderr)  # noqa: T201
    return code


def parser() -> argparse.ArgumentParser:
    """Every command and option; docs/cli.md has one heading a command and one line an option (a test holds that)."""
    top = argparse.ArgumentParser(
        prog="credence",
        description="How much does an article, on the evidence in it, read like the work of an unreliable source?",
        epilog="Exit codes: 0 done, 1 lines failed (batch --strict), 2 usage, 3 bad input, 4 bad model, 5 no output.",
    )
    top.add_argument("--version", action=_Version, help="print the versions of the program and its models, and exit")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)

    score = commands.add_parser("score", help="score one article", description="Score one article.")
    score.add_argument("file", metavar="FILE", help="text, HTML or JSON; - for standard input")
    score.add_argument("--json", action="store_true", help="print the assessment as JSON")
    _scoring_options(score)
    score.set_defaults(run=_score)

    batch = commands.add_parser("batch", help="score many articles", description="Score many articles, in order.")
    batch.add_argument(
        "input", metavar="IN", nargs="+", help="files, folders or patterns (JSONL, CSV, Parquet, WARC, HTML, text; .gz "
        "and .zst of them); - for standard input",
    )  # fmt: skip
    batch.add_argument(
        "-o",
        "--output",
        metavar="OUT",
        default="-",
        help=".jsonl, .csv (.gz, .zst) or .parquet; default: standard output",
    )
    batch.add_argument("--format", metavar="FORMAT", help="what IN is, where its name does not tell")
    batch.add_argument("--output-format", metavar="FORMAT", help="what OUT is, where its name does not tell")
    batch.add_argument(
        "--column", action="append", default=[], metavar="FIELD=NAME", help="column that holds a field (repeatable)"
    )
    batch.add_argument("--report", metavar="FILE", help="write a page (HTML) about the run")
    batch.add_argument("--workers", type=_positive, default=1, metavar="N", help="processes (default 1)")
    batch.add_argument(
        "--cluster", metavar="ADDRESS", help="Dask scheduler, or local (--workers processes); OUT is a folder then"
    )
    batch.add_argument("--ledger", action="store_true", help="store every assessment in the ledger, too")
    batch.add_argument("--db", metavar="FILE", help="the ledger (default credence.sqlite)")
    again = batch.add_mutually_exclusive_group()
    again.add_argument("--resume", action="store_true", help="go on with an unfinished OUT; leave a complete one alone")
    again.add_argument("--overwrite", action="store_true", help="replace an existing OUT")
    batch.add_argument(
        "--progress", choices=("auto", "json", "none"), default="auto", help="bar, JSON lines or nothing"
    )
    batch.add_argument("--strict", action="store_true", help="exit with 1 where an article was answered with an error")
    _scoring_options(batch)
    batch.set_defaults(run=_batch)

    serve = commands.add_parser("serve", help="run the service", description="Run the service, its ledger beside it.")
    serve.add_argument("--host", help="address to listen on (default 127.0.0.1)")
    serve.add_argument("--port", type=int, help="port to listen on (default 8000)")
    serve.add_argument("--workers", type=_positive, metavar="N", help="processes (default 2)")
    serve.add_argument("--db", metavar="FILE", help="the ledger (default credence.sqlite)")
    serve.add_argument("--model", metavar="NAME", help="version or folder of the model")
    serve.add_argument("--base-rate", type=float, metavar="SHARE", help="share of unreliable articles (default 0.3)")
    serve.add_argument("--demonstration", action="store_true", help="fill an empty ledger with invented articles")
    serve.set_defaults(run=_serve)

    ledger_commands.add_commands(commands)
    model_commands.add_commands(commands)

    train = commands.add_parser("train", help="learn a model", description="Learn a model from labelled data.")
    train.add_argument("--data", type=Path, required=True, metavar="FOLDER", help="the labelled data")
    train.add_argument("--out", type=Path, metavar="FOLDER", help="where the model goes (default models/VERSION)")
    train.add_argument("--version", metavar="NAME", help="name of the new model (default: this year and month)")
    train.add_argument("--only", metavar="PART", help="learn one part of an existing model anew")
    train.add_argument(
        "--without", action="append", default=[], metavar="CORPUS", help="leave an article corpus out (repeatable)"
    )
    train.add_argument("--reviews", action="store_true", help="learn from reviewed articles of the ledger, too")
    train.add_argument("--texts", type=Path, metavar="FILE", help="JSON lines with the texts of reviewed articles")
    train.add_argument("--db", metavar="FILE", help="the ledger that holds the reviews (default credence.sqlite)")
    train.add_argument(
        "--cluster",
        metavar="ADDRESS",
        help="Dask scheduler that fits side by side go to, or local (default: 2 processes)",
    )
    train.set_defaults(run=_train)

    evaluate = commands.add_parser("evaluate", help="measure the model", description="Measure on unseen sources.")
    evaluate.add_argument("--data", type=Path, required=True, metavar="FOLDER", help="the labelled data")
    evaluate.add_argument("--only", metavar="PART", help="measure one part")
    evaluate.add_argument("--report", type=Path, metavar="FOLDER", help="write the experiment report (Markdown, SVG)")
    evaluate.add_argument(
        "--cache", type=Path, metavar="FOLDER", help="keep measured articles (default: in the report's)"
    )
    evaluate.add_argument("--seeds", type=_positive, default=2, metavar="N", help="deals of the folds (default 2)")
    evaluate.set_defaults(run=_evaluate)
    return top


def _scoring_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--explain", choices=("none", "summary", "full"), default="full", help="how much evidence")
    command.add_argument("--include", choices=("text",), help="add the text and title that evidence counts in")
    command.add_argument("--model", metavar="NAME", help="version or folder of the model (default: the newest)")
    command.add_argument("--base-rate", type=float, metavar="SHARE", help="share of unreliable articles (default 0.3)")


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def _settings(options: argparse.Namespace) -> Settings:
    from scorer.settings import Settings

    names = ("model", "base_rate", "host", "port", "workers", "db")
    return Settings.read(os.environ, **{name: getattr(options, name, None) for name in names})


def _score(options: argparse.Namespace) -> int:
    from scorer.article import InvalidInput
    from scorer.intake import guess_kind, read_article
    from scorer.scorer import Scorer

    name: str = options.file
    if name.startswith(("http://", "https://")):
        raise InvalidInput(
            "fetching is off: Credence reads nothing from the network; save the page to a file and score that"
        )
    settings = _settings(options)
    raw = _read(name, settings.max_body_bytes)
    article = read_article(raw, guess_kind(raw, name))
    assessment = Scorer(settings.model, settings.base_rate, settings.article_seconds).score(article)
    if options.json:
        sys.stdout.buffer.write(assessment.to_json(options.explain, options.include == "text") + b"\n")
        sys.stdout.buffer.flush()
    else:
        from scorer.report import print_report

        print_report(assessment, options.explain, options.include == "text")
    return OK


def _read(name: str, limit: int) -> bytes:
    from scorer.article import InvalidInput, TooLarge

    try:
        if name == "-":
            raw = sys.stdin.buffer.read(limit + 1)
        else:
            with Path(name).open("rb") as file:
                raw = file.read(limit + 1)
    except OSError as error:
        raise InvalidInput(f"cannot read {name}: {error.strerror}") from None
    if len(raw) > limit:
        raise TooLarge(f"the input is larger than the limit max_body_bytes, {limit:,} bytes")
    return raw


def _batch(options: argparse.Namespace) -> int:
    from scorer.batch.command import batch

    progress = batch(options, _settings(options))
    return SOME_FAILED if options.strict and progress.failed else OK


def _serve(options: argparse.Namespace) -> int:
    from api.server import serve

    serve(_settings(options), demonstration=options.demonstration)
    return OK


def _train(options: argparse.Namespace) -> int:
    import datetime

    _check_data(options.data)
    from training.parallel import on_cluster
    from training.pipeline import train_model

    version = options.version or datetime.datetime.now(tz=datetime.UTC).strftime("%Y.%m")
    out = options.out or Path("models") / version
    with on_cluster(options.cluster):
        if not options.reviews:
            train_model(options.data, out, version, only=options.only, without=options.without)
            return OK
        from training.review_command import train_with_reviews

        train_with_reviews(options, out, version, _settings(options))
    return OK


def _evaluate(options: argparse.Namespace) -> int:
    _check_data(options.data)
    if options.report is not None:
        from training.pipeline import report_model

        report_model(options.data, options.report, options.cache, options.seeds)
        return OK
    from training.pipeline import evaluate_model

    evaluate_model(options.data, only=options.only)
    return OK


def _check_data(folder: Path) -> None:
    from scorer.article import InvalidInput

    if not (folder / "articles.jsonl.gz").is_file():
        raise InvalidInput(
            f"{folder} holds no articles.jsonl.gz: --data names the folder of the labelled data (docs/training.md)"
        )


class _Version(argparse.Action):
    """Prints versions only when asked: finding them out costs time."""

    def __init__(self, option_strings: Sequence[str], dest: str, help: str | None = None) -> None:  # noqa: A002
        super().__init__(option_strings, dest, nargs=0, help=help)

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        from scorer import kernel, store

        models = ", ".join(store.versions()) or "none"
        print(f"credence {version('credence-news')}; models: {models}; kernel: {kernel.name()}")  # noqa: T201
        parser.exit()
