"""Ledgers of years before, right or wrong: points that open, what stands there, deliveries still out, barcodes."""

from datetime import date, timedelta

import hypothesis.strategies as st
from hypothesis.stateful import rule
from sqlalchemy import select

from branchnet.batches.opening.known import content_of
from branchnet.extensions import db
from branchnet.models import Lot, ServicePoint
from branchnet.stock.lists import Sheet, Table
from tests.ledger.rules.drawn import LATER, PICK
from tests.ledger.rules.files import WORKBOOK, FromFiles, packed

FEW_ROWS = st.lists(PICK, max_size=3)
FLAWS = st.sampled_from([*["none"] * 6, "kind", "point", "copies", "ahead", "known", "again"])
"""What is wrong with a ledger, beside what the books know already."""
KINDS = ("分馆", "流动服务点", "学校")


class StartingMidLife(FromFiles):
    """Ledgers are brought: whole or not at all. One that is brought twice is stale the second time."""

    @rule(
        points=st.integers(0, 2),
        rows=st.tuples(FEW_ROWS, FEW_ROWS, FEW_ROWS),
        flaw=FLAWS,
        later=LATER,
        at_once=st.booleans(),
        twice=st.booleans(),
    )
    def bring_ledger(
        self, points: int, rows: tuple[list[int], ...], flaw: str, later: int, at_once: bool, twice: bool
    ) -> None:
        shelves, deliveries, copies = rows
        day = self.on(later)
        new = [f"L{self.new_barcode()[-4:]}" for _ in range(points)]
        sheets = [
            Sheet("服务点", self._points(new, day, flaw)),
            Sheet("在架图书", self._shelves(new, shelves, flaw)),
            Sheet("未还送书", self._deliveries(new, deliveries, day, flaw)),
            Sheet("带条码图书", self._copies(new, copies, flaw)),
        ]
        table = Table(sheets)
        options = {"day": day.isoformat(), "note": "期初", "content": content_of(table)}
        brought = [self.bring("opening", WORKBOOK, packed(table), options=options) for _ in range(1 + twice)]
        for list_id in brought:
            if list_id is not None and at_once:
                self.ask(list_id, "all", day, at_once=True)

    def _where(self, new: list[str], number: int) -> list[str]:
        """Code and name of where a row's books are: a point that opens with them, one of the known, or the shelf."""
        if number % 5 == 0:
            return ["", "总馆书架"]
        query = select(ServicePoint.code).where(ServicePoint.network_id == self.act.network_id)
        known = db.session.scalars(query.order_by(ServicePoint.id)).all()
        db.session.rollback()
        codes = new if new and number % 3 else known
        return [codes[number % len(codes)], ""]

    def _points(self, new: list[str], day: date, flaw: str) -> list[list[str]]:
        opened = (day - timedelta(days=400)).isoformat()
        rows = [
            [code, f"{code}村", KINDS[at % len(KINDS)], opened if at else "", "何老师", "13800000000" if at else ""]
            for at, code in enumerate(new)
        ]
        wrong = [["", "无类村", "", "", "", ""]] if flaw == "kind" else []
        return [["编号", "名称", "类型", "开放日期", "老师", "老师电话"], *rows, *wrong]

    def _shelves(self, new: list[str], numbers: list[int], flaw: str) -> list[list[str]]:
        rows = [[*self._where(new, number), "绘本", f"{number % 40 + 1}{'余' * (number % 2)}"] for number in numbers]
        wrong = {"point": ["", "无此点", "绘本", "5"], "copies": ["A", "", "绘本", "许多"]}
        return [["编号", "服务点", "书名", "册数"], *rows, *([wrong[flaw]] if flaw in wrong else [])]

    def _deliveries(self, new: list[str], numbers: list[int], day: date, flaw: str) -> list[list[str]]:
        rows = []
        for number in numbers:
            sent = day - timedelta(days=number % 60)
            due = (sent + timedelta(days=30)).isoformat() if number % 2 else ""
            where = self._where(new, number if number % 5 else number + 1)
            rows.append([*where, sent.isoformat(), due, "童话", str(number % 30 + 1)])
        wrong = [["A", "", (day + timedelta(days=1)).isoformat(), "", "童话", "5"]] if flaw == "ahead" else []
        return [["编号", "学校", "送书日期", "应还日期", "书名", "册数"], *rows, *wrong]

    def _copies(self, new: list[str], numbers: list[int], flaw: str) -> list[list[str]]:
        rows = [[self.new_barcode(), "好书", *self._where(new, number)] for number in numbers]
        if flaw == "known":
            lot_id = self.some(Lot, 0, Lot.serial)
            rows.append([db.session.get_one(Lot, lot_id).barcode or "", "好书", "", "总馆书架"])
            db.session.rollback()
        elif flaw == "again" and rows:
            rows.append(rows[0])
        return [["条码", "书名", "编号", "在哪里"], *rows]
