"""Asking for a lost link, and what staff make of it."""

import secrets
from typing import NamedTuple

from sqlalchemy import insert, select, update

from branchnet import clock
from branchnet.access import audit
from branchnet.access.acts import Act
from branchnet.errors import Conflict, NotFound
from branchnet.extensions import db
from branchnet.models import LinkRequest, Person

OPEN_AT_MOST = 200
"""Beyond so many open requests of a network only the telephone helps: nobody fills its list from outside."""


class Given(NamedTuple):
    """What a phone gets: its request, and the code to read out, four digits, its own among the open ones."""

    request_id: int
    code: str


def ask_for_link(act: Act, said: str, before: int | None = None) -> Given:
    """Keep that somebody asks for their link. Raises Conflict("too_many_requests").

    ``before``: what the same phone has asked already; while that is open it is the same request, in newer words.
    """
    if before is not None:
        again = db.session.execute(
            update(LinkRequest)
            .where(LinkRequest.network_id == act.network_id, LinkRequest.id == before, LinkRequest.handled_at.is_(None))
            .values(said=said)
            .returning(LinkRequest.id, LinkRequest.code)
        ).one_or_none()
        if again is not None:
            return Given(*again)
    taken = set(
        db.session.scalars(
            select(LinkRequest.code).where(LinkRequest.network_id == act.network_id, LinkRequest.handled_at.is_(None))
        )
    )
    if len(taken) >= OPEN_AT_MOST:
        raise Conflict("too_many_requests")
    free = [code for number in range(10_000) if (code := f"{number:04d}") not in taken]
    code = secrets.choice(free)
    new = insert(LinkRequest).values(network_id=act.network_id, code=code, said=said, made_at=clock.now())
    return Given(db.session.execute(new.returning(LinkRequest.id)).scalar_one(), code)


def answer_request(act: Act, request_id: int, person_id: int | None) -> None:
    """The teacher who asked is found, and gets their link again; without one the request is set aside.

    Raises NotFound, Conflict("request_handled").
    """
    row = db.session.scalars(
        select(LinkRequest)
        .where(LinkRequest.network_id == act.network_id, LinkRequest.id == request_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None or (person_id is not None and not _known(act, person_id)):
        raise NotFound(request_id=request_id)
    if row.handled_at is not None:
        raise Conflict("request_handled")
    row.handled_at, row.handled_by, row.person_id = clock.now(), act.person_id, person_id
    db.session.flush()
    if person_id is None:
        audit.record(act, "link_request.set_aside", "link_request", request_id)
    else:
        audit.record(act, "link_request.answered", "person", person_id, request_id=request_id)


def _known(act: Act, person_id: int) -> bool:
    own = select(Person.id).where(Person.network_id == act.network_id, Person.id == person_id)
    return db.session.scalar(own) is not None
