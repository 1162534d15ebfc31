"""The form that asks before it takes what may be a slip; staff's question and its answer; lessons that fill it."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from branchnet.access.commands import answers_for
from branchnet.calendar.commands import grant_exception, lock_through
from branchnet.calendar.rules import month_of, next_month, previous_month
from branchnet.extensions import db, transaction
from branchnet.models import PointKind, ReadingReview, ReadingRevision, ServicePoint, Tally
from branchnet.readings.commands import apply_held, send_back, set_aside
from tests.support.pages import form_with, send, words
from tests.support.world import World

NUMBERS = {"in_school_visits": "900", "in_school_loans": "268", "community_visits": "0", "days_open": "18"}
FIELD = "in_school_visits"


@pytest.fixture
def phone(client: FlaskClient, world: World) -> FlaskClient:
    """A phone on which the teacher has opened the link."""
    client.get(f"/t/{world.token}")
    return client


@pytest.fixture
def point(world: World) -> str:
    return f"/my/{world.point_codes[0]}"


@pytest.fixture
def form(world: World, point: str) -> str:
    """Where the first point reports its first month."""
    return f"{point}/report/{month_of(world.begun_on)}"


@pytest.fixture
def today(app: Flask, world: World) -> date:
    with app.app_context():
        return world.act.today()


def revisions(app: Flask) -> list[ReadingRevision]:
    with app.app_context():
        return list(db.session.scalars(select(ReadingRevision).order_by(ReadingRevision.id)))


def ask(app: Flask, world: World, words_: str = "是不是多打了一位？") -> None:
    with app.app_context(), transaction():
        send_back(world.act, revisions(app)[-1].id, words_)


def receipt(phone: FlaskClient, answer: TestResponse) -> str:
    assert answer.status_code == 303, words(answer)
    return words(phone.get(answer.headers["Location"]))


# --- what is folded away -------------------------------------------------------------------------


def test_how_it_was_counted_by_how_many_and_a_note_are_folded_away(app: Flask, phone: FlaskClient, form: str) -> None:
    parts = [part.split("</details>")[0] for part in phone.get(form).text.split("<details")[1:]]
    folded = next(part for part in parts if 'name="method"' in part)
    assert all(f'name="{name}"' in folded for name in ("method", "borrowers", "note"))
    told = receipt(phone, send(phone, form, FIELD, **NUMBERS, method="sampled", borrowers="120", note="停电三天"))
    (row,) = revisions(app)
    assert (row.method, row.borrowers, row.note) == ("sampled", 120, "停电三天")
    assert "借书的人" in told
    again = phone.get(form)
    assert '<option value="sampled" selected>' in again.text
    assert form_with(again, FIELD)["borrowers"] == "120"


def test_a_method_that_is_none_of_the_three_keeps_nothing(app: Flask, phone: FlaskClient, form: str) -> None:
    answer = send(phone, form, FIELD, **NUMBERS, method="guessed")
    assert (answer.status_code, 'id="f-method-error"' in answer.text) == (422, True)
    assert revisions(app) == []


def test_each_number_brings_the_keypad_of_digits(phone: FlaskClient, form: str) -> None:
    assert phone.get(form).text.count('inputmode="numeric"') == 6


# --- what may be a slip --------------------------------------------------------------------------


def test_no_number_at_all_is_asked_about(app: Flask, phone: FlaskClient, form: str) -> None:
    asked = send(phone, form, FIELD, note="老师都去开会了")
    assert asked.status_code == 422
    assert "一个数都没有填。真的没有数吗？" in words(asked)
    assert "老师都去开会了</textarea>" in asked.text
    assert revisions(app) == []
    assert form_with(asked, "not_open=1")["not_open"] == "1"
    confirmed = phone.post(form, data=form_with(asked, FIELD) | {"note": "老师都去开会了"})
    assert "一个数都没有填。" in receipt(phone, confirmed)
    (row,) = revisions(app)
    assert (row.in_school_visits, row.not_open, row.warnings) == (None, False, ["no_numbers"])


def test_what_may_be_a_slip_is_asked_about_once_above_and_beside(app: Flask, phone: FlaskClient, form: str) -> None:
    asked = send(phone, form, FIELD, **{**NUMBERS, "in_school_loans": "5000", "days_open": "0"})
    assert asked.status_code == 422
    text = words(asked)
    assert "校内借出去：比来看书的人次多了好几倍。" in text
    for name in ("in_school_loans", "days_open"):
        assert f'aria-describedby="f-{name}-help"' in asked.text
    assert "就是这样，报上去" in text
    assert "aria-invalid" not in asked.text
    assert revisions(app) == []
    told = receipt(phone, phone.post(form, data=form_with(asked, FIELD)))
    assert "校内借出去：比来看书的人次多了好几倍。" in told
    assert revisions(app)[0].warnings == ["more_than_visits:in_school_loans:visits=900", "none_but_used:days_open"]


def test_numbers_on_the_side_that_is_never_filled_in_are_asked_about(
    app: Flask, phone: FlaskClient, form: str, point: str
) -> None:
    own = {"community_visits": "30", "community_loans": "9"}
    assert send(phone, form, FIELD, **own).status_code == 303
    month = next_month(form[-7:])
    later = f"{point}/report/{month}"
    asked = send(phone, later, FIELD, in_school_visits="30", in_school_loans="10")
    assert (asked.status_code, len(revisions(app))) == (422, 1)
    assert "这里平常只报校外的数，这次填的是校内。" in words(asked)
    told = receipt(phone, phone.post(later, data=form_with(asked, FIELD)))
    assert "这里平常只报校外的数，这次填的是校内。" in told
    assert revisions(app)[-1].warnings == ["school_instead"]


def test_what_was_mended_is_taken_without_a_word(app: Flask, phone: FlaskClient, form: str) -> None:
    asked = send(phone, form, FIELD, **{**NUMBERS, "in_school_loans": "5000"})
    mended = {**form_with(asked, FIELD), "in_school_loans": "500"}
    assert "比来看书" not in receipt(phone, phone.post(form, data=mended))
    assert [(row.in_school_loans, row.warnings) for row in revisions(app)] == [(500, None)]


def test_confirmed_twice_it_is_kept_once(app: Flask, phone: FlaskClient, form: str) -> None:
    fields = form_with(send(phone, form, FIELD, **{**NUMBERS, "days_open": "0"}), FIELD)
    assert len({phone.post(form, data=fields).headers["Location"] for _tap in range(2)}) == 1
    assert len(revisions(app)) == 1


# --- a question and its answer -------------------------------------------------------------------


def test_a_question_shows_wherever_the_month_does(
    app: Flask, phone: FlaskClient, world: World, form: str, point: str
) -> None:
    send(phone, form, FIELD, **NUMBERS)
    ask(app, world)
    assert "馆里有个问题" in phone.get(point).text
    assert "馆里问：是不是多打了一位？" in words(phone.get(form))
    with app.app_context(), transaction():
        answers_for(world.act, world.teacher_id, world.point_ids[1], world.begun_on)
    assert f'href="{form}"' in phone.get("/my").text


def test_a_question_is_answered_in_words(app: Flask, phone: FlaskClient, world: World, form: str, point: str) -> None:
    first = send(phone, form, FIELD, **NUMBERS)
    ask(app, world)
    answered = send(phone, form, FIELD, answer="办了读书节，人多。")
    assert answered.headers["Location"] == first.headers["Location"]
    assert "您的回答馆里收到了：办了读书节，人多。" in receipt(phone, answered)
    assert len(revisions(app)) == 1
    with app.app_context():
        said = db.session.scalars(select(ReadingReview).order_by(ReadingReview.id.desc())).first()
    assert said is not None
    assert (said.kind, said.words, said.said_by) == ("answered", "办了读书节，人多。", world.teacher_id)
    assert "馆里有个问题" not in phone.get(point).text


def test_the_receipt_expects_no_question_once_one_was_asked(
    app: Flask, phone: FlaskClient, world: World, form: str
) -> None:
    """Before: that it may come. While it is open: the question. Answered: the answer alone."""
    asked = send(phone, form, FIELD, **{**NUMBERS, "in_school_loans": "5000"})
    address = phone.post(form, data=form_with(asked, FIELD)).headers["Location"]
    assert "馆里可能会问起" in words(phone.get(address))
    ask(app, world)
    told = words(phone.get(address))
    assert ("馆里问：是不是多打了一位？" in told, "可能会问起" in told) == (True, False)
    send(phone, form, FIELD, answer="办了读书节，人多。")
    told = words(phone.get(address))
    assert ("您的回答馆里收到了" in told, "可能会问起" in told, "馆里问：" in told) == (True, False, False)


def test_a_question_is_answered_by_other_numbers_and_words(
    app: Flask, phone: FlaskClient, world: World, form: str
) -> None:
    send(phone, form, FIELD, **NUMBERS)
    ask(app, world)
    typed = {**form_with(phone.get(form), FIELD), "in_school_visits": "600", "answer": "多打了一位。"}
    locations = {phone.post(form, data=typed).headers["Location"] for _tap in range(2)}
    assert len(locations) == 1
    assert [row.in_school_visits for row in revisions(app)] == [900, 600]
    with app.app_context():
        assert db.session.scalars(select(ReadingReview.kind).order_by(ReadingReview.id)).all() == [
            "sent_back",
            "answered",
        ]


def test_an_answer_that_says_nothing_is_asked_for(app: Flask, phone: FlaskClient, world: World, form: str) -> None:
    send(phone, form, FIELD, **NUMBERS)
    ask(app, world)
    silent = send(phone, form, FIELD)
    assert (silent.status_code, 'id="f-answer-error"' in silent.text) == (422, True)
    personal = send(phone, form, FIELD, answer="打 13800138000")
    assert (personal.status_code, 'id="f-answer-error"' in personal.text) == (422, True)
    assert len(revisions(app)) == 1


def test_that_it_was_not_open_is_asked_about_and_answered(
    app: Flask, phone: FlaskClient, world: World, form: str
) -> None:
    send(phone, form, "not_open=1")
    ask(app, world, "真的一天都没有开吗？")
    assert send(phone, form, FIELD, answer="修房子。").status_code == 303
    assert [row.not_open for row in revisions(app)] == [True]


def test_an_answer_to_what_is_no_longer_asked_loses_nothing(
    app: Flask, phone: FlaskClient, world: World, form: str
) -> None:
    send(phone, form, FIELD, **NUMBERS)
    ask(app, world)
    typed = {**form_with(phone.get(form), FIELD), "answer": "人多。", "in_school_visits": "901"}
    send(phone, form, FIELD, in_school_visits="902")
    late = phone.post(form, data=typed)
    assert (late.status_code, "馆里现在没有问" in words(late), 'value="901"' in late.text) == (409, True, True)
    assert [row.in_school_visits for row in revisions(app)] == [900, 902]


def test_the_receipt_says_what_became_of_what_was_held(app: Flask, phone: FlaskClient, world: World, form: str) -> None:
    stale = {**form_with(phone.get(form), FIELD), **NUMBERS}
    send(phone, form, FIELD, **NUMBERS)
    told = []
    for number, visits in enumerate(("800", "700"), 2):
        sent = phone.post(form, data={**stale, "op_id": f"other-phone-{number}", FIELD: visits})
        told.append(sent.headers["Location"])
    with app.app_context(), transaction():
        set_aside(world.act, revisions(app)[2].id, "以第一份为准。")
    with app.app_context(), transaction():
        apply_held(world.act, revisions(app)[1].id)
    assert "已经用上了" in words(phone.get(told[0]))
    assert "没有用这一份：以第一份为准。" in words(phone.get(told[1]))
    assert form_with(phone.get(form), FIELD)[FIELD] == "800"


def test_what_waits_is_shown_and_changed_further(app: Flask, phone: FlaskClient, world: World, form: str) -> None:
    """In a month that is closed the second correction keeps the first; with an exception it counts at once."""
    send(phone, form, FIELD, **NUMBERS)
    with app.app_context(), transaction():
        lock_through(world.act, month_of(world.begun_on))
    send(phone, form, FIELD, **{FIELD: "950"})
    again = phone.get(form)
    assert "报的，还等馆里看" in words(again)
    assert (form_with(again, FIELD)[FIELD], form_with(again, FIELD)["based_on"]) == ("950", "2")
    send(phone, form, FIELD, days_open="17")
    assert [(row.in_school_visits, row.days_open, row.held_reason) for row in revisions(app)[1:]] == [
        (950, 18, "locked"),
        (950, 17, "locked"),
    ]
    with app.app_context(), transaction():
        grant_exception(world.act, month_of(world.begun_on), world.point_ids[0], "老师补报", world.act.today())
    send(phone, form, FIELD, days_open="16")
    assert [(row.in_school_visits, row.days_open, row.outcome) for row in revisions(app)[3:]] == [(950, 16, "applied")]


def test_a_second_phone_that_waits_takes_nothing_back(app: Flask, phone: FlaskClient, form: str) -> None:
    """What it sent did not see the numbers that hold; nor does what is changed in it."""
    stale = {**form_with(phone.get(form), FIELD), **NUMBERS, FIELD: "800"}
    send(phone, form, FIELD, **NUMBERS)
    phone.post(form, data=stale)
    send(phone, form, FIELD, days_open="17")
    assert [row.held_reason for row in revisions(app)] == [None, "stale", "stale"]


# --- lessons -------------------------------------------------------------------------------------


def note(phone: FlaskClient, point: str, **typed: Any) -> TestResponse:
    """From the point's page, where the button is."""
    return phone.post(f"{point}/lesson", data={**form_with(phone.get(point), "visits"), **typed})


