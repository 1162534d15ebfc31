"""Agreements of the demo: every branch and mobile point signs for three years, and again when they are over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from branchnet.access.acts import Act
from branchnet.access.operations import Outcome
from branchnet.demo.events import operation_id
from branchnet.demo.recorder import Recorder
from branchnet.demo.story import Story
from branchnet.demo.world import Network, Point
from branchnet.points import agreements
from branchnet.points.agreements import Terms

YEARS = 3
WEAR = 20
"""Natural wear allowed in a term (‰)."""
KINDS = frozenset({"branch", "mobile_point"})
"""A delivery is agreed on by its handover note alone."""


def sign_all(told: Story, network: Network, points: dict[str, int], founded: date, record: Recorder) -> None:
    """Enter the agreements that hold when the books begin, and those signed since, each on its first day."""
    for point in told.points:
        if point.network != network.code or point.kind not in KINDS:
            continue
        for begins, ends in terms_of(point, founded, told.as_of):
            _sign(point, begins, ends, points[point.code], max(founded, begins), record)


def terms_of(point: Point, founded: date, today: date) -> Iterator[tuple[date, date]]:
    """The first and last days of a point's terms, one after the other, from the one that holds on a day on."""
    begins = point.opened_on
    while begins <= today:
        follows = begins.replace(year=begins.year + YEARS)
        if follows > founded:
            yield begins, follows - timedelta(days=1)
        begins = follows


def _sign(point: Point, begins: date, ends: date, point_id: int, on: date, record: Recorder) -> None:
    number = f"协〔{begins.year}〕{point.code}"

    def effect(act: Act) -> Outcome:
        terms = Terms(number, begins, ends, signed_on=begins, allowance_permille=WEAR)
        return {"agreement_id": agreements.agree(act, point_id, terms)}

    record.do(operation_id(point.network, "agreement", number), "agreement", on, effect)
