"""How a file comes in: brought, tried, asked for, and taken in by the queue, now or when much has changed since."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from unittest.mock import patch

import hypothesis.strategies as st
from flask import Flask
from hypothesis.stateful import precondition, rule
from sqlalchemy import func, select

from branchnet import queue
from branchnet.batches.lists import commands as lists
from branchnet.batches.lists import working
from branchnet.batches.lists.commands import Brought, Choice
from branchnet.batches.rules import INTO_THE_BOOKS
from branchnet.extensions import db, transaction
from branchnet.jobs import runner
from branchnet.models import Batch, BatchLine, FileList, Job, ServicePoint
from branchnet.stock.lists import Sheet, Table, read_table
from branchnet.stock.lists.headings import BOOKS, guess
from branchnet.stock.lists.rows import Columns
from tests.ledger.machine import Ledger
from tests.ledger.rules.drawn import LATER, PICK

WORKBOOK = "台账.xlsx"
HOW = st.sampled_from(["good", "good", "all", "with unknown"])


def packed(table: Table) -> bytes:
    """A workbook as a history keeps it: the sheets of a real one are read by a process of its own, which takes long."""
    return json.dumps([[sheet.name, sheet.rows] for sheet in table.sheets]).encode()


def _read(name: str, content: bytes) -> Table:
    if name != WORKBOOK:
        return read_table(name, content)
    return Table([Sheet(sheet, rows) for sheet, rows in json.loads(content)])


class FromFiles(Ledger):
    """Files that were tried are taken in, once, by the worker that the service has; or they are dropped."""

    def __init__(self, app: Flask, tally: Any) -> None:
        super().__init__(app, tally)
        self.tried: list[int] = []
        """Lists that wait for somebody's word."""
        self.asked: list[int] = []
        """Lists that wait for the queue."""

    def bring(
        self,
        purpose: str,
        name: str,
        content: bytes,
        batch_id: int | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> int | None:
        """Bring a file and try it, with its columns as they are guessed. Returns the list, None where it is refused."""
        table = _read(name, content)
        brought = Brought(purpose, name, content, table, batch_id, options or {})
        seen = guess(table.sheets[0], BOOKS)

        def effect() -> dict[str, Any]:
            list_id = lists.bring(self.act, brought).id
            if purpose != "opening":
                lists.try_out(self.act, list_id, 0, Columns(seen.heading_row, seen.columns))
            return {"list": list_id}

        outcome = self.do(f"bring {purpose}", {}, effect)
        if outcome is None:
            return None
        list_id = int(outcome["list"])
        self.work("list_check", list_id)
        self.tried.append(list_id)
        return list_id

    def ask(self, list_id: int, how: str, day: date, at_once: bool) -> None:
        """Say that a list shall come in; the queue does it at once, or later."""
        row = db.session.get_one(FileList, list_id)
        told = (row.options or {}).get("day") if row.purpose == "opening" else None
        db.session.rollback()
        choice = Choice(how == "all", how == "with unknown", day)
        if told is not None:
            choice = Choice(all_or_none=True, day=date.fromisoformat(str(told)))
        if self.step("apply list", lambda: lists.apply(self.act, list_id, choice)) is None:
            return
        self.asked.append(list_id)
        if at_once:
            self.take_list_in(list_id)

    def take_list_in(self, list_id: int) -> None:
        """The queue does what was asked. Whoever asks again afterwards, and a job that runs twice, changes nothing."""
        self.asked.remove(list_id)
        self.work("list_apply", list_id)
        if self._state_of(list_id) != "applied":
            return
        self.tried.remove(list_id)
        with transaction():
            queue.ask(self.act.network_id, "list_apply", str(list_id))
        self.work("list_apply", list_id)

    @precondition(lambda self: self.tried)
    @rule(pick=PICK, how=HOW, later=LATER, at_once=st.booleans())
    def apply_list(self, pick: int, how: str, later: int, at_once: bool) -> None:
        self.ask(self.tried[pick % len(self.tried)], how, self.on(later), at_once)

    @precondition(lambda self: self.asked)
    @rule(pick=PICK)
    def work_on_list(self, pick: int) -> None:
        self.take_list_in(self.asked[pick % len(self.asked)])

    @precondition(lambda self: self.tried)
    @rule(pick=PICK)
    def drop_list(self, pick: int) -> None:
        list_id = self.tried[pick % len(self.tried)]
        if self.step("drop list", lambda: lists.drop(self.act, list_id)) is not None:
            self.tried.remove(list_id)

    def work(self, kind: str, list_id: int) -> None:
        """Run the job that waits as a worker runs it. It never fails; what it brought is known from now on."""
        self.checked = False
        job_id = self.some(Job, 0, Job.kind == kind, Job.subject == str(list_id), Job.state == "waiting")
        state, before = self._state_of(list_id), self.count()
        last = db.session.scalar(select(func.max(Batch.id)).where(Batch.network_id == self.act.network_id)) or 0
        db.session.rollback()
        with patch.object(working, "read_table", _read):
            runner.run(job_id)
        job = db.session.get_one(Job, job_id)
        assert job.state == "done", f"{kind} of list {list_id}: {job.error}"
        db.session.rollback()
        if kind == "list_apply" and state != "applied" and self._state_of(list_id) == "applied":
            self.tally["done"] += 1
            self._learn(list_id, self._came_in_since(last))
            self.look()
            return
        self.tally["refused"] += int(kind == "list_apply" and state != "applied")
        assert self.count() == before, f"{kind} of list {list_id} changed something"

    def _state_of(self, list_id: int) -> str:
        state = db.session.get_one(FileList, list_id, populate_existing=True).state
        db.session.rollback()
        return state

    def _came_in_since(self, last: int) -> Sequence[tuple[int, int]]:
        """Copies (册) by lot on the lines of the batches of new books that came after one."""
        lines = (
            select(BatchLine.lot_id, BatchLine.quantity)
            .join(Batch, Batch.id == BatchLine.batch_id)
            .where(Batch.network_id == self.act.network_id, Batch.id > last, Batch.kind.in_(INTO_THE_BOOKS))
        )
        return [(lot_id, copies) for lot_id, copies in db.session.execute(lines)]

    def _learn(self, list_id: int, came: Sequence[tuple[int, int]]) -> None:
        """What a list brought: as many copies as it says, and none at all where all were wanted and a row is wrong."""
        row = db.session.get_one(FileList, list_id)
        said: dict[str, Any] = dict(row.summary or {})
        copies = sum(copies for _lot_id, copies in came)
        assert not (said["wrong"] and (row.options or {})["all_or_none"])
        if row.purpose == "pick":
            assert copies == said["sums"]["new"]
        else:
            assert copies == said["written"]["copies"]
        self.born |= dict(came)
        points = select(ServicePoint.place_id).where(ServicePoint.network_id == self.act.network_id)
        self.places = [self.places[0], *db.session.scalars(points.order_by(ServicePoint.id))]
        db.session.rollback()
