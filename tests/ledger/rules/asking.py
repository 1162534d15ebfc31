"""What points ask for and staff decide: days on which books are fetched, wishes for the next box. No copy moves."""

from datetime import timedelta

import hypothesis.strategies as st
from hypothesis.stateful import rule

from branchnet.batches import commands as batches
from branchnet.models import Batch, ServicePoint, StayAnswer, Wish
from tests.ledger.machine import NOON, Ledger
from tests.ledger.rules.drawn import PICK


class Asking(Ledger):
    """Before a delivery is fetched, and before the next is made up."""

    @rule(
        pick=PICK, how=st.sampled_from(["ready", "another_day", "longer", "tell", "decide"]), days=st.integers(-2, 200)
    )
    def before_fetching(self, pick: int, how: str, days: int) -> None:
        """The point is told, a teacher answers, staff decide; in any order."""
        delivery = self.some(Batch, pick, Batch.kind == "delivery")
        if how == "tell":
            self.step("announce", lambda: batches.announce(self.act, delivery))
        elif how == "decide":
            said = self.some(StayAnswer, pick)
            self.step("decide", lambda: batches.decide_stay(self.act, said, accepted=days % 3 > 0, reply="好"))
        else:
            wanted = None if how == "ready" else NOON.date() + timedelta(days=days)
            self.step("answer", lambda: batches.answer_stay(self.act, delivery, how, wanted, "老师说的"))

    @rule(pick=PICK, number=st.integers(0, 40), how=st.sampled_from(["wish", "say otherwise", "close", "make up"]))
    def wishes(self, pick: int, number: int, how: str) -> None:
        """A wish is said, changed, and taken up with a batch or without."""
        wish = self.some(Wish, pick)
        wished = batches.Wished("二年级", number=number or None)
        point = self.some(ServicePoint, pick)
        if how == "wish":
            self.do("wish", {"point": point}, lambda: {"id": batches.wish(self.act, point, wished)})
        elif how == "say otherwise":
            self.step("wish anew", lambda: batches.wish(self.act, point, wished, wish))
        else:
            batch = self.some(Batch, number) if how == "make up" else None
            self.step("close wish", lambda: batches.close_wish(self.act, wish, batch))
