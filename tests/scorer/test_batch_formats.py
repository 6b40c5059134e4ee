"""What a batch reads and writes: the same answers whatever the articles came in and the answers go to."""

from __future__ import annotations

import csv
import gzip
import io
import json
import subprocess
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest

from scorer import Article, InvalidInput, Scorer, batch
from scorer.batch import make_task
from scorer.batch.formats import find, format_of, pack
from scorer.cli import main

TEXT = "The ministry said on Monday that 1,200 homes had lost power. Officials expect repairs to take a week. "
ARTICLES = [
    {
        "id": str(n),
        "title": f"Storm {n}",
        "text": f'{n}. "Wait," she said,\n{TEXT * 9}',
        "date": f"2020-0{n % 9 + 1}-02",
    }
    for n in range(50)
]
PAGE = (
    "<!doctype html><html><head><title>A storm</title></head><body><article><h1>A storm</h1>{}</article></body></html>"
)


def answers(source: str | Path, target: Path, **options: Any) -> list[dict[str, Any]]:
    sources, _ = find([str(source)], options.pop("format", None))
    batch.run(sources, str(target), make_task(None, 0.3, **options), overwrite=True)
    return [json.loads(line) for line in target.read_bytes().splitlines()]


def as_csv(rows: list[dict[str, Any]], delimiter: str = ",") -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def as_jsonl(rows: list[dict[str, Any]]) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    folder = tmp_path_factory.mktemp("expected")
    (folder / "in.jsonl").write_bytes(as_jsonl(ARTICLES))
    return answers(folder / "in.jsonl", folder / "out.jsonl")


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.jsonl.zst", "a.csv", "a.tsv", "a.csv.zst", "a.parquet"])
def test_the_answers_are_the_same_whatever_the_articles_came_in(
    name: str, tmp_path: Path, expected: list[dict[str, Any]]
) -> None:
    kind, packing = format_of(name)
    if kind == "parquet":
        pyarrow.parquet.write_table(pyarrow.Table.from_pylist(ARTICLES), tmp_path / name, row_group_size=20)
    else:
        content = as_jsonl(ARTICLES) if kind == "jsonl" else as_csv(ARTICLES, "\t" if kind == "tsv" else ",")
        (tmp_path / name).write_bytes(pack(content, packing))
    assert answers(tmp_path / name, tmp_path / "out.jsonl") == expected


def test_columns_of_other_names(tmp_path: Path, expected: list[dict[str, Any]]) -> None:
    other = [{"key": a["id"], "head": a["title"], "body": a["text"], "day": a["date"]} for a in ARTICLES]
    (tmp_path / "a.csv").write_bytes(as_csv(other))
    (tmp_path / "a.jsonl").write_bytes(as_jsonl(other))
    columns = (("id", "key"), ("title", "head"), ("text", "body"), ("date", "day"))
    for name in ("a.csv", "a.jsonl"):
        found = answers(tmp_path / name, tmp_path / "out.jsonl", columns=columns)
        assert found == expected