def test_lessons_fill_what_is_empty_in_the_months_form(today: date, phone: FlaskClient, point: str) -> None:
    for visits, loans in (("40", "12"), ("38", ""), ("", "5")):
        assert note(phone, point, visits=visits, loans=loans).status_code == 303
    month = month_of(today)
    form = f"{point}/report/{month}"
    assert "按记的课填：78 人次，17 册次（3 节课）" in words(phone.get(form))
    assert "空着的按记的课填好了" in words(phone.get(f"{form}?fill=1"))
    filled = form_with(phone.get(f"{form}?fill=1"), FIELD)
    assert (filled[FIELD], filled["in_school_loans"], filled["community_visits"]) == ("78", "17", "")
    assert phone.post(form, data=filled).status_code == 303
    assert "按记的课填" not in phone.get(form).text
    assert "按记的课填" not in phone.get(f"{point}/report/{previous_month(month)}").text


def test_a_lesson_noted_by_mistake_counts_no_more(app: Flask, today: date, phone: FlaskClient, point: str) -> None:
    note(phone, point, visits="40", loans="12")
    note(phone, point, visits="400", loans="")
    listed = phone.get(f"{point}/lesson")
    assert words(listed).index("400 人次") < words(listed).index("40 人次，12 册次")
    with app.app_context():
        wrong = db.session.scalars(select(Tally.id).where(Tally.in_school_visits == 400)).one()
    back = {"op_id": "a-mistake", "csrf_token": form_with(listed, "op_id")["csrf_token"]}
    for op_id in ("a-mistake-1", "a-mistake-1", "a-mistake-2"):
        assert phone.post(f"{point}/lesson/{wrong}/mistake", data={**back, "op_id": op_id}).status_code == 303
    assert "400 人次" not in phone.get(f"{point}/lesson").text
    with app.app_context():
        assert len(db.session.scalars(select(Tally)).all()) == 3
    assert "按记的课填：40 人次，12 册次（1 节课）" in words(phone.get(f"{point}/report/{month_of(today)}"))


