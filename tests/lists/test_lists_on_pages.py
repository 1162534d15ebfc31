"""A file on the clerk's pages: brought, its columns confirmed, tried, taken in, and what was wrong with it."""

import io
import re

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from branchnet.extensions import db
from branchnet.jobs.runner import work_all
from branchnet.models import Batch, FileList, Lot
from tests.lists.files import HEADINGS, a_book, workbook
from tests.pages.desk import Desk, clerk_of, days_ago, words
from tests.support.world import World, build_world


@pytest.fixture
def world(app: Flask) -> World:
    return build_world(app)


@pytest.fixture
def clerk(app: Flask, world: World) -> Desk:
    return clerk_of(app, world)


def bring(clerk: Desk, content: bytes, name: str = "清单.xlsx", batch: str = "", **sent: str) -> TestResponse:
    return clerk.post("/work/lists/new", file=(io.BytesIO(content), name), batch=batch, **sent)


def confirm(clerk: Desk, at: str) -> TestResponse:
    """Confirm the columns as they were guessed."""
    page = clerk.get(f"{at}/columns").text
    chosen = re.findall(r'name="(column-\d+)".*?</select>', page, re.DOTALL)
    parts = re.findall(r'<select[^>]*name="(column-\d+)".*?</select>', page, re.DOTALL)
    assert chosen == parts
    sent = {}
    for name, part in re.findall(r'<select[^>]*name="(column-\d+)"(.*?)</select>', page, re.DOTALL):
        field = re.search(r'value="([a-z_]+)" selected', part)
        sent[name] = field[1] if field else ""
    for name in ("sheet", "heading_row"):
        found = re.search(rf'type="hidden" name="{name}" value="(\d+)"', page)
        assert found is not None
        sent[name] = found[1]
    return clerk.post(f"{at}/columns", **sent)


def work(app: Flask) -> None:
    with app.app_context():
        work_all()
        db.session.remove()


def tried(app: Flask, clerk: Desk, content: bytes, name: str = "清单.xlsx", batch: str = "") -> str:
    """Bring a list and try it; returns its address."""
    brought = bring(clerk, content, name, batch)
    assert brought.status_code == 303, words(brought)
    at = str(brought.location)
    answer = confirm(clerk, at)
    assert answer.status_code == 303, words(answer)
    work(app)
    return at


def test_new_books_come_onto_the_shelf(app: Flask, world: World, clerk: Desk) -> None:
    rows = [
        ["雷州市少儿图书馆新书清单"],
        HEADINGS,
        *(a_book(number) for number in range(3)),
        ["合计", "", "", "", "", "", 75],
    ]
    at = tried(app, clerk, workbook(rows))
    page = clerk.text(at)
    assert "3 册" in page
    assert "75.00" in page
    assert "1 行是合计" in page
    assert clerk.post(f"{at}/apply", how="good", day=days_ago(app, world)).status_code == 303
    work(app)
    assert "加入了 3 册" in clerk.text(at)
    with app.app_context():
        row = db.session.scalars(select(FileList)).one()
        assert (row.state, row.content) == ("applied", None)
        lot = db.session.scalars(select(Lot).where(Lot.barcode == "990000000002")).one()
        assert (lot.title, lot.price_fen, lot.year, lot.isbn, lot.fund) == (
            "故事 2",
            2500,
            2019,
            "9787544253994",
            "购买",
        )
        batch = db.session.scalars(select(Batch).where(Batch.id == row.batch_id)).one()
        assert (batch.kind, batch.state, batch.created_by) == ("accession", "closed", world.act.person_id)
        db.session.remove()
