"""Where the network asks, a new phone is asked for six digits; and one phone is ended alone."""

import re
from html import escape

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from branchnet.access import pins
from branchnet.access.commands import add_person, answers_for, make_link, revoke_link
from branchnet.access.queries import devices_of, one_teacher
from branchnet.errors import NotFound
from branchnet.extensions import db, transaction
from branchnet.models import AuditRecord, Operation, Person, TeacherLink
from tests.pages.desk import Desk, clerk_of, words
from tests.support.limits import limited
from tests.support.pages import form_with
from tests.support.world import World, build_world


@pytest.fixture
def world(app: Flask) -> World:
    return build_world(app)


@pytest.fixture
def clerk(app: Flask, world: World) -> Desk:
    made = clerk_of(app, world)
    assert made.post("/work/teachers/pins", asked="1").status_code == 303
    return made


def new_pin(clerk: Desk, world: World, operation: str = "pressed-for-a-pin") -> str:
    page = f"/work/teachers/{world.teacher_id}"
    assert clerk.post(f"{page}/pin", op_id=operation).status_code == 303
    shown = re.search(r"PIN 是 (\d{6})。", clerk.text(page))
    assert shown is not None
    assert shown[1] not in clerk.text(page)
    return shown[1]


def tried(app: Flask, world: World, pin: str) -> int:
    """Type a PIN on a phone that nobody knows."""
    phone = app.test_client()
    form = form_with(phone.get(f"/t/{world.token}"), "pin")
    return phone.post(f"/t/{world.token}", data={**form, "pin": pin}).status_code


def test_a_new_phone_is_asked_and_a_known_one_is_not(app: Flask, world: World) -> None:
    known = app.test_client()
    assert known.get(f"/t/{world.token}").status_code == 303
    clerk = clerk_of(app, world)
    clerk.post("/work/teachers/pins", asked="1")
    assert "有 1 位老师没有能用的 PIN" in clerk.text("/work/teachers")
    told = app.test_client().get(f"/t/{world.token}")
    assert told.status_code == 409
    assert "馆里还没有给您六位数字" in told.text
    assert "<span>试验少年儿童图书馆</span>" in told.text

    pin = new_pin(clerk, world)
    phone = app.test_client()
    page = phone.get(f"/t/{world.token}")
    assert page.status_code == 200
    assert world.token not in page.text
    wrong = phone.post(f"/t/{world.token}", data={**form_with(page, "pin"), "pin": "12345"})
    assert wrong.status_code == 422
    assert 'id="f-pin-error"' in wrong.text
    full_width = "".join(chr(ord(digit) + 0xFEE0) for digit in pin)
    assert phone.post(f"/t/{world.token}", data={**form_with(page, "pin"), "pin": full_width}).status_code == 303
    assert phone.get(f"/my/{world.point_codes[0]}").status_code == 200
    assert known.get(f"/t/{world.token}").status_code == 303
    clerk.post("/work/teachers/pins", asked="0")
    assert app.test_client().get(f"/t/{world.token}").status_code == 303


def test_ten_wrong_ones_lock_it_until_a_new_pin(app: Flask, world: World, clerk: Desk) -> None:
    pin = new_pin(clerk, world)
    assert [tried(app, world, "no") for _time in range(9)] == [422] * 9
    assert tried(app, world, pin) == 303
    assert [tried(app, world, "no") for _time in range(10)] == [422] * 9 + [409]
    locked = app.test_client().get(f"/t/{world.token}")
    assert "输错的次数太多" in locked.text
    assert "PIN 锁住了" in clerk.text("/work/teachers")
    with app.app_context():
        link = db.session.scalars(select(TeacherLink)).one()
        assert pins.pin_problem(link, pin) == "spent"
    fresh = new_pin(clerk, world, "pressed-for-another")
    assert tried(app, world, fresh) == 303


def test_sent_twice_it_is_one_pin_and_no_table_holds_it(app: Flask, world: World, clerk: Desk) -> None:
    assert new_pin(clerk, world) == (pin := new_pin(clerk, world))
    with app.app_context():
        link = db.session.scalars(select(TeacherLink)).one()
        assert str(link.pin_hash).startswith("$argon2id$")
        kept = [*db.session.scalars(select(Operation.outcome)), *db.session.scalars(select(AuditRecord.detail))]
        assert pin not in str(kept)
        with transaction():
            pins.make_pin(world.act, world.teacher_id, "another-operation")
        assert pins.pin_made(world.act, world.teacher_id, "pressed-for-a-pin") is None
        with pytest.raises(NotFound), transaction():
            pins.make_pin(world.act, world.act.person_id or 0, "nobody-has-a-link")


def slips(answer: TestResponse) -> dict[str, str]:
    """By teacher the PIN on a sheet."""
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    found = re.findall(r'class="label-to">([^<]*)<.*?label-pin">(\d{6})<', answer.text, re.DOTALL)
    return dict(found)


def more(app: Flask, world: World, teachers: int) -> None:
    with app.app_context(), transaction():
        for number in range(teachers):
            person = add_person(world.act, f"<i>黄{number:03d}</i>")
            answers_for(world.act, person, world.point_ids[1], world.begun_on)
            make_link(world.act, person)


