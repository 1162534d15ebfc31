"""Books on their way home, right or wrong: collected, counted in, scanned and restocked."""

from hypothesis.stateful import precondition, rule

from branchnet.batches import commands as batches
from branchnet.extensions import db
from branchnet.models import Batch
from tests.ledger.machine import Ledger
from tests.ledger.rules.drawn import FEW, LATER, PICK


class Returning(Ledger):
    """What was out comes back."""

    @precondition(lambda self: "to collect" in self.there)
    @rule(pick=PICK, later=LATER)
    def collect(self, pick: int, later: int) -> None:
        batch_id = self.some(Batch, pick, Batch.kind == "delivery", Batch.dispatched_on.is_not(None))
        self.step("collect", lambda: batches.collect(self.act, batch_id, self.on(later)))

    @precondition(lambda self: "return dispatched" in self.there)
    @rule(pick=PICK, later=LATER, copies=FEW)
    def count_in(self, pick: int, later: int, copies: int) -> None:
        batch_id = self.some(Batch, pick, Batch.kind == "return")
        self.step("count_in", lambda: batches.count_in(self.act, batch_id, self.on(later), copies))

    @precondition(lambda self: self.there & {"return dispatched", "return received"})
    @rule(pick=PICK, later=LATER)
    def scan_or_restock(self, pick: int, later: int) -> None:
        batch_id = self.some(Batch, pick, Batch.kind == "return", Batch.state.in_(["dispatched", "received"]))
        verb = "restock" if db.session.get_one(Batch, batch_id).state == "received" else "scan"
        self.step(verb, lambda: getattr(batches, verb)(self.act, batch_id, self.on(later)))
