"""What teachers say of their point: taken up with the step that it asks for, or answered."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from branchnet.access.acts import Act
from branchnet.errors import Conflict, NotFound
from branchnet.extensions import transaction
from branchnet.points.proposals import commands, queries
from branchnet.points.proposals.commands import Proposed
from branchnet.points.queries import points_on
from tests.pages.desk import clerk_of, days_ago, words
from tests.support.pages import form_with, send
from tests.support.world import World, build_world


@pytest.fixture
def world(app: Flask) -> World:
    return build_world(app)


@pytest.fixture
def phone(app: Flask, world: World) -> FlaskClient:
    made = app.test_client()
    made.get(f"/t/{world.token}")
    return made


def told(phone: FlaskClient, world: World, kind: str, said: str, **dates: str) -> None:
    answer = send(phone, f"/my/{world.point_codes[0]}/change", "kind", kind=kind, words=said, **dates)
    assert answer.status_code == 303, words(answer)


def only_one(app: Flask, world: World) -> queries.Proposal:
    with app.app_context():
        (found,) = queries.open_ones([world.network_id])
        return found


def test_taken_up_it_fills_in_the_step_and_is_closed_by_it(app: Flask, world: World, phone: FlaskClient) -> None:
    clerk, day = clerk_of(app, world), days_ago(app, world, 3)
    told(phone, world, "renamed", "<b>平桥小学</b>", from_on=day)
    assert f"/my/{world.point_codes[0]}/change" in phone.get(f"/my/{world.point_codes[0]}").text
    one, page = only_one(app, world), f"/work/points/{world.point_codes[0]}"
    assert "老师说的变化" in clerk.text("/work/")
    form = f"{page}/change/rename?proposal={one.id}"
    assert form in clerk.get(page).text
    assert "<b>平桥" not in clerk.get(form).text
    filled = form_with(clerk.get(form), "name")
    assert (filled["name"], filled["day"], filled["proposal"]) == ("<b>平桥小学</b>", day, str(one.id))
    refused = clerk.post(f"{page}/change/rename", name="平桥小学", day="2001-01-01", proposal=str(one.id))
    assert refused.status_code == 422
    assert f'name="proposal" value="{one.id}"' in refused.text
    assert clerk.post(f"{page}/change/rename", name="平桥小学", day=day, proposal=str(one.id)).status_code == 303
    assert "老师说的变化" not in clerk.text("/work/")
    assert "馆里办好了" in phone.get(f"/my/{world.point_codes[0]}/change").text
    late = clerk.post(f"{page}/change/rename", name="平桥中心小学", day=days_ago(app, world), proposal=str(one.id))
    assert late.status_code == 409
    assert "已经有人办了" in words(late)
    with app.app_context():
        (point,) = points_on([world.network_id], world.act.today(), [world.point_ids[0]])
        assert point.name == "平桥小学"


@pytest.mark.parametrize(
    ("kind", "change", "field", "filled"),
    [("moved", "move", "lat", {}), ("paused", "pause", "reason", {"reason": "修屋顶"})],
)
def test_each_kind_leads_to_its_step(
    app: Flask, world: World, phone: FlaskClient, kind: str, change: str, field: str, filled: dict[str, str]
) -> None:
    clerk, first, until = clerk_of(app, world), days_ago(app, world, 3), days_ago(app, world, -20)
    told(phone, world, kind, "修屋顶", from_on=first, until_on=until)
    one = only_one(app, world)
    form = f"/work/points/{world.point_codes[0]}/change/{change}?proposal={one.id}"
    assert form in clerk.get("/work/").text
    typed = form_with(clerk.get(form), field)
    wanted = {"day": first, **filled, **({"until": until} if kind == "paused" else {})}
    assert {name: typed[name] for name in wanted} == wanted
    there = {"lat": "21.28", "lon": "110.36"} if kind == "moved" else {}
    assert clerk.post(form.partition("?")[0], **{**typed, **there, "op_id": "pressed-step"}).status_code == 303
    with app.app_context():
        assert queries.open_ones([world.network_id]) == []


def test_somebody_else_in_charge_leads_to_a_new_teacher(app: Flask, world: World, phone: FlaskClient) -> None:
    clerk = clerk_of(app, world)
    told(phone, world, "contact", "换成王老师")
    one = only_one(app, world)
    address = f"/work/teachers?point={world.point_codes[0]}&proposal={one.id}"
    page = clerk.get(address)
    assert f'value="{world.point_codes[0]}" selected' in page.text
    sent = {**form_with(page, "display_name"), "display_name": "王老师", "point": world.point_codes[0]}
    assert clerk.post("/work/teachers", **sent).status_code == 303
    with app.app_context():
        assert queries.open_ones([world.network_id]) == []


def test_declined_with_a_word(app: Flask, world: World, phone: FlaskClient) -> None:
    clerk = clerk_of(app, world)
    told(phone, world, "other", "门口修路，下周请走后门")
    one, page = only_one(app, world), f"/work/points/{world.point_codes[0]}"
    decision = {"accepted": "0", "reply": "<i>知道了</i>"}
    assert clerk.post(f"{page}/proposals/{one.id}", **decision).status_code == 303
    said = phone.get(f"/my/{world.point_codes[0]}/change").text
    assert "馆里没有改" in said
    assert "馆里说：&lt;i&gt;知道了" in said
    again = clerk.post(f"{page}/proposals/{one.id}", accepted="1")
    assert "已经有人办了" in clerk.text(again.location)


def test_what_is_wrong_stands_beside_its_field(app: Flask, world: World, phone: FlaskClient) -> None:
    page = f"/my/{world.point_codes[0]}/change"
    days = {"from_on": "2026-03-05", "until_on": "2026-03-05"}
    for typed, wrong in (
        ({"kind": "gone", "words": "x"}, "kind"),
        ({"kind": "other", "words": ""}, "words"),
        ({"kind": "other", "words": "打 13800138000"}, "words"),
        ({"kind": "paused", "words": "x", **days}, "until_on"),
    ):
        answer = send(phone, page, "kind", **typed)
        assert answer.status_code == 422
        assert f'id="f-{wrong}-error"' in answer.text
    assert phone.get(f"/my/{world.point_codes[1]}/change").status_code == 404


def test_what_cannot_be_proposed_or_decided(app: Flask, world: World) -> None:
    other, teacher = build_world(app, "other"), Act(world.network_id, world.teacher_id)
    with app.app_context():
        first = world.act.today() - timedelta(days=1)
        with transaction():
            made = [
                commands.propose(teacher, world.point_ids[0], Proposed("other", f"第 {number} 条", first))
                for number in range(commands.OPEN_AT_MOST)
            ]
        with pytest.raises(Conflict, match="too_many_proposals"), transaction():
            commands.propose(teacher, world.point_ids[0], Proposed("other", "再一条"))
        with transaction():
            commands.propose(teacher, world.point_ids[1], Proposed("other", "别的点"))
        with pytest.raises(NotFound), transaction():
            commands.decide(other.act, world.point_ids[0], made[0], accepted=True)
        with pytest.raises(NotFound), transaction():
            commands.decide(world.act, world.point_ids[1], made[0], accepted=True)
        with transaction():
            commands.decide(world.act, world.point_ids[0], made[0], accepted=False, reply="不用")
        with pytest.raises(Conflict, match="proposal_decided"), transaction():
            commands.decide(world.act, world.point_ids[0], made[0], accepted=True)
        newest_first = queries.of_point(world.network_id, world.point_ids[0])
        assert [one.id for one in newest_first] == made[::-1]
        assert (newest_first[-1].accepted, newest_first[-1].reply, newest_first[-1].person) == (False, "不用", "陈老师")
        assert queries.open_ones([other.network_id]) == []