def test_all_who_have_none_get_theirs_at_once_on_a_sheet_shown_once(app: Flask, world: World, clerk: Desk) -> None:
    """Who has been told theirs keeps it; sent twice it is the same sheet; no table holds a PIN."""
    more(app, world, 2)
    kept = new_pin(clerk, world)
    made = clerk.post("/work/teachers/pins/sheet", op_id="pressed-for-all")
    shown = slips(made)
    assert sorted(shown) == ["&lt;i&gt;黄000&lt;/i&gt;", "&lt;i&gt;黄001&lt;/i&gt;"]
    assert "/t/" not in made.text
    assert slips(clerk.post("/work/teachers/pins/sheet", op_id="pressed-for-all")) == shown
    assert tried(app, world, kept) == 303
    with app.app_context():
        links = select(Person.display_name, TeacherLink).join(TeacherLink, TeacherLink.person_id == Person.id)
        for name, link in db.session.execute(links.where(Person.id != world.teacher_id)):
            assert str(link.pin_hash).startswith("$argon2id$")
            assert pins.pin_problem(link, shown[escape(name)]) is None
        stored = [*db.session.scalars(select(Operation.outcome)), *db.session.scalars(select(AuditRecord.detail))]
        assert not [pin for pin in shown.values() if pin in str(stored)]
        assert len(db.session.scalars(select(AuditRecord).where(AuditRecord.action == "pin.made")).all()) == 3
    assert "没有能用的 PIN" not in clerk.text("/work/teachers")
    none = clerk.post("/work/teachers/pins/sheet", op_id="pressed-once-more")
    assert "没有要生成的" in clerk.text(none.location)


def test_made_anew_the_old_ones_hold_no_more(app: Flask, world: World, clerk: Desk) -> None:
    """A slip that was lost opens nothing; a PIN that was changed since is on no sheet."""
    more(app, world, 1)
    old = new_pin(clerk, world)
    shown = slips(clerk.post("/work/teachers/pins/sheet", op_id="pressed-for-new", anew="1", page="1"))
    assert len(shown) == 2
    assert [tried(app, world, pin) for pin in (old, shown["陈老师"])] == [422, 303]
    new_pin(clerk, world, "and-one-alone")
    again = clerk.post("/work/teachers/pins/sheet", op_id="pressed-for-new", anew="1", page="1")
    assert "陈老师" not in slips(again)
    assert "有 1 位老师的 PIN 后来又换过" in again.text


def test_who_is_locked_out_or_has_no_link_and_so_many_at_a_time(
    app: Flask, world: World, clerk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    more(app, world, 4)
    new_pin(clerk, world)
    with app.app_context(), transaction():
        for link in db.session.scalars(select(TeacherLink).order_by(TeacherLink.id)):
            link.pin_failures = pins.TRIES
        revoke_link(world.act, link.person_id)
    monkeypatch.setattr(pins, "AT_ONCE", 3)
    assert "换新：第 4 位起" in clerk.text("/work/teachers")
    first = clerk.post("/work/teachers/pins/sheet", op_id="pressed-one")
    assert "还有 1 位老师没有能用的 PIN" in first.text
    second = clerk.post("/work/teachers/pins/sheet", op_id="pressed-two")
    assert [len(slips(first)), len(slips(second))] == [3, 1]
    assert "陈老师" in slips(first)
    anew = [slips(clerk.post("/work/teachers/pins/sheet", anew="1", page=page)) for page in ("1", "2")]
    assert [len(one) for one in anew] == [3, 1]


def test_no_pin_is_made_for_another_network(app: Flask, world: World, clerk: Desk) -> None:
    build_world(app, "other")
    assert list(slips(clerk.post("/work/teachers/pins/sheet"))) == ["陈老师"]
    with app.app_context():
        assert db.session.scalars(select(TeacherLink.network_id).where(TeacherLink.pin_hash.is_not(None))).all() == [
            world.network_id
        ]


def test_it_can_be_tried_so_often_only(database_url: str) -> None:
    with limited(database_url) as phone:
        sent = {"csrf_token": form_with(phone.get("/my-link"), "csrf_token")["csrf_token"], "pin": "1"}
        assert [phone.post("/t/unknown", data=sent).status_code for _time in range(11)] == [404] * 10 + [429]


def test_one_phone_is_ended_alone(app: Flask, world: World) -> None:
    clerk = clerk_of(app, world)
    lost, kept = app.test_client(), app.test_client()
    for phone, name in ((lost, "Android 12 MicroMessenger/8.0"), (kept, "iPhone Safari/1")):
        phone.get(f"/t/{world.token}", headers={"User-Agent": name})
    page = f"/work/teachers/{world.teacher_id}"
    with app.app_context():
        device = next(one for one in devices_of(world.network_id, world.teacher_id) if "WeChat" in one.label)
    assert clerk.post(f"{page}/devices/{device.id}/end").status_code == 303
    assert clerk.post(f"{page}/devices/{device.id + 9}/end").status_code == 404
    here = f"/my/{world.point_codes[0]}"
    assert (lost.get(here).status_code, kept.get(here).status_code) == (404, 200)
    assert "打不开了" in words(clerk.get(page))
    with app.app_context():
        assert one_teacher(world.network_id, world.teacher_id, world.act.today()).devices == 1
