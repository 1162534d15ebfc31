"""Agreements as pages, papers and batches read them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from branchnet.database import Rows
from branchnet.errors import NotFound
from branchnet.extensions import db
from branchnet.models import Agreement, ServicePoint
from branchnet.points.agreements import rules

PAGE = 50
"""Agreements on one page of the register."""


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """An agreement (协议书). ``stay_days``: 天, ``allowance_permille``: ‰ of the copies on site; None: not agreed."""

    id: int
    point_id: int
    number: str
    signed_on: date | None
    valid_from: date
    valid_until: date | None
    stay_days: int | None
    allowance_permille: int | None
    archive_number: str | None
    followed: bool
    """Whether another one of the point, signed already, goes on beyond it."""

    def standing(self, today: date) -> str:
        """Where it stands on a day: a word of ``rules.STANDINGS``."""
        return rules.standing(self.signed_on, self.valid_from, self.valid_until, today, self.followed)


def agreement_in_force(network_id: int, point_id: int, day: date) -> AgreementRow | None:
    """The agreement that binds a point on a day: signed, inside its term; of several the one begun last."""
    return agreements_in_force(network_id, day, [point_id]).get(point_id)


def agreement_at(network_id: int, place_id: int, day: date) -> AgreementRow | None:
    """The agreement that binds the point of a place on a day; None too where the place is no point's."""
    point = select(ServicePoint.id).where(ServicePoint.network_id == network_id, ServicePoint.place_id == place_id)
    point_id = db.session.scalar(point)
    return None if point_id is None else agreement_in_force(network_id, point_id, day)


def agreements_in_force(network_id: int, day: date, points: Iterable[int] | None = None) -> dict[int, AgreementRow]:
    """By point the agreement that binds it on a day, of these points or of all. One statement."""
    query = _of(network_id).where(*_binding(Agreement, day)).order_by(Agreement.valid_from, Agreement.id)
    if points is not None:
        query = query.where(Agreement.point_id.in_(sorted(set(points))))
    # The later row takes the place of the earlier one.
    return {row.point_id: row for row in _rows(query)}


def one_agreement(network_id: int, agreement_id: int) -> AgreementRow:
    """An agreement of a network. Raises NotFound."""
    rows = _rows(_of(network_id).where(Agreement.id == agreement_id))
    if not rows:
        raise NotFound(agreement_id=agreement_id)
    return rows[0]


def agreements_listed(
    network_id: int, today: date, standing: str = "", point_id: int | None = None, page: int = 1
) -> tuple[list[AgreementRow], int]:
    """A page of the register and how many there are; running out first, then the newest first."""
    conditions: list[Any] = [] if not standing else [_standing(standing, today)]
    if point_id is not None:
        conditions.append(Agreement.point_id == point_id)
    ends_soon = _standing("running_out", today)
    query = _of(network_id).where(*conditions).order_by(ends_soon.desc(), Agreement.valid_from.desc(), Agreement.id)
    total = select(func.count(Agreement.id)).where(Agreement.network_id == network_id, *conditions)
    rows = _rows(query.limit(PAGE).offset((max(page, 1) - 1) * PAGE))
    return rows, int(db.session.execute(total).scalar_one())


def running_out(network_id: int, today: date) -> int:
    """How many agreements (份) end soon with nothing signed to follow them."""
    query = select(func.count(Agreement.id)).where(Agreement.network_id == network_id, _standing("running_out", today))
    return int(db.session.execute(query).scalar_one())


def _of(network_id: int) -> Rows:
    names = [name for name in AgreementRow.__dataclass_fields__ if name != "followed"]
    query: Rows = select(*(getattr(Agreement, name) for name in names), _followed())
    return query.where(Agreement.network_id == network_id)


def _rows(query: Rows) -> list[AgreementRow]:
    return [AgreementRow(*row) for row in db.session.execute(query)]


def _binding(table: Any, day: date) -> tuple[ColumnElement[bool], ...]:
    return (
        table.signed_on.is_not(None),
        table.valid_from <= day,
        or_(table.valid_until.is_(None), table.valid_until >= day),
    )


def _standing(word: str, today: date) -> ColumnElement[bool]:
    """The condition behind a word of ``rules.STANDINGS``; in force holds what runs out soon too."""
    signed = Agreement.signed_on.is_not(None)
    conditions: dict[str, ColumnElement[bool]] = {
        "unsigned": Agreement.signed_on.is_(None),
        "coming": and_(signed, Agreement.valid_from > today),
        "in_force": and_(*_binding(Agreement, today)),
        "running_out": and_(*_binding(Agreement, today), Agreement.valid_until <= rules.soon(today), ~_followed()),
        "ended": and_(signed, Agreement.valid_from <= today, Agreement.valid_until < today),
    }
    return conditions[word]


def _followed() -> ColumnElement[bool]:
    later = aliased(Agreement)
    return exists().where(
        later.network_id == Agreement.network_id,
        later.point_id == Agreement.point_id,
        later.signed_on.is_not(None),
        or_(later.valid_until.is_(None), later.valid_until > Agreement.valid_until),
        later.id != Agreement.id,
    )
