"""Proposing a successor, and what staff decide: on acceptance the old link ends."""

from datetime import date

from sqlalchemy import insert, or_, select, update

from branchnet import clock
from branchnet.access import audit
from branchnet.access.acts import Act
from branchnet.access.commands import add_person, make_link, renew_link, revoke_link
from branchnet.errors import Conflict, NotFound
from branchnet.extensions import db
from branchnet.models import Account, AnswersFor, Person, Succession, TeacherLink


def propose_successor(act: Act, name: str, phone: str | None = None) -> None:
    """The teacher who acts hands over to a colleague; said again before it is decided, the last word counts.

    Raises Conflict("nothing_to_hand_over") where they answer for no point.
    """
    person_id = _self(act)
    if not _points(act, person_id):
        raise Conflict("nothing_to_hand_over")
    row = _open(act, person_id)
    if row is None:
        row = Succession(network_id=act.network_id, person_id=person_id)
        db.session.add(row)
    row.successor_name, row.successor_phone, row.said_at = name, phone, clock.now()
    db.session.flush()
    audit.record(act, "succession.proposed", "person", person_id)


def withdraw(act: Act) -> None:
    """The teacher who acts stays after all. Raises Conflict("succession_decided")."""
    _decide(act, _undecided(act, _self(act)), None)


def decline(act: Act, person_id: int) -> None:
    """A teacher's points stay theirs. Raises Conflict("succession_decided")."""
    _decide(act, _undecided(act, person_id), None)


def accept(act: Act, person_id: int, successor_id: int | None = None) -> int:
    """A teacher's points are the colleague's from today on. Returns the colleague's id.

    ``successor_id``: somebody of the network, also who has left and comes back; without it a person of their own is
    entered. A link of theirs that opens stays as it is, else a new one is made. The old one opens nothing any more, and
    who handed over has left, unless they have an account.
    Raises Conflict("succession_decided"), Conflict("nothing_to_hand_over"), NotFound for a successor of nowhere.
    """
    if successor_id is not None:
        _lock(act, person_id, successor_id)
    row = _undecided(act, person_id)
    held = _points(act, person_id)
    if not held:
        raise Conflict("nothing_to_hand_over")
    if successor_id is None:
        successor_id = add_person(act, row.successor_name or "", row.successor_phone)
    _hand_over(act, held, successor_id)
    _give_link(act, successor_id)
    _end_link(act, person_id)
    _leave(act, person_id)
    _decide(act, row, successor_id)
    return successor_id


def _lock(act: Act, person_id: int, successor_id: int) -> None:
    """Both people, in the order of their ids; two who hand over to each other wait. The successor has not left."""
    here = (Person.network_id == act.network_id) & Person.display_name.is_not(None)
    people = db.session.scalars(
        select(Person).where(here, Person.id.in_((person_id, successor_id))).order_by(Person.id).with_for_update()
    )
    successor = next((one for one in people.all() if one.id == successor_id != person_id), None)
    if successor is None:
        raise NotFound(person_id=successor_id)
    successor.left_on = None
    db.session.flush()


def _self(act: Act) -> int:
    if act.person_id is None:
        raise NotFound("no_device")
    return act.person_id


def _open(act: Act, person_id: int) -> Succession | None:
    """What waits for a decision, under lock: the person's row first, so that two at once find the same."""
    own = select(Person.id).where(Person.network_id == act.network_id, Person.id == person_id).with_for_update()
    if db.session.scalar(own) is None:
        raise NotFound(person_id=person_id)
    return db.session.scalars(
        select(Succession)
        .where(
            Succession.network_id == act.network_id,
            Succession.person_id == person_id,
            Succession.decided_at.is_(None),
        )
        .execution_options(populate_existing=True)
    ).one_or_none()


def _undecided(act: Act, person_id: int) -> Succession:
    row = _open(act, person_id)
    if row is None:
        raise Conflict("succession_decided")
    return row


def _points(act: Act, person_id: int) -> list[AnswersFor]:
    """What they answer for today, or will."""
    today = act.today()
    return list(
        db.session.scalars(
            select(AnswersFor)
            .where(
                AnswersFor.network_id == act.network_id,
                AnswersFor.person_id == person_id,
                or_(AnswersFor.ended_on.is_(None), AnswersFor.ended_on > today),
            )
            .order_by(AnswersFor.id)
        )
    )


def _hand_over(act: Act, held: list[AnswersFor], successor_id: int) -> None:
    """Each point from today on, or from the day on which it would have been theirs."""
    today, begins = act.today(), dict[tuple[int, date], date | None]()
    for one in held:
        day = max(one.valid_from, today)
        begins.setdefault((one.point_id, day), one.ended_on)
        one.ended_on = day
    db.session.flush()
    for (point_id, day), ended_on in begins.items():
        _take_over(act, successor_id, point_id, day, ended_on)


def _take_over(act: Act, successor_id: int, point_id: int, day: date, ended_on: date | None) -> None:
    """One row for these days, together with those that the successor has of the point already."""
    query = select(AnswersFor).where(
        AnswersFor.network_id == act.network_id,
        AnswersFor.person_id == successor_id,
        AnswersFor.point_id == point_id,
        or_(AnswersFor.ended_on.is_(None), AnswersFor.ended_on >= day),
    )
    if ended_on is not None:
        query = query.where(AnswersFor.valid_from <= ended_on)
    own = db.session.scalars(query.order_by(AnswersFor.valid_from)).all()
    ends = [ended_on, *(one.ended_on for one in own)]
    last = None if None in ends else max(filter(None, ends))
    for one in own[1:]:
        one.ended_on = one.valid_from
    if own:
        own[0].valid_from, own[0].ended_on = min(own[0].valid_from, day), last
    else:
        row = {"person_id": successor_id, "point_id": point_id, "valid_from": day, "ended_on": last}
        db.session.execute(insert(AnswersFor).values(network_id=act.network_id, **row))
    db.session.flush()


def _give_link(act: Act, successor_id: int) -> None:
    """A link that opens: the one they have, or a new one."""
    try:
        make_link(act, successor_id)
    except Conflict:  # Theirs was ended.
        renew_link(act, successor_id)


def _end_link(act: Act, person_id: int) -> None:
    """The old link opens nothing any more; who never had one needs none ended."""
    link = select(TeacherLink.id).where(
        TeacherLink.network_id == act.network_id,
        TeacherLink.person_id == person_id,
        TeacherLink.revoked_at.is_(None),
    )
    if db.session.scalar(link) is not None:
        revoke_link(act, person_id)


def _leave(act: Act, person_id: int) -> None:
    """Who answers for nothing more has left; a member of staff still signs in."""
    account = select(Account.id).where(Account.network_id == act.network_id, Account.person_id == person_id)
    if db.session.scalar(account) is None:
        db.session.execute(
            update(Person)
            .where(Person.network_id == act.network_id, Person.id == person_id)
            .values(left_on=act.today())
        )


def _decide(act: Act, row: Succession, successor_id: int | None) -> None:
    """Decided, and the name forgotten: the successor is a person, or nobody."""
    row.successor_name = row.successor_phone = None
    row.decided_at, row.decided_by = clock.now(), act.person_id
    row.accepted, row.successor_id = successor_id is not None, successor_id
    db.session.flush()
    verb = "succession.declined" if successor_id is None else "succession.accepted"
    audit.record(act, verb, "person", row.person_id, successor_id=successor_id)
