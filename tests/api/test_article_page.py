"""The page of an article, asked as a browser asks it."""

from __future__ import annotations

import csv
import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.api.conftest import TEXT, Make
from tests.api.forms import send

HOSTILE = "<script>alert(1)</script> \"onmouseover='alert(2)' </mark></textarea><img src=x onerror=alert(3)>"


@pytest.fixture(scope="module")
def app(make: Make) -> Flask:
    app = make()
    app.test_client().post("/v1/articles", json={"id": "a/1", "title": "Power cut", "text": TEXT})
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def read(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_where_texts_are_not_kept_the_page_says_so_and_shows_places(client: FlaskClient) -> None:
    page = read(client, "/articles/a%2F1")
    assert "Texts are not kept here" in page
    assert "spokeswoman" not in page
    assert re.search(r"haracters \d+–\d+", page)


def test_where_texts_are_kept_the_evidence_is_marked_in_them(make: Make) -> None:
    client = make(keep_text=True).test_client()
    client.post("/v1/articles", json={"id": "kept", "title": "Power cut", "text": TEXT})
    page = read(client, "/articles/kept")
    assert re.search(r'<mark class="[^"]*figure[^"]*"[^>]*>1,200</mark>', page)


def test_a_link_may_switch_kinds_off(make: Make) -> None:
    client = make(keep_text=True).test_client()
    client.post("/v1/articles", json={"id": "kept", "title": "Power cut", "text": TEXT})
    page = read(client, "/articles/kept?hide=hedge,figure,nonsense")
    off = re.findall(r'data-switch="(\w+)"(?! checked)', page)
    assert off == ["figure", "hedge"]


def test_the_csv_has_every_finding(client: FlaskClient) -> None:
    answer = client.get("/articles/a%2F1/findings.csv")
    assert answer.mimetype == "text/csv"
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))
    spans = client.get("/v1/articles/a%2F1").get_json()["signals"]
    assert len(rows) == sum(len(signal.get("spans", ())) + len(signal.get("teasers", ())) for signal in spans)
    assert all(row["words"] == "" for row in rows)


def test_a_finding_can_be_called_wrong(client: FlaskClient) -> None:
    reference = re.search(r"review\?finding=([^\"]+)\"", read(client, "/articles/a%2F1"))
    assert reference is not None
    page = f"/articles/a%2F1/review?finding={reference[1]}"
    named = re.search(r'name="finding" value="([^"]+)"', read(client, page))
    assert named is not None
    answer = send(
        client, page, "/articles/a%2F1/review", finding=named[1], verdict="wrong", reviewer="Ann", reason="No"
    )
    assert answer.status_code == 303
    stored = client.get("/v1/articles/a%2F1/reviews").get_json()["reviews"][-1]
    assert stored["verdict"] == "wrong"
    assert [stored["finding"]["signal"], stored["finding"]["start"], stored["finding"]["end"]] == [
        named[1].split(":")[0], *map(int, named[1].split(":")[1:])
    ]  # fmt: skip
    assert "Ann" in read(client, answer.headers["Location"].partition("#")[0])


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"verdict": "mixed", "reviewer": " "}, "name of its reviewer"),
        ({"verdict": "perfect", "reviewer": "Ann"}, "must be one of"),
        ({"verdict": "mixed", "reviewer": "Ann", "reason": "x" * 10_001}, "MAX_REASON_CHARACTERS"),
    ],
)
def test_a_review_that_cannot_be_stored_comes_back_with_what_was_typed(
    client: FlaskClient, fields: dict[str, str], told: str
) -> None:
    answer = send(client, "/articles/a%2F1/review", **fields)
    assert answer.status_code == 400
    page = answer.get_data(as_text=True)
    assert told in page
    assert f'value="{fields["reviewer"].strip()}"' in page


def test_a_finding_that_is_not_there_is_no_finding(client: FlaskClient) -> None:
    answer = send(
        client, "/articles/a%2F1/review", finding="figures:7:9", verdict="wrong", reviewer="Ann", reason=""
    )  # fmt: skip
    assert answer.status_code == 404


def test_who_is_not_there_is_not_found_as_a_page(client: FlaskClient) -> None:
    answer = client.get("/articles/nobody", headers={"Accept": "text/html,*/*;q=0.8"})
    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    assert client.get("/articles/nobody").mimetype == "application/problem+json"


def test_a_hostile_article_stays_text_wherever_its_words_stand(make: Make) -> None:
    client = make(keep_text=True).test_client()
    given = {
        "id": f"x{HOSTILE}", "title": HOSTILE, "text": f"The mayor said {HOSTILE}. {TEXT}",
        "url": "javascript:alert(4)", "date": HOSTILE,
    }  # fmt: skip
    told = client.post("/v1/articles", json=given)
    page = read(client, told.headers["Content-Location"].removeprefix("/v1"))
    for live in ("<script>", "<img", "</mark></textarea>", 'href="javascript:'):
        assert live not in page
    assert "<!doctype" in page


def test_with_keys_the_keys_name_stands_beside_the_review(make: Make) -> None:
    app = make()
    ledger = app.extensions["credence"].ledger
    _, editor = ledger.keys.create("Night desk", ["score", "read", "review"])
    _, reader = ledger.keys.create("Archive", ["read"])
    as_editor = {"Authorization": f"Bearer {editor}"}
    app.test_client().post("/v1/articles", json={"id": "a", "text": TEXT}, headers=as_editor)
    desk, looking = app.test_client(), app.test_client()
    send(desk, "/login", key=editor)
    send(desk, "/articles/a/review", verdict="mixed", reviewer="Somebody else", reason="")
    assert [review.reviewer for review in ledger.reviews.of("a")] == ["Night desk"]
    send(looking, "/login", key=reader)
    assert "This is wrong" not in read(looking, "/articles/a")
    assert looking.get("/articles/a/review").status_code == 403