def test_a_lesson_tapped_twice_is_noted_once(app: Flask, phone: FlaskClient, point: str) -> None:
    typed = {**form_with(phone.get(point), "visits"), "visits": "40"}
    for _tap in range(2):
        assert phone.post(f"{point}/lesson", data=typed).status_code == 303
    with app.app_context():
        assert db.session.scalars(select(Tally.in_school_visits)).all() == [40]


@pytest.mark.parametrize(
    ("typed", "told"),
    [({}, "两个数都空着"), ({"visits": "四十"}, "f-visits-error"), ({"loans": "99999999"}, "f-loans-error")],
)
def test_a_lesson_that_cannot_be_keeps_what_was_typed(
    app: Flask, phone: FlaskClient, point: str, typed: dict[str, str], told: str
) -> None:
    answer = note(phone, point, **typed)
    assert answer.status_code == 422
    assert told in answer.text
    assert all(f'value="{value}"' in answer.text for value in typed.values())
    with app.app_context():
        assert db.session.scalars(select(Tally)).all() == []


def test_a_lesson_of_another_point_is_not_found(app: Flask, phone: FlaskClient, world: World, point: str) -> None:
    note(phone, point, visits="40")
    with app.app_context(), transaction():
        answers_for(world.act, world.teacher_id, world.point_ids[1], world.begun_on)
        lesson = db.session.scalars(select(Tally.id)).one()
    fields = form_with(phone.get(f"{point}/lesson"), "visits")
    assert phone.post(f"/my/{world.point_codes[1]}/lesson/{lesson}/mistake", data=fields).status_code == 404


