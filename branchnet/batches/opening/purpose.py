"""A ledger is a list of its own purpose: it says itself which sheet is what, so nobody is asked for columns."""

from datetime import date

from branchnet.access.acts import Act
from branchnet.batches.lists.purposes import Asked, Findings, Parsing, Purpose, Written
from branchnet.batches.opening import judging, writing
from branchnet.batches.opening.reading import Ledger
from branchnet.batches.opening.reading import parse as read_ledger
from branchnet.stock.lists import Table


def _parse(act: Act, _asked: Asked, table: Table) -> Parsing:
    return (yield from read_ledger(table, act.today().year))


def _judge(act: Act, asked: Asked, ledger: Ledger) -> Findings:
    return judging.judge(act, ledger, date.fromisoformat(asked.options["day"]))


def _write(act: Act, asked: Asked, findings: Findings) -> Written:
    return writing.write(act, findings, asked.options["note"])


OPENING = Purpose(_parse, _judge, _write)
