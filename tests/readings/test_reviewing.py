"""What staff and teacher say to each other about a reading, and what becomes of one that was held."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from branchnet import clock
from branchnet.access.acts import Act
from branchnet.access.operations import perform
from branchnet.calendar.commands import grant_exception, lock_through
from branchnet.errors import Conflict, Invalid, NotFound
from branchnet.extensions import db, transaction
from branchnet.models import AuditRecord, Reading, ReadingReview, ReadingRevision
from branchnet.points.queries import points_on
from branchnet.readings import commands
from branchnet.readings.commands import Receipt, Sent, submit_month
from branchnet.readings.completeness import reported_between
from branchnet.readings.looking import to_look
from branchnet.readings.queries import month_states, waiting
from branchnet.readings.rules import Report
from branchnet.readings.windows import shown_month
from tests.support.world import World, build_world

NOON = datetime(2026, 6, 15, 4, 0, tzinfo=UTC)
MAY = "2026-05"


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    """A network in June 2026."""
    with clock.at(NOON):
        made = build_world(app)
        with app.app_context():
            yield made


@pytest.fixture
def teacher(world: World) -> Act:
    return Act(world.network_id, world.teacher_id)


def report(act: Act, world: World, visits: int, based_on: int | None = None) -> Receipt:
    with transaction():
        return submit_month(act, world.point_ids[0], MAY, Report(in_school_visits=visits), Sent("link", based_on))


def revision(number: int) -> int:
    return db.session.scalars(select(ReadingRevision.id).where(ReadingRevision.number == number)).one()


def reading_id() -> int:
    return db.session.scalars(select(Reading.id)).one()


def holds(world: World) -> int | None:
    shown = shown_month(world.network_id, world.point_ids[0], MAY)
    return None if shown.holds is None else shown.holds.in_school_visits


def state(world: World) -> str:
    points = points_on([world.network_id], world.act.today(), [world.point_ids[0]])
    return month_states(points, MAY, world.act.today(), 10)[world.point_ids[0]]


def test_a_question_and_its_answer(world: World, teacher: Act) -> None:
    """The numbers count meanwhile; the last word on what holds says whether it is a question."""
    report(teacher, world, 500)
    with transaction():
        commands.send_back(world.act, revision(1), "是不是多打了一位？")
    assert (state(world), holds(world)) == ("question", 500)
    shown = shown_month(world.network_id, world.point_ids[0], MAY).holds
    assert shown is not None
    assert shown.question == "是不是多打了一位？"
    with transaction():
        commands.answer(teacher, reading_id(), "办了读书节，人多。")
    assert state(world) == "received"
    with transaction():
        commands.accept(world.act, revision(1))
    said = select(ReadingReview.kind, ReadingReview.words, ReadingReview.said_by).order_by(ReadingReview.id)
    assert db.session.execute(said).all() == [
        ("sent_back", "是不是多打了一位？", world.act.person_id),
        ("answered", "办了读书节，人多。", world.teacher_id),
        ("accepted", None, world.act.person_id),
    ]
    audited = select(AuditRecord.action, AuditRecord.detail).where(AuditRecord.subject == "reading")
    assert [tuple(row) for row in db.session.execute(audited.order_by(AuditRecord.id))] == [
        ("reading.sent_back", {"revision": 1}),
        ("reading.answered", {"revision": 1}),
        ("reading.accepted", {"revision": 1}),
    ]


def test_new_numbers_answer_a_question_too(world: World, teacher: Act) -> None:
    report(teacher, world, 500)
    with transaction():
        commands.send_back(world.act, revision(1), "是不是多打了一位？")
    report(teacher, world, 50, based_on=1)
    assert state(world) == "received"
    with pytest.raises(Conflict, match="not_asked"), transaction():
        commands.answer(teacher, reading_id(), "多打了一位。")


def test_what_staff_saw_is_no_longer_what_holds(world: World, teacher: Act) -> None:
    report(teacher, world, 500)
    report(teacher, world, 50, based_on=1)
    with pytest.raises(Conflict, match="reading_changed"), transaction():
        commands.accept(world.act, revision(1))
    with pytest.raises(Conflict, match="reading_changed"), transaction():
        commands.send_back(world.act, revision(1), "多了？")
    with pytest.raises(Conflict, match="reading_decided"), transaction():
        commands.apply_held(world.act, revision(1))
    assert db.session.scalars(select(ReadingReview)).all() == []


def test_late_offline_form_after_staff_corrected_the_month(world: World, teacher: Act) -> None:
    """Filled in against the first revision, it arrives after staff's: held with its receipt, and applied by staff."""
    report(teacher, world, 500)
    with transaction():
        submit_month(world.act, world.point_ids[0], MAY, Report(in_school_visits=400), Sent("staff", 1))
    claimed = datetime(2026, 5, 31, 9, 0, tzinfo=UTC)
    with transaction():
        sent = Sent("link", 1, claimed)
        late = submit_month(teacher, world.point_ids[0], MAY, Report(in_school_visits=450, note="补一天"), sent)
    assert (late.held_reason, bool(late.number), holds(world), state(world)) == ("stale", True, 400, "held")
    with transaction():
        applied = commands.apply_held(world.act, revision(3))
    assert (applied.revision, holds(world), state(world)) == (4, 450, "received")
    row = db.session.get_one(ReadingRevision, revision(4))
    assert (row.channel, row.submitted_by, row.based_on, row.note) == ("staff", world.act.person_id, 2, "补一天")
    assert (row.claimed_at, row.submitted_at) == (claimed, NOON)
    for again in (lambda: commands.apply_held(world.act, revision(3)), lambda: aside(world, 3)):
        with pytest.raises(Conflict, match="reading_decided"), transaction():
            again()