def test_in_a_village_a_visit_is_one_of_its_neighbours(app: Flask, phone: FlaskClient, point: str) -> None:
    with app.app_context(), transaction() as session:
        session.execute(update(PointKind).values(host="village"))
    assert "＋ 这一次" in phone.get(point).text
    note(phone, point, visits="9", loans="4")
    with app.app_context():
        row = db.session.scalars(select(Tally)).one()
    assert (row.in_school_visits, row.community_visits, row.community_loans) == (None, 9, 4)


# --- earlier months ------------------------------------------------------------------------------


def test_any_month_since_it_opened_can_be_chosen(
    app: Flask, today: date, phone: FlaskClient, world: World, point: str
) -> None:
    assert "更早的" not in phone.get(point).text
    opened_on = date(today.year - 3, 9, 1)
    with app.app_context(), transaction() as session:
        session.execute(update(ServicePoint).where(ServicePoint.id == world.point_ids[0]).values(opened_on=opened_on))
    first = f"{point}/report/{month_of(opened_on)}"
    assert first not in phone.get(point).text
    assert f'href="{point}?all=1"' in phone.get(point).text
    assert first in phone.get(f"{point}?all=1").text
    assert send(phone, first, FIELD, in_school_visits="30", in_school_loans="9").status_code == 303
    month = next_month(month_of(opened_on))
    assert "上月 30" in phone.get(f"{point}/report/{month}").text
