"""`credence batch`: from options to a run, its progress, its summary and its report page."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from scorer.batch.formats import FORMATS, Source, find, format_of
from scorer.batch.progress import reporter, summary
from scorer.batch.runner import Remember, run, stop_politely
from scorer.batch.scoring import Task, make_task
from scorer.batch.tables import FIELDS, import_parquet
from scorer.checkpoint import OutputError, Progress
from scorer.settings import SettingError, Settings

OUTPUT_FORMATS = ("jsonl", "csv", "parquet")


def batch(options: argparse.Namespace, settings: Settings) -> Progress:
    """Run what the options say; what came out. Raises `CredenceError` saying what is wrong."""
    if "-" in options.input and options.resume:
        raise SettingError("--resume needs an input that can be read again; standard input cannot")
    if options.format not in (None, *FORMATS):
        raise SettingError(f"--format must be one of {', '.join(FORMATS)}; got {options.format}")
    sources, left_out = find(options.input, options.format)
    _tell_left_out(left_out)
    _check_apart(sources, options.output)
    task = _task(options, settings)
    if options.report:
        _check_writable(Path(options.report))
    stop_politely()
    started = time.monotonic()
    with reporter(options.progress) as show:
        again = {"workers": options.workers, "resume": options.resume, "overwrite": options.overwrite, "report": show}
        if options.cluster:
            from scorer.batch.cluster import run_on_cluster

            outcome = run_on_cluster(sources, Path(options.output), task, options.cluster, **again)
        else:
            outcome = run(sources, options.output, task, **again, remember=_ledger(settings) if task.ledger else None)
    seconds = time.monotonic() - started
    progress = outcome.progress
    if not outcome.was_needed:
        _say(f"{options.output} is complete for this input and model: nothing to do")
    else:
        _say(summary(progress, outcome.answered_before, seconds, options.output))
    if options.report:
        from scorer.batch.report_page import write_report

        write_report(Path(options.report), progress, options.output, settings.base_rate)
        _say(f"report: {options.report}")
    return progress


def _task(options: argparse.Namespace, settings: Settings) -> Task:
    if options.cluster and (options.output == "-" or format_of(options.output)[0] or Path(options.output).is_file()):
        raise SettingError("--cluster writes a folder, a file a piece: -o FOLDER (and --output-format, e.g. jsonl.gz)")
    kind, packing = format_of(f"out.{options.output_format}" if options.output_format else options.output)
    kind = kind if options.output_format or kind in OUTPUT_FORMATS else "jsonl"
    if kind not in OUTPUT_FORMATS:
        raise SettingError(
            f"--output-format must be one of {', '.join(OUTPUT_FORMATS)} (.gz, .zst); got {options.output_format}"
        )
    if kind == "parquet":
        if packing:
            raise SettingError("Parquet is packed inside: name the output without .gz or .zst")
        import_parquet()
    return make_task(
        settings.model,
        settings.base_rate,
        explain=options.explain,
        include_text=options.include == "text",
        format=kind,
        packing=packing,
        columns=tuple(_column(pair) for pair in options.column),
        tally=bool(options.report),
        ledger=_ledger_name(options, settings),
        keep_text=bool(options.ledger) and settings.keep_text,
        max_line_bytes=settings.max_line_bytes,
        article_seconds=settings.article_seconds,
    )


def _ledger(settings: Settings) -> Remember:
    from scorer.ledger import Ledger

    ledger = Ledger(settings.db_url, settings.keep_text)
    ledger.migrate()
    return ledger.assessments.remember_many


def _ledger_name(options: argparse.Namespace, settings: Settings) -> str:
    """The ledger's address for the note of a run, without its password; "" where none is written to."""
    if not options.ledger:
        return ""
    if options.cluster:
        raise SettingError("--ledger is written by one machine: not with --cluster")
    from sqlalchemy.engine import make_url

    return make_url(settings.db_url).render_as_string(hide_password=True)


def _column(pair: str) -> tuple[str, str]:
    field, _, name = pair.partition("=")
    if field not in FIELDS or not name:
        raise SettingError(f"--column must be FIELD=NAME, FIELD one of {', '.join(FIELDS)}; got {pair}")
    return field, name


def _check_apart(sources: Sequence[Source], output: str) -> None:
    """Raise `OutputError` where the output would be read as input."""
    target = Path(output).resolve()
    if output != "-" and any(Path(path).resolve() == target for source in sources for path in source.paths):
        raise OutputError(f"{output} is among the input; write elsewhere")
    folders = [target.parent / f"{target.name}{ending}" for ending in (".part", ".part.json", ".manifest.json")]
    if any(Path(path).resolve() in folders for source in sources for path in source.paths):
        raise OutputError(f"the output {output} lies in a folder that is read; write elsewhere")


def _check_writable(report: Path) -> None:
    """Fail before the run rather than after it."""
    if report.is_dir() or not os.access(report.absolute().parent, os.W_OK):
        raise OutputError(f"cannot write the report {report}: no such folder, or no permission")


def _tell_left_out(paths: list[str]) -> None:
    if paths:
        endings = Counter(Path(path).suffix or "none" for path in paths)
        listed = ", ".join(f"{ending} {count:,}" for ending, count in endings.most_common(5))
        _say(f"{len(paths):,} files are of no known format and left out ({listed}); --format says what they are")


def _say(line: str) -> None:
    print(line, file=sys.stderr)  # noqa: T201
