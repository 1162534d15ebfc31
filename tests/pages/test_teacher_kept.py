"""What a phone has kept comes in: once, weeks later, from a link that ended; and from nobody else's script."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from branchnet import clock
from branchnet.access.commands import add_person, answers_for, make_link, renew_link, revoke_link
from branchnet.access.guards import KEPT_HEADER
from branchnet.calendar.commands import lock_through
from branchnet.calendar.rules import month_of
from branchnet.extensions import db, transaction
from branchnet.models import AnswersFor, ReadingRevision, Tally
from branchnet.readings.commands import send_back
from tests.support.pages import form_with
from tests.support.world import World

NUMBERS = {"in_school_visits": "1474", "in_school_loans": "268", "community_visits": "0", "community_loans": ""}
OURS = {KEPT_HEADER: "1", "Accept": "application/json"}


@pytest.fixture
def phone(client: FlaskClient, world: World) -> FlaskClient:
    """A phone on which the teacher has opened the link."""
    assert client.get(f"/t/{world.token}").status_code == 303
    return client


@pytest.fixture
def form(world: World) -> str:
    """Where the first point reports its first month."""
    return f"/my/{world.point_codes[0]}/report/{month_of(world.begun_on)}"


def _send(phone: FlaskClient, form: str, headers: dict[str, str] = OURS, **more: Any) -> TestResponse:
    kept = {**NUMBERS, "op_id": "kept-on-this-phone", "based_on": "", "confirmed": "1"}
    return phone.post(f"{form}/send", json={**kept, **more}, headers=headers)


def _revisions(app: Flask) -> list[ReadingRevision]:
    with app.app_context():
        return list(db.session.scalars(select(ReadingRevision).order_by(ReadingRevision.id)))


def test_it_is_received_once_with_the_phones_own_time_beside_its_arrival(
    app: Flask, phone: FlaskClient, form: str
) -> None:
    typed_at = datetime.now(UTC).replace(microsecond=0) - timedelta(days=59)
    first, second = (_send(phone, form, claimed_at=typed_at.isoformat()) for _time in range(2))
    assert (first.status_code, first.json) == (200, second.json)
    (row,) = _revisions(app)
    assert first.json == {
        "receipt": row.receipt,
        "revision": 1,
        "held": None,
        "href": f"{form.partition('/report')[0]}/receipt/{row.receipt}",
    }
    assert (row.claimed_at, row.outcome, row.community_loans) == (typed_at, "applied", None)
    assert row.submitted_at > typed_at + timedelta(days=58)


@pytest.mark.parametrize("told", ["", "yesterday", "2026-03-01T10:00:00", "1990-01-01T00:00:00Z", 7, None])
def test_a_clock_that_cannot_be_right_says_nothing(app: Flask, phone: FlaskClient, form: str, told: Any) -> None:
    assert _send(phone, form, claimed_at=told).status_code == 200
    assert [row.claimed_at for row in _revisions(app)] == [None]


@pytest.mark.parametrize("engine_name", ["sqlite", "postgresql"])
def test_half_a_character_is_left_out_and_the_rest_is_kept(app: Flask, phone: FlaskClient, form: str) -> None:
    assert _send(phone, form, note="校庆\0来的人多\ud83d").status_code == 200
    assert [(row.note, row.in_school_visits) for row in _revisions(app)] == [("校庆来的人多", 1474)]


def test_a_form_that_was_posted_and_the_same_one_kept_are_one(app: Flask, phone: FlaskClient, form: str) -> None:
    typed = {**form_with(phone.get(form), "in_school_visits"), **NUMBERS}
    posted = phone.post(form, data=typed, headers={"Accept": "application/json"})
    plain = phone.post(form, data=typed)
    kept = _send(phone, form, **{name: value for name, value in typed.items() if name != "csrf_token"})
    assert kept.json == posted.json
    assert posted.json is not None
    assert plain.headers["Location"] == posted.json["href"]
    assert len(_revisions(app)) == 1


def test_the_same_id_with_other_numbers_says_so(phone: FlaskClient, form: str) -> None:
    _send(phone, form)
    answer = _send(phone, form, in_school_visits="1475")
    assert answer.status_code == 409
    assert answer.json is not None
    assert answer.json["code"] == "same_id_other_body"
    assert "第一次的已经记下" in answer.json["words"][0]


def test_what_cannot_be_is_told_in_words_and_may_be_sent_again(app: Flask, phone: FlaskClient, form: str) -> None:
    answer = _send(phone, form, days_open="40")
    assert answer.status_code == 422
    assert answer.json == {"code": "invalid", "words": ["开放天数不能超过这个月的天数。"]}
    assert _revisions(app) == []
    assert _send(phone, form, days_open="20").status_code == 200


@pytest.mark.parametrize("month", ["2026-13", "9999-01", "x"])
def test_a_month_that_cannot_be_is_told(phone: FlaskClient, form: str, month: str) -> None:
    answer = _send(phone, f"{form.rpartition('/')[0]}/{month}")
    assert (answer.status_code, answer.is_json) == (422, True)


def test_a_month_that_the_point_no_longer_has_waits_for_staff(app: Flask, phone: FlaskClient, form: str) -> None:
    answer = _send(phone, f"{form.rpartition('/')[0]}/2019-01")
    assert answer.json is not None
    assert answer.json["held"] == "stale"
    assert [row.held_reason for row in _revisions(app)] == ["stale"]


def test_late_offline_form_after_staff_corrected_the_month(app: Flask, phone: FlaskClient, form: str) -> None:
    _send(phone, form, op_id="the-first-one")
    stale = _send(phone, form, op_id="typed-before-it", in_school_visits="9")
    assert stale.json is not None
    assert (stale.status_code, stale.json["held"]) == (200, "stale")
    assert phone.get(stale.json["href"]).status_code == 200
    assert [row.outcome for row in _revisions(app)] == ["applied", "held"]


def test_a_locked_month_is_held_with_a_receipt(app: Flask, phone: FlaskClient, world: World, form: str) -> None:
    with app.app_context(), transaction():
        lock_through(world.act, month_of(world.begun_on))
    answer = _send(phone, form)
    assert answer.json is not None
    assert (answer.status_code, answer.json["held"]) == (200, "locked")


@pytest.mark.parametrize("end", [revoke_link, renew_link])
def test_a_phone_whose_link_ended_hands_in_and_sees_nothing(
    app: Flask, phone: FlaskClient, world: World, form: str, end: Any
) -> None:
    with app.app_context(), transaction():
        end(world.act, world.teacher_id)
    answer = _send(phone, form)
    (row,) = _revisions(app)
    assert answer.json == {"receipt": row.receipt, "revision": 1, "held": "revoked_link", "href": None}
    assert (row.outcome, row.submitted_by) == ("held", world.teacher_id)
    assert _send(phone, form).json == answer.json
    for page in (form, form.partition("/report")[0], f"{form.partition('/report')[0]}/receipt/{row.receipt}"):
        assert phone.get(page).status_code == 404
    other = f"/my/{world.point_codes[1]}/report/{month_of(world.begun_on)}"
    assert _send(phone, other, op_id="not-my-point").status_code == 404
    assert len(_revisions(app)) == 1


def test_a_point_handed_over_is_held_and_one_never_held_is_not_found(
    app: Flask, phone: FlaskClient, world: World, form: str
) -> None:
    with app.app_context(), transaction():
        db.session.query(AnswersFor).update({"ended_on": world.act.today()})
    answer = _send(phone, form)
    assert answer.json is not None
    assert (answer.json["held"], answer.json["href"]) == ("revoked_link", None)
    other = f"/my/{world.point_codes[1]}/report/{month_of(world.begun_on)}"
    assert _send(phone, other, op_id="never-my-point").status_code == 404


def test_what_was_typed_on_a_colleagues_link_is_not_sent_in_another_name(
    app: Flask, phone: FlaskClient, world: World, form: str
) -> None:
    with app.app_context(), transaction():
        colleague = add_person(world.act, "黄老师")
        answers_for(world.act, colleague, world.point_ids[0], world.begun_on)
        token = make_link(world.act, colleague)
    mine = phone.get(form).headers["BranchNet-Link"]
    phone.get(f"/t/{token}")
    answer = _send(phone, form, link=mine)
    assert answer.status_code == 409
    assert answer.json is not None
    assert "另一位老师" in answer.json["words"][0]
    assert _revisions(app) == []
    phone.get(f"/t/{world.token}")
    assert _send(phone, form, link=mine).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Accept": "application/json"},
        {**OURS, "Origin": "https://elsewhere.example"},
        {**OURS, "Origin": "null"},
    ],
)
def test_another_sites_script_sends_nothing(app: Flask, phone: FlaskClient, form: str, headers: dict[str, str]) -> None:
    answer = _send(phone, form, headers)
    assert answer.status_code == 403
    assert _revisions(app) == []
    assert "Access-Control-Allow-Origin" not in phone.options(f"{form}/send").headers


def test_our_own_origin_may_and_the_forms_token_stays(app: Flask, phone: FlaskClient, form: str) -> None:
    typed = {**form_with(phone.get(form), "in_school_visits"), **NUMBERS}
    without = {name: value for name, value in typed.items() if name != "csrf_token"}
    assert phone.post(form, data=without, headers=OURS).status_code == 400
    assert _revisions(app) == []
    assert _send(phone, form, {**OURS, "Origin": "http://localhost"}).status_code == 200


def test_a_form_is_taken_over_https(phone: FlaskClient, world: World, form: str) -> None:
    """Our pages send no referrer, so none may be asked for."""
    phone.get(f"/t/{world.token}", base_url="https://localhost")
    page = phone.get(form, base_url="https://localhost")
    typed = {**form_with(page, "in_school_visits"), **NUMBERS}
    assert phone.post(form, data=typed, base_url="https://localhost").status_code == 303


@pytest.mark.parametrize("body", ["[]", "{", "7", ""])
def test_what_is_no_submission_is_refused_in_words(phone: FlaskClient, form: str, body: str) -> None:
    answer = phone.post(f"{form}/send", data=body, headers=OURS, content_type="application/json")
    assert (answer.status_code, answer.is_json) == (422, True)


def test_a_phone_nobody_knows_is_told_so_in_json(client: FlaskClient, form: str) -> None:
    answer = _send(client, form)
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


def test_every_page_says_whose_it_is_until_the_link_ends(app: Flask, phone: FlaskClient, world: World) -> None:
    address = f"/my/{world.point_codes[0]}"
    assert phone.get(address).headers["BranchNet-Link"].isdecimal()
    with app.app_context(), transaction():
        revoke_link(world.act, world.teacher_id)
    assert phone.get(address).headers["BranchNet-Link"] == "ended"


def test_the_worker_changes_with_its_scripts(client: FlaskClient) -> None:
    answer = client.get("/sw.js")
    assert (answer.status_code, answer.mimetype) == (200, "text/javascript")
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.text.count("?v=") == 2


def test_sixty_days_later_is_the_same_operation(phone: FlaskClient, form: str) -> None:
    first = _send(phone, form)
    with clock.at(datetime.now(UTC) + timedelta(days=60)):
        assert _send(phone, form).json == first.json


def test_the_same_numbers_do_not_pass_for_an_answer(app: Flask, phone: FlaskClient, form: str, world: World) -> None:
    """A question stays open until somebody says something to it; other numbers say something."""
    _send(phone, form)
    with app.app_context(), transaction():
        (row,) = _revisions(app)
        send_back(world.act, row.id, "一千多人次，是不是多写了一位？")
    again = _send(phone, form, op_id="the-same-again", based_on="1")
    assert again.status_code == 422
    assert again.json is not None
    assert again.json["words"]
    assert len(_revisions(app)) == 1
    assert _send(phone, form, op_id="put-right", based_on="1", in_school_visits="147").status_code == 200
    assert [row.in_school_visits for row in _revisions(app)] == [1474, 147]


# --- lessons -------------------------------------------------------------------------------------


def _send_lesson(phone: FlaskClient, world: World, **sent: Any) -> TestResponse:
    kept = {"op_id": "a-lesson-kept", "visits": "40", **sent}
    return phone.post(f"/my/{world.point_codes[0]}/lesson/send", json=kept, headers=OURS)


def _lessons(app: Flask) -> list[Tally]:
    with app.app_context():
        return list(db.session.scalars(select(Tally).order_by(Tally.id)))


def test_a_lesson_is_of_the_day_on_which_it_was_typed(app: Flask, phone: FlaskClient, world: World) -> None:
    """Sent twice it is one; a clock that is ahead or cannot be right means today."""
    typed = datetime.now(UTC) - timedelta(days=9)
    first, second = (_send_lesson(phone, world, claimed_at=typed.isoformat()) for _time in range(2))
    assert (first.status_code, first.json) == (200, second.json)
    assert first.json is not None
    assert first.json["href"] == f"/my/{world.point_codes[0]}/lesson"
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    for op_id, claimed in (("ahead-of-time", tomorrow), ("no-time-told", None)):
        assert _send_lesson(phone, world, op_id=op_id, loans="3", claimed_at=claimed).status_code == 200
    with app.app_context():
        days = [world.act.day_of(typed), world.act.today(), world.act.today()]
    assert [(one.happened_on, one.in_school_visits) for one in _lessons(app)] == [(day, 40) for day in days]


def test_a_lesson_that_was_posted_and_the_same_one_kept_are_one(app: Flask, phone: FlaskClient, world: World) -> None:
    form = f"/my/{world.point_codes[0]}/lesson"
    typed = {**form_with(phone.get(form), "visits"), "visits": "40"}
    posted = phone.post(form, data=typed, headers={"Accept": "application/json"})
    assert posted.json == _send_lesson(phone, world, op_id=typed["op_id"]).json
    assert [one.in_school_visits for one in _lessons(app)] == [40]


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"visits": "四十"}, "请填整数，没有统计就留空。"),
        ({"visits": "40册"}, "请填整数，没有统计就留空。"),
        ({"visits": "9999999"}, "这个数太大了"),
        ({"visits": ""}, "两个数都空着"),
        ({"op_id": "short"}, "这个页面不完整"),
    ],
)
def test_a_lesson_that_cannot_be_is_told_in_words(
    app: Flask, phone: FlaskClient, world: World, sent: dict[str, str], words: str
) -> None:
    answer = _send_lesson(phone, world, **sent)
    assert answer.status_code == 422
    assert answer.json is not None
    assert words in " ".join(answer.json["words"])
    assert _lessons(app) == []


def test_no_lesson_from_a_link_that_ended(app: Flask, phone: FlaskClient, world: World) -> None:
    with app.app_context(), transaction():
        revoke_link(world.act, world.teacher_id)
    answer = _send_lesson(phone, world)
    assert answer.status_code == 404
    assert answer.json is not None
    assert answer.json["words"][0] == "这个链接已经停用。"
    assert _lessons(app) == []