def test_a_table_without_text_is_refused_with_its_columns(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,body\n1,Hello\n")
    with pytest.raises(InvalidInput, match=r"columns id, body.*--column text=NAME"):
        answers(tmp_path / "a.csv", tmp_path / "out.jsonl")


def test_a_bad_row_is_answered_in_its_place(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"id,text\n1,Hello.\n2,caf\xe9\n3,a,b,c\n4,\n5,Bye.\n")
    found = answers(tmp_path / "a.csv", tmp_path / "out.jsonl")
    assert ["error" in answer for answer in found] == [False, True, True, True, False]
    assert [answer["error"]["line"] for answer in found[1:4]] == [2, 3, 4]
    assert "UTF-8" in found[1]["error"]["detail"]


def test_csv_and_parquet_out_hold_the_same_answers(tmp_path: Path, expected: list[dict[str, Any]]) -> None:
    (tmp_path / "a.jsonl").write_bytes(as_jsonl(ARTICLES) + b"{\n")
    sources, _ = find([str(tmp_path / "a.jsonl")])
    batch.run(sources, str(tmp_path / "o.csv"), make_task(None, 0.3, format="csv"))
    batch.run(sources, str(tmp_path / "o.parquet"), make_task(None, 0.3, format="parquet"))
    rows = list(csv.DictReader(io.StringIO((tmp_path / "o.csv").read_text(), newline="")))
    table = pyarrow.parquet.read_table(tmp_path / "o.parquet").to_pylist()
    assert [json.loads(row["answer"]) for row in rows[:-1]] == expected == [json.loads(r["answer"]) for r in table[:-1]]
    assert [row["risk"] for row in table[:-1]] == [answer["risk"] for answer in expected]
    assert [float(row["risk"]) for row in rows[:-1] if row["risk"]] == [a["risk"] for a in expected if a["risk"]]
    assert rows[-1]["error"] == table[-1]["error"] == "invalid-input"
    assert sorted(path.name for path in tmp_path.glob("o.*")) == [
        "o.csv", "o.csv.manifest.json", "o.parquet", "o.parquet.manifest.json"
    ]  # fmt: skip


def test_a_folder_of_pages_in_the_order_of_their_paths(tmp_path: Path, scorer: Scorer) -> None:
    folder = tmp_path / "crawl"
    (folder / "b").mkdir(parents=True)
    html = PAGE.format(f"<p>{TEXT * 9}</p>")
    (folder / "b" / "2.html").write_text(html)
    (folder / "a.txt.gz").write_bytes(gzip.compress(TEXT.encode() * 9))
    (folder / "c.json").write_text(json.dumps({"id": "own", "text": TEXT}, indent=2))
    (folder / "d.html").write_text("")
    (folder / "e.png").write_bytes(b"\x89PNG")
    found = answers(folder, tmp_path / "out.jsonl")
    assert [answer["id"] for answer in found] == ["a.txt.gz", "b/2.html", "own", "d.html"]
    assert found[1] == json.loads(scorer.score(Article(id="b/2.html", html=html)).to_json())
    assert "empty" in found[3]["error"]["detail"]
    assert find([str(folder)])[1] == [str(folder / "e.png")]


def test_a_pattern_of_files_is_one_input(tmp_path: Path, expected: list[dict[str, Any]]) -> None:
    for part in range(3):
        (tmp_path / f"part{part}.jsonl").write_bytes(as_jsonl(ARTICLES[part * 20 : part * 20 + 20]))
    assert answers(tmp_path / "part*.jsonl", tmp_path / "out.jsonl") == expected
    with pytest.raises(InvalidInput, match="no file matches"):
        find([str(tmp_path / "none*.jsonl")])


def warc(pages: list[tuple[str, str, bytes]]) -> list[bytes]:
    """Records of a WARC file: (status, content type, body) each."""
    records = []
    for n, (status, kind, body) in enumerate(pages):
        http = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n\r\n".encode() + body
        head = (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{n}>\r\n"
            f"WARC-Target-URI: https://example.org/{n}\r\nWARC-Date: 2020-01-0{n + 1}T00:00:00Z\r\n"
            f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
        )
        records.append(head.encode() + http + b"\r\n\r\n")
    return records


CRAWL = [
    ("200 OK", "text/html; charset=utf-8", PAGE.format(f"<p>{TEXT * 9}</p>").encode()),
    ("404 Not Found", "text/html", b"<html>gone</html>"),
    ("200 OK", "image/png", b"\x89PNG"),
    ("200 OK", "text/html; charset=windows-1252", PAGE.format(f"<p>caf\u00e9 {TEXT * 9}</p>").encode("cp1252")),
]


def test_crawled_pages_of_a_warc_file(tmp_path: Path, scorer: Scorer) -> None:
    (tmp_path / "a.warc.gz").write_bytes(b"".join(map(gzip.compress, warc(CRAWL))))
    (tmp_path / "a.warc").write_bytes(b"".join(warc(CRAWL)))
    found = answers(tmp_path / "a.warc.gz", tmp_path / "out.jsonl")
    assert found == answers(tmp_path / "a.warc", tmp_path / "out.jsonl")
    assert [answer["id"] for answer in found] == ["<urn:uuid:0>", "<urn:uuid:3>"]
    article = Article(id="<urn:uuid:3>", html=CRAWL[3][2].decode("cp1252"), url="https://example.org/3",
                      date="2020-01-04T00:00:00Z")  # fmt: skip
    assert found[1] == json.loads(scorer.score(article).to_json())


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.jsonl.zst", "a.csv.gz", "a.parquet", "a.warc", "a.warc.gz"])
def test_an_input_broken_midway_stops_the_run_and_says_where(name: str, tmp_path: Path) -> None:
    kind, packing = format_of(name)
    if kind == "parquet":
        pyarrow.parquet.write_table(pyarrow.Table.from_pylist(ARTICLES), tmp_path / name)
        whole = (tmp_path / name).read_bytes()
    elif kind == "warc":
        whole = pack(b"".join(warc(CRAWL)), packing)
    else:
        whole = pack(as_csv(ARTICLES) if kind == "csv" else as_jsonl(ARTICLES), packing)
    (tmp_path / name).write_bytes(whole[: len(whole) // 3])
    with pytest.raises(InvalidInput, match=name):
        answers(tmp_path / name, tmp_path / "out.jsonl")
    assert not (tmp_path / "out.jsonl").exists()


@pytest.mark.parametrize("packing", ["", "gz", "zst"])
def test_standard_input_to_standard_output(packing: str, credence: Path, expected: list[dict[str, Any]]) -> None:
    run = subprocess.run(
        [credence, "batch", "-"], input=pack(as_jsonl(ARTICLES), packing), capture_output=True, check=True
    )
    assert [json.loads(line) for line in run.stdout.splitlines()] == expected


def test_formats_that_names_do_not_tell(tmp_path: Path, expected: list[dict[str, Any]]) -> None:
    (tmp_path / "export").write_bytes(as_csv(ARTICLES))
    assert answers(tmp_path / "export", tmp_path / "out.jsonl", format="csv") == expected
    out = tmp_path / "table"
    assert main(["batch", str(tmp_path / "export"), "--format", "csv", "-o", str(out), "--output-format", "csv"]) == 0
    assert len(list(csv.DictReader(io.StringIO(out.read_text(), newline="")))) == len(ARTICLES)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["in.jsonl", "--column", "body=text"], "FIELD one of id, title"),
        (["in.jsonl", "--format", "docx"], "--format must be one of"),
        (["in.jsonl", "-o", "out.parquet.gz"], "Parquet is packed inside"),
        (["in.jsonl", "-o", "in.jsonl", "--overwrite"], "among the input"),
        (["in.jsonl", "-", "-o", "out.jsonl"], "read alone"),
        (["in.jsonl", "--output-format", "parquet"], "must be a file"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    arguments: list[str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in.jsonl").write_bytes(as_jsonl(ARTICLES[:1]))
    assert main(["batch", *arguments]) != 0
    assert message in capsys.readouterr().err
    assert (tmp_path / "in.jsonl").read_bytes() == as_jsonl(ARTICLES[:1])
