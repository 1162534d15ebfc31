"""Ledgers as workbooks, made from rows by heading; and how they are brought."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from branchnet.jobs import runner
from branchnet.sheets import Column, Sheet, workbook
from tests.pages.desk import Desk, words
from tests.support.world import World

Rows = Sequence[dict[str, Any]]


def made(**sheets: Rows) -> bytes:
    """A workbook with a sheet for each argument, its columns being the headings that its rows have."""
    return workbook(*(_sheet(name, rows) for name, rows in sheets.items()))


def _sheet(name: str, rows: Rows) -> Sheet:
    heads = list(dict.fromkeys(head for row in rows for head in row))
    kinds: dict[str, Any] = dict.fromkeys(("经度", "纬度"), "number")
    lines = [[_cell(row.get(head)) for head in heads] for row in rows]
    return Sheet(name, f"{name}（旧台账）", ["某馆"], [Column(head, kinds.get(head, "text")) for head in heads], lines)


def _cell(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


@dataclass
class Ledgers:
    """The clerk who brings them."""

    app: Flask
    world: World
    clerk: Desk

    @property
    def day(self) -> date:
        """The opening day: ten days ago."""
        with self.app.app_context():
            return self.world.act.today() - timedelta(days=10)

    def bring(self, content: bytes, name: str = "台账.xlsx", day: date | None = None) -> TestResponse:
        """Send a workbook as the form does."""
        return self.clerk.post("/work/opening", day=(day or self.day).isoformat(), file=(BytesIO(content), name))

    def tried(self, content: bytes) -> str:
        """Bring a workbook and try it; the address of its page."""
        answer = self.bring(content)
        assert answer.status_code == 303, words(answer)
        self.work()
        return str(answer.location)

    def said(self, content: bytes) -> str:
        """What the page says once a workbook was tried."""
        return self.clerk.text(self.tried(content))

    def work(self) -> None:
        """What the queue does."""
        with self.app.app_context():
            runner.work_all()
