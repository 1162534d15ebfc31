"""A list of new books (入藏): copies with barcodes, and titles with a number of copies, come onto the shelf."""

from datetime import date

from branchnet.access.acts import Act
from branchnet.batches.commands import take_in
from branchnet.batches.lists.books import Copy, Parsed, copies_of, parse, sums_of
from branchnet.batches.lists.purposes import Asked, Findings, Parsing, Purpose, Written
from branchnet.stock.lists import Table
from branchnet.stock.lists.headings import BOOKS
from branchnet.stock.lists.rows import Problem, Row

NEEDS = ("title",)


def read(act: Act, asked: Asked, table: Table) -> Parsing:
    """Its rows, each with a title."""
    return (yield from parse(act, asked, table, NEEDS))


def judge(act: Act, _asked: Asked, parsed: Parsed) -> Findings:
    """What would come in: barcodes must be new."""
    known = copies_of(act.network_id, [row.lot.barcode for row in parsed.rows if row.lot.barcode])
    rows = [_judged(row, known.get(row.lot.barcode or "")) for row in parsed.rows if row.is_book]
    good = [row for row in rows if row.good]
    lots = [row.lot for row in good]
    return Findings(
        good=len(good),
        wrong=len(rows) - len(good),
        sums={
            **sums_of((lot.title for lot in lots), (lot.quantity for lot in lots), (lot.price_fen for lot in lots)),
            "rows": len(rows),
            "skipped": len(parsed.rows) - len(rows),
        },
        heading=parsed.heading,
        told=parsed.told(rows),
        plan=lots,
    )


def _judged(row: Row, known: Copy | None) -> Row:
    if known is None:
        return row
    return row.wrong(Problem("barcode_known", "barcode", row.lot.barcode or "", (known.title,)))


def write(act: Act, asked: Asked, findings: Findings) -> Written:
    """The good rows come in as one batch, on the day the clerk named."""
    taken = take_in(act, "accession", findings.plan, date.fromisoformat(asked.options["day"]))
    return Written(taken.batch.id, findings.sums["copies"], {"number": taken.batch.number})


ACCESSION = Purpose(read, judge, write, {field: names for field, names in BOOKS.items() if field != "box"}, NEEDS)
