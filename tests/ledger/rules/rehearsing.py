"""What would happen is told before it does: never otherwise, and leaving nothing behind."""

from hypothesis.stateful import precondition, rule

from branchnet.batches import commands as batches
from branchnet.batches.queries import reversal_of, uncounting_of
from branchnet.batches.queries.reversing import reversible_events
from branchnet.extensions import db
from branchnet.models import Batch, Box
from tests.ledger.machine import Ledger
from tests.ledger.rules.drawn import PICK


class Rehearsing(Ledger):
    """Somebody looks at what a reversal would do, and then perhaps does it."""

    @precondition(lambda self: self.there & {"dispatched", "received", "closed"})
    @rule(pick=PICK, which=PICK)
    def look_and_reverse(self, pick: int, which: int) -> None:
        batch_id = self.some(Batch, pick)
        events = sorted(reversible_events(self.act.network_id, batch_id))
        if not events:
            return
        event_id, before = events[which % len(events)], self.count()
        found = reversal_of(self.act, batch_id, event_id)
        assert self.count() == before, "a rehearsal left something behind"
        done = self.tally["done"]
        self.step("reverse as told", lambda: batches.reverse_step(self.act, batch_id, event_id, "看过再撤"))
        assert (self.tally["done"] > done) == (found.effect is not None)
        if found.effect is not None:
            assert db.session.get_one(Batch, batch_id).state == found.effect.state
        elif found.later:
            assert [row.entry_id for row in found.later] == sorted((row.entry_id for row in found.later), reverse=True)
        db.session.rollback()

    @precondition(lambda self: self.there & {"dispatched", "received", "closed"})
    @rule(pick=PICK)
    def uncount(self, pick: int) -> None:
        """That was another box."""
        box_id = self.some(Box, pick, Box.counted_on.is_not(None))
        if not box_id:
            return
        box = db.session.get_one(Box, box_id)
        batch_id, number = box.batch_id, box.number
        db.session.rollback()
        before = self.count()
        found = uncounting_of(self.act, batch_id, number)
        assert self.count() == before, "a rehearsal left something behind"
        done = self.tally["done"]
        self.step("uncount", lambda: batches.uncount_box(self.act, batch_id, number, "不是这一箱"))
        assert (self.tally["done"] > done) == (found.effect is not None)
