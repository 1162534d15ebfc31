"""Cards with the QR of teachers' links: whose, how many at a time, and that thousands do not grow the questions."""

import pytest
from flask import Flask

from branchnet.access.commands import add_person, answers_for, make_link, revoke_link
from branchnet.batches.papers.labels import qr_path
from branchnet.extensions import transaction
from tests.pages.desk import clerk_of
from tests.support.queries import QueryCounter
from tests.support.world import World, build_world


@pytest.fixture
def world(app: Flask) -> World:
    return build_world(app)


def more(app: Flask, world: World, teachers: int, linked: bool = True) -> None:
    with app.app_context(), transaction():
        for number in range(teachers):
            person = add_person(world.act, f"<u>黄{number:03d}</u>")
            answers_for(world.act, person, world.point_ids[1], world.begun_on)
            if linked:
                make_link(world.act, person)


def test_a_card_holds_the_link_and_says_that_it_is_personal(app: Flask, world: World) -> None:
    more(app, world, 1)
    more(app, world, 1, linked=False)
    clerk = clerk_of(app, world)
    page = clerk.get("/work/teachers/cards")
    assert page.text.count("<article") == 2
    assert qr_path(f"{app.config['BRANCHNET'].base_url}/t/{world.token}")[0] in page.text
    assert world.token not in page.text
    said = clerk.text("/work/teachers/cards")
    assert "陈老师 长岭小学流动服务点" in said
    assert "这是您一个人的" in said
    assert "另有 1 位老师没有能打开的链接" in said
    assert "<u>" not in page.text


def test_those_who_opened_theirs_can_be_left_out(app: Flask, world: World) -> None:
    app.test_client().get(f"/t/{world.token}")
    more(app, world, 1)
    clerk = clerk_of(app, world)
    said = clerk.text("/work/teachers/cards?who=unopened")
    assert "黄000" in said
    assert "陈老师" not in said
    with app.app_context(), transaction():
        revoke_link(world.act, world.teacher_id)
    assert "陈老师" not in clerk.text("/work/teachers/cards")


def test_200_at_a_time_and_no_more_questions(app: Flask, world: World, query_counter: QueryCounter) -> None:
    clerk, counts = clerk_of(app, world), []
    for teachers in (1, 204):
        more(app, world, teachers)
        query_counter.reset()
        first = clerk.get("/work/teachers/cards")
        counts.append(query_counter.count)
    assert counts[0] == counts[1]
    assert first.text.count("<article") == 200
    assert clerk.get("/work/teachers/cards?page=2").text.count("<article") == 6
