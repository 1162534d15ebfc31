"""Lists from files, right or wrong: barcodes for a draft batch, and new books, with bad, repeated and stale rows."""

import hypothesis.strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import select

from branchnet.extensions import db
from branchnet.models import Batch, Holding, Lot
from tests.ledger.rules.drawn import LATER, PICK
from tests.ledger.rules.files import HOW, FromFiles
from tests.lists.files import text

HEADINGS = ("条码", "题名", "册数", "箱号")
PICKED = ["here", "here", "here", "new", "any", "again", "untitled", "rounded"]
BOUGHT = ["new", "new", "new", "counted", "any", "again", "untitled", "rounded"]
THEN = st.none() | HOW
"""What is said at once about a list that was tried: nothing yet, or how much of it comes in."""


def rows_of(kinds: list[str]) -> st.SearchStrategy[list[tuple[str, int]]]:
    """A few rows, most of them good."""
    return st.lists(st.tuples(st.sampled_from(kinds), PICK), min_size=1, max_size=8)


class Lists(FromFiles):
    """Lists of books are brought. One that is brought twice is stale the second time."""

    @precondition(lambda self: self.there & {"draft", "empty draft"})
    @rule(pick=PICK, rows=rows_of(PICKED), then=THEN, later=LATER, twice=st.booleans())
    def bring_barcodes(self, pick: int, rows: list[tuple[str, int]], then: str | None, later: int, twice: bool) -> None:
        draft = () if pick % 9 == 8 else (Batch.state == "draft",)
        batch_id = self.some(Batch, pick, *draft)
        start = select(Batch.from_place_id).where(Batch.id == batch_id)
        here = select(Holding.lot_id).where(Holding.place_id.in_(start), Holding.serial, Holding.quantity > 0)
        self._bring_list("pick", batch_id, self._list(rows, self._barcodes(Lot.id.in_(here))), then, later, twice)

    @rule(rows=rows_of(BOUGHT), then=THEN, later=LATER, twice=st.booleans())
    def bring_new_books(self, rows: list[tuple[str, int]], then: str | None, later: int, twice: bool) -> None:
        self._bring_list("accession", None, self._list(rows, []), then, later, twice)

    def _bring_list(
        self, purpose: str, batch_id: int | None, content: bytes, then: str | None, later: int, twice: bool
    ) -> None:
        day = self.on(later)
        brought = [self.bring(purpose, "清单.csv", content, batch_id) for _ in range(1 + twice)]
        for list_id in brought:
            if list_id is not None and then is not None:
                self.ask(list_id, then, day, at_once=True)

    def _barcodes(self, *where: object) -> list[str]:
        mine = (Lot.network_id == self.act.network_id, Lot.serial)
        codes = db.session.scalars(select(Lot.barcode).where(*mine, *where).order_by(Lot.id)).all()
        db.session.rollback()
        return [code for code in codes if code]

    def _list(self, rows: list[tuple[str, int]], here: list[str]) -> bytes:
        anywhere = self._barcodes()
        made: list[list[str]] = []
        for kind, number in rows:
            box = str(number % 4 or "")
            if kind == "again" and made:
                made.append(made[number % len(made)])
            elif kind == "here" and here:
                made.append([here[number % len(here)], "", "", box])
            elif kind == "any":
                made.append([anywhere[number % len(anywhere)], "书", "", box])
            elif kind == "counted":
                made.append(["", "故事", str(number % 7), ""])
            elif kind == "rounded":
                made.append(["4.40800E+11", "书", "", box])
            else:
                made.append([self.new_barcode(), "" if kind == "untitled" else "新书", "", box])
        return text([HEADINGS, *made])
