"""Pages: files of one article each, and what crawlers keep (WARC, and WET with its extracted text)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

from scorer.article import InvalidInput, TooLarge
from scorer.batch.formats import UNPACK_ERRORS, Source, unpacked
from scorer.batch.records import Item, Page, Record

_PAGE_TYPES = ("text/html", "application/xhtml+xml")


def read_files(source: Source, skip: int, limit: int) -> Iterator[Record]:
    """The files of a source from number `skip` on; one that cannot be read is an error in its place."""
    total = len(source.paths)
    for number in range(skip, total):
        item = _read_file(source, number, limit)
        size = len(item.raw) if isinstance(item, Page) else 0
        yield Record(item, size, number + 1, (number + 1) / total)


def _read_file(source: Source, number: int, limit: int) -> Item:
    path, name = source.paths[number], source.names[number]
    try:
        with Path(path).open("rb") as raw, unpacked(raw, source.packing) as file:
            content = file.read(limit + 1)
    except UNPACK_ERRORS as error:
        return InvalidInput(f"{name} cannot be read: {getattr(error, 'strerror', None) or error}")
    if len(content) > limit:
        return TooLarge(f"{name} is larger than the limit max_line_bytes, {limit:,} bytes")
    return Page(content, source.format, name)


def read_warc(file: IO[bytes], skip: int, limit: int, share: Callable[[int], float]) -> Iterator[Record]:
    """Pages that were answered with success, and extracted texts, from record `skip` on; other records are passed over.

    Raises OSError or EOFError where the file is damaged, `InvalidInput` where the reader is not installed.
    """
    try:
        from fastwarc.warc import ArchiveIterator, WarcRecordType
    except ImportError:
        raise InvalidInput("WARC files need fastwarc: pip install 'credence-news[warc]'") from None
    # Unpacking is ours (stream_detect off): fastwarc takes a gzip member that ends early for the end of the file.
    records = ArchiveIterator(file, parse_http=False, stream_detect=False)
    for number, record in enumerate(records, 1):
        if "Content-Length" not in record.headers:
            raise EOFError(f"the file ends within the head of record {number:,}")
        if record.record_type not in (WarcRecordType.response, WarcRecordType.conversion):
            continue
        if number > skip and (item := _page(record, limit)) is not None:
            size = len(item.raw) if isinstance(item, Page) else 0
            yield Record(item, size, number, share(number))


def _page(record: Any, limit: int) -> Item | None:
    name, declared = record.record_id, record.content_length
    if declared > limit:
        return TooLarge(f"{name} is larger than the limit max_line_bytes, {limit:,} bytes")
    record.freeze()  # reads the whole record, so that one cut short is noticed
    if record.content_length < declared:
        raise EOFError(f"the file ends within the record {name}")
    charset, kind = None, "text"
    try:
        if record.is_http:
            record.parse_http(auto_decode="all")
            if record.http_headers.status_code // 100 != 2 or record.http_content_type not in _PAGE_TYPES:
                return None
            charset, kind = record.http_charset, "html"
        content = record.reader.read(limit + 1)
    except (OSError, ValueError) as error:
        return InvalidInput(f"{name} cannot be unpacked: {error}")
    if len(content) > limit:
        return TooLarge(f"{name} is larger than the limit max_line_bytes, {limit:,} bytes")
    return Page(content, kind, name, charset, record.headers.get("WARC-Target-URI"), record.headers.get("WARC-Date"))
