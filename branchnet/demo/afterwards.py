"""The years after the report year: invented, at a steady pace, by the same rules every month."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import count, cycle, islice

from branchnet.demo import pace
from branchnet.demo.batches import arrived, brought_back
from branchnet.demo.chance import between
from branchnet.demo.events import CENTRAL, SUPPLY, Batch, Step, Verb
from branchnet.demo.files import points
from branchnet.demo.stock import barcodes, counted
from branchnet.demo.terms import last_month_of, months, next_month, workday, workdays_after, workdays_before
from branchnet.demo.world import Network, Point


def afterwards(network: Network, before: tuple[Batch, ...], today: date) -> tuple[Batch, ...]:
    """Every batch begun after the report year and before the month of `today`, with all its steps."""
    return tuple(_Teller(network, before).tell(today))


class _Teller:
    """Tells month after month, keeping whose turn it is and which barcodes are used."""

    def __init__(self, network: Network, before: tuple[Batch, ...]) -> None:
        self.network = network
        self.pace = pace.PACES[network.code]
        self.used = sum(len(b.barcodes) for b in before if b.from_place == CENTRAL)
        self.owned = sum(len(b.barcodes) for b in before if b.from_place == SUPPLY)
        self.known = [p for p in points() if p.network == network.code]
        old = [p for p in self.known if p.kind == "branch" and p.opened_on.year < pace.FIRST_MONTH.year - 1]
        self.givers = cycle(old)
        self.takers = islice(cycle(old), len(old) // 2, None)
        self.allocated = count()
        self.delivered = cycle(_regular_schools(self.known))

    def tell(self, today: date) -> Iterator[Batch]:
        for month in months(pace.FIRST_MONTH, last_month_of(today)):
            yield from self._new_points(month)
            if month.month in pace.ACCESSION_MONTHS:
                yield self._accession(month)
            if month.month in pace.TERM_MONTHS:
                yield from self._allocations(month)
                yield from self._deliveries(month)
            if month.month in pace.ROTATION_MONTHS:
                yield self._rotation(month)
            if month.month == pace.RETURN_MONTH:
                yield self._return(month)

    def _key(self, month: date, letter: str, number: int = 1) -> str:
        return f"{self.pace.letters}-{month:%y%m}-{letter}{number:02d}"

    def _new_points(self, month: date) -> Iterator[Batch]:
        opening = [p for p in self.known if month <= p.opened_on < next_month(month)]
        for number, point in enumerate(opening, 1):
            codes = barcodes(self.network, self.used + 1, pace.FIRST_ALLOCATION)
            self.used += pace.FIRST_ALLOCATION
            yield Batch(
                network=self.network.code,
                key=self._key(month, "N", number),
                kind="allocation",
                from_place=CENTRAL,
                to_place=point.code,
                barcodes=codes,
                steps=outward(point.opened_on, received=point.opened_on),
                note="挂牌当天送达",
            )

    def _accession(self, month: date) -> Batch:
        codes = barcodes(self.network, self.owned + 1, self.pace.accession_barcoded)
        self.owned += len(codes)
        return Batch(
            network=self.network.code,
            key=self._key(month, "C"),
            kind="accession",
            from_place=SUPPLY,
            to_place=CENTRAL,
            barcodes=codes,
            counted=counted(CENTRAL, self.pace.accession_copies),
            steps=(Step(workday(month), "post"),),
            note="新书入藏",
        )

    def _allocations(self, month: date) -> Iterator[Batch]:
        receivers = [p for p in self.known if p.kind in {"branch", "mobile_point"} and p.opened_on < month]
        for number, day in enumerate(self.pace.allocation_days, 1):
            turn = next(self.allocated)
            copies = self.pace.allocation_copies + 20 * between(f"{self.network.code}/{turn}", -4, 4)
            yield Batch(
                network=self.network.code,
                key=self._key(month, "A", number),
                kind="allocation",
                from_place=CENTRAL,
                to_place=receivers[turn % len(receivers)].code,
                counted=counted(CENTRAL, copies),
                steps=outward(workday(month.replace(day=day))),
            )

    def _deliveries(self, month: date) -> Iterator[Batch]:
        for number, day in enumerate(self.pace.delivery_days, 1):
            on = workday(month.replace(day=day))
            due = workday(on + pace.STAY)
            batch = Batch(
                network=self.network.code,
                key=self._key(month, "D", number),
                kind="delivery",
                from_place=CENTRAL,
                to_place=next(self.delivered).code,
                counted=counted(CENTRAL, self.pace.delivery_copies + 10 * between(f"{on}", -6, 6)),
                steps=outward(on, received=on),
                due_back_on=due,
            )
            yield batch
            yield brought_back(batch, due, coming_back(due))

    def _rotation(self, month: date) -> Batch:
        giver = next(self.givers).code
        return Batch(
            network=self.network.code,
            key=self._key(month, "X"),
            kind="rotation",
            from_place=giver,
            to_place=next(self.takers).code,
            counted=counted(giver, pace.ROTATED),
            steps=outward(workday(month.replace(day=18))),
        )

    def _return(self, month: date) -> Batch:
        giver = next(self.givers).code
        on = workday(month.replace(day=6))
        sent = outward(on)[:-1]
        return Batch(
            network=self.network.code,
            key=self._key(month, "R"),
            kind="return",
            from_place=giver,
            to_place=CENTRAL,
            counted=counted(giver, pace.RETURNED),
            steps=(*sent, *arrived(on, pace.RETURNED, coming_back(on))),
        )


def _regular_schools(known: list[Point]) -> list[Point]:
    """The schools of the reports that take books for a month at a time."""
    schools = [p for p in known if p.kind == "delivery_school" and p.source == "report"]
    return [p for p in schools if p.host != "special_school"]


def outward(on: date, received: date | None = None) -> tuple[Step, ...]:
    """Drafted three working days before it is sent, packed the day before, taken in on the next working day."""
    return (
        Step(workdays_before(on, 3), "draft"),
        Step(workdays_before(on, 1), "pack"),
        Step(on, "dispatch"),
        Step(received or workdays_after(on, 1), "receive"),
    )


def coming_back(collected: date) -> list[tuple[Verb, date]]:
    """Counted in, scanned and restocked one, two and four working days after it was collected."""
    return [
        ("count_in", workdays_after(collected, 1)),
        ("scan", workdays_after(collected, 2)),
        ("restock", workdays_after(collected, 4)),
    ]
