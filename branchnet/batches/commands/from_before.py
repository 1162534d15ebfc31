"""Books that were there before anybody wrote them down: they come in as an opening when they are first sent."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from branchnet.access.acts import Act
from branchnet.batches.commands.drafting import NewLine
from branchnet.batches.commands.shared import last_day_open
from branchnet.batches.commands.taking_in import More, take_in_more
from branchnet.errors import Invalid, NotFound
from branchnet.extensions import db
from branchnet.models import Batch, Holding, Lot
from branchnet.stock.commands import add_lots
from branchnet.stock.rules import NewLot, lot_problem, repeated

ALIKE = tuple(name for name in NewLot.__slots__ if name not in ("quantity", "barcode"))
"""What two counted lots share where they are the same books."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """So many copies (册) of books that are known as at least so many; ``books`` always counts one."""

    books: NewLot
    quantity: int
    box: int | None = None


def bring_from_before(
    act: Act, place_id: int, day: date, lines: Sequence[NewLine], unlisted: Sequence[NewLot]
) -> tuple[list[NewLine], Batch | None]:
    """The lines as they can be sent from a place, and the opening that brought in what the books did not hold there.

    An exact lot stays exact: what is missing of it is of a lot of the same books whose number is "at least", made
    once and used again. ``unlisted`` are books without a lot, barcoded ones too. A barcoded copy that the books have
    elsewhere is not touched: adding its line refuses it. Raises what `add_lots` and `add_lines` raise.
    """
    _check(lines, unlisted)
    ready, asked = _exact_first(act, place_id, lines)
    asked += [_Asked(_at_least(lot), lot.quantity) for lot in unlisted]
    lot_ids = _lots_of(act, lines, {one.books: one.quantity for one in asked})
    short = Counter[NewLot]()
    for one in asked:
        short[one.books] += one.quantity
    held = _held(act, place_id, lot_ids.values())
    more = [
        More(lot_ids[books], books.serial, quantity - held.get(lot_ids[books], 0))
        for books, quantity in short.items()
        if quantity > held.get(lot_ids[books], 0)
    ]
    opening = take_in_more(act, "opening", more, last_day_open(act, place_id, day), place_id) if more else None
    return ready + [NewLine(lot_ids[one.books], one.quantity, one.box) for one in asked], opening


def _check(lines: Sequence[NewLine], unlisted: Sequence[NewLot]) -> None:
    if any(line.quantity < 1 for line in lines):
        raise Invalid("quantity_not_positive", fields={"quantity": "quantity_not_positive"})
    problems = [
        {"row": row, "problem": problem}
        for row, lot in enumerate(unlisted, start=1)
        if (problem := lot_problem(lot)) is not None
    ]
    if problems:
        raise Invalid("lots", rows=problems)
    if twice := repeated(lot.barcode for lot in unlisted):
        raise Invalid("barcodes_twice", barcodes=twice)


def _exact_first(act: Act, place_id: int, lines: Sequence[NewLine]) -> tuple[list[NewLine], list[_Asked]]:
    """What stands there of the lots themselves, and what is still asked for beyond it."""
    lots = {lot.id: lot for lot in _locked(act, {line.lot_id for line in lines})}
    left = _held(act, place_id, lots)
    ready: list[NewLine] = []
    asked: list[_Asked] = []
    for line in lines:
        lot = lots[line.lot_id]
        here = line.quantity if lot.serial else 0
        if lot.quality == "exact" and not lot.serial:
            here = min(line.quantity, left.get(lot.id, 0))
            left[lot.id] = left.get(lot.id, 0) - here
        if here:
            ready.append(replace(line, quantity=here))
        if line.quantity > here:
            asked.append(_Asked(_at_least(_as_new(lot)), line.quantity - here, line.box))
    return ready, asked


def _locked(act: Act, lot_ids: Iterable[int]) -> Sequence[Lot]:
    """The lots, held so that no two people bring in the same missing copies."""
    wanted = set(lot_ids)
    lots = db.session.scalars(
        select(Lot)
        .where(Lot.network_id == act.network_id, Lot.id.in_(wanted))
        .order_by(Lot.id)
        .with_for_update(key_share=True)
    ).all()
    if missing := wanted - {lot.id for lot in lots}:
        raise NotFound("lot_unknown", lot_id=min(missing))
    return lots


def _lots_of(act: Act, lines: Sequence[NewLine], asked: Iterable[NewLot]) -> dict[NewLot, int]:
    """The lot of each of these books: the one on the line itself, one that is alike, or a new one."""
    books = list(dict.fromkeys(asked))
    alike = db.session.scalars(
        select(Lot)
        .where(
            Lot.network_id == act.network_id,
            ~Lot.serial,
            Lot.quality != "exact",
            Lot.title.in_({one.title for one in books}),
        )
        .order_by(Lot.id)
    ).all()
    mine = {line.lot_id for line in lines}
    found: dict[NewLot, int] = {}
    for lot in sorted(alike, key=lambda lot: lot.id not in mine):
        found.setdefault(_as_new(lot), lot.id)
    fresh = [one for one in books if one not in found]
    return found | dict(zip(fresh, add_lots(act, fresh), strict=True))


def _as_new(lot: Lot) -> NewLot:
    return NewLot(**{name: getattr(lot, name) for name in ALIKE})


def _at_least(lot: NewLot) -> NewLot:
    """One of these books; a counted number that nobody has taken stock of is known as at least so many (余)."""
    quality = "at_least" if lot.quality == "exact" and not lot.serial else lot.quality
    return replace(lot, quantity=1, quality=quality)


def _held(act: Act, place_id: int, lot_ids: Iterable[int]) -> dict[int, int]:
    rows = db.session.execute(
        select(Holding.lot_id, Holding.quantity).where(
            Holding.network_id == act.network_id, Holding.place_id == place_id, Holding.lot_id.in_(set(lot_ids))
        )
    )
    return dict(rows.all())