def aside(world: World, number: int) -> None:
    commands.set_aside(world.act, revision(number), "上次已经改好了。")


def test_what_is_set_aside_waits_no_longer_and_says_why(world: World, teacher: Act) -> None:
    report(teacher, world, 500)
    report(teacher, world, 9)
    with transaction():
        aside(world, 2)
    assert (state(world), holds(world)) == ("received", 500)
    assert waiting([world.network_id], world.point_ids) == []
    with pytest.raises(Conflict, match="reading_decided"), transaction():
        commands.apply_held(world.act, revision(2))


def test_of_two_that_wait_the_newest_is_decided_first(world: World, teacher: Act) -> None:
    for visits in (500, 9, 8):
        report(teacher, world, visits)
    with pytest.raises(Conflict, match="reading_changed"), transaction():
        commands.apply_held(world.act, revision(2))
    with transaction():
        aside(world, 3)
    with transaction():
        commands.apply_held(world.act, revision(2))
    assert holds(world) == 9


def test_what_waits_behind_something_newer_is_still_to_be_settled(world: World, teacher: Act) -> None:
    """A stale one was held, then the teacher looked again and reported: for them it is done, for staff it is not."""
    report(teacher, world, 500)
    report(teacher, world, 9)
    report(teacher, world, 8, based_on=1)
    assert (state(world), holds(world)) == ("received", 8)
    assert [(one.number, one.behind) for one in waiting([world.network_id], world.point_ids)] == [(2, True)]
    assert shown_month(world.network_id, world.point_ids[0], MAY).waits is None
    assert [(one.state, one.receipt) for one in to_look(world.network_id)] == [("held", receipt(2))]
    month = reported_between([world.network_id], MAY, MAY)[MAY]
    assert [(one.reported, one.held) for one in month if one.point.id == world.point_ids[0]] == [(True, True)]
    for seen in (None, 1, 2):
        with pytest.raises(Conflict, match="reading_changed"), transaction():
            commands.apply_held(world.act, revision(2), seen)
    with transaction():
        commands.apply_held(world.act, revision(2), 3)
    assert holds(world) == 9
    assert waiting([world.network_id], world.point_ids) == to_look(world.network_id) == []


def test_what_waits_behind_something_newer_is_set_aside(world: World, teacher: Act) -> None:
    """What was asked about the newer one stands on the phone all the same."""
    report(teacher, world, 500)
    report(teacher, world, 9)
    report(teacher, world, 8, based_on=1)
    with transaction():
        commands.send_back(world.act, revision(3), "只有八个人？")
    assert state(world) == "question"
    with transaction():
        aside(world, 2)
    assert (state(world), holds(world)) == ("question", 8)
    assert waiting([world.network_id], world.point_ids) == []


def receipt(number: int) -> str:
    return db.session.scalars(select(ReadingRevision.receipt).where(ReadingRevision.number == number)).one()


def test_what_came_to_a_locked_month_is_applied_once_an_exception_opens_it(world: World, teacher: Act) -> None:
    with transaction():
        lock_through(world.act, MAY)
    assert report(teacher, world, 500).held_reason == "locked"
    with pytest.raises(Conflict, match="still_closed"), transaction():
        commands.apply_held(world.act, revision(1))
    with transaction():
        grant_exception(world.act, MAY, world.point_ids[0], "补报", world.act.today())
    with transaction():
        commands.apply_held(world.act, revision(1))
    assert holds(world) == 500


@pytest.mark.parametrize(
    ("words", "code"), [(" ", "required"), ("长" * 201, "note_too_long"), ("13800138000", "note_personal")]
)
def test_words_that_cannot_be_kept(world: World, teacher: Act, words: str, code: str) -> None:
    report(teacher, world, 500)
    for said in (commands.send_back, commands.set_aside):
        with pytest.raises(Invalid) as refused, transaction():
            said(world.act, revision(1), words)
        assert refused.value.data["fields"] == {"words": code}


def test_a_reading_of_another_network_is_not_found(app: Flask, world: World, teacher: Act) -> None:
    report(teacher, world, 500)
    other = build_world(app, "bieguan").act
    mine = revision(1)
    for said in (
        lambda: commands.accept(other, mine),
        lambda: commands.send_back(other, mine, "多了？"),
        lambda: commands.apply_held(other, mine),
        lambda: commands.answer(other, reading_id(), "没有"),
    ):
        with pytest.raises(NotFound), transaction():
            said()


def test_said_twice_with_one_id_it_is_said_once(world: World, teacher: Act) -> None:
    report(teacher, world, 500)
    report(teacher, world, 9)
    held = revision(2)
    outcomes = [
        perform(world.act, "one-tap-01", "apply", {"revision": held}, lambda: {"receipt": apply(world, held)})
        for _tap in range(2)
    ]
    assert outcomes[0] == outcomes[1]
    assert len(db.session.scalars(select(ReadingRevision)).all()) == 3


def apply(world: World, held: int) -> str:
    return commands.apply_held(world.act, held).number
