"""The clerk's first page: all of the day's work, the urgent marked, and what schools answered."""

import pytest
from flask import Flask

from branchnet.access.acts import Act
from branchnet.access.commands import add_person, answers_for
from branchnet.batches import commands as batches
from branchnet.batches.queries import own_batch
from branchnet.extensions import transaction
from tests.pages.desk import Desk, clerk_of, days_ago
from tests.pages.test_staff import sent_out
from tests.support.queries import QueryCounter
from tests.support.world import World, build_world


def answered(app: Flask, world: World, number: str, counts: dict[int, int] | None, word: str | None = None) -> None:
    """The teacher says that the boxes came, or how many were in them."""
    with app.app_context(), transaction():
        teacher = Act(world.network_id, world.teacher_id)
        batch_id = own_batch(world.network_id, number)
        if counts is None:
            batches.arrive(teacher, batch_id, world.act.today())
        else:
            batches.receive(teacher, batch_id, world.act.today(), counts, word)
            batches.report_damaged(teacher, batch_id, 1, world.act.today(), note=word)


def test_the_day_marks_what_is_late(app: Flask, world: World, clerk: Desk) -> None:
    today, fetch = (sent_out(app, world, "delivery", ago, received=True) for ago in (30, 25))
    waiting, slow = (sent_out(app, world, "allocation", ago) for ago in (20, 12))
    clerk.post(f"/work/batches/{waiting}/arrive", happened_on=days_ago(app, world, 9))
    with app.app_context(), transaction():
        answers_for(world.act, add_person(world.act, "黄老师", "13800000000"), world.point_ids[0], world.begun_on)
    said = clerk.text("/work/")
    where = "长岭小学流动服务点"
    assert f"{slow} 总馆书架 {where} {days_ago(app, world, 12)} 太久了，12 天" in said
    assert "1 批走得太久" in said
    assert f"{waiting} {where} {days_ago(app, world, 9)} 过了 2 天 10 黄老师 13800000000" in said
    assert f"{today} {where} {days_ago(app, world)} 就是今天 10 黄老师" in said
    assert f"{fetch} {where} {days_ago(app, world, -5)} 5 天 10 黄老师" in said
    assert [clerk.text(f"/work/batches?state={state}").count("共 2 批") for state in ("fetch", "slow")] == [1, 0]
    assert "在路上太久：走了 12 天" in clerk.text(f"/work/batches/{slow}")


def test_what_schools_answered_stands_newest_first(app: Flask, world: World, clerk: Desk) -> None:
    arrived, counted = (sent_out(app, world, "allocation", ago) for ago in (3, 2))
    answered(app, world, arrived, None)
    answered(app, world, counted, {0: 8}, "少了两本")
    clerk.post(f"/work/batches/{arrived}/receive", happened_on=days_ago(app, world), how="all")
    said = clerk.text("/work/")
    day = days_ago(app, world)
    first = f"{counted} 长岭小学流动服务点 陈老师 签收 8 册 ，少了 2 册 ，破损 1 册 {day}"
    second = f"{arrived} 长岭小学流动服务点 陈老师 到了，还没清点 {day}"
    assert 0 < said.index(first) < said.index(second)
    assert "少了两本" in said
    assert "学校的回复 2 条" in said, "what the clerk counted is no answer of a school"
    assert first in clerk.text("/work/answers")


def test_logging_afterwards_is_the_second_thing_offered(clerk: Desk) -> None:
    page = clerk.get("/work/").text
    assert 'href="/work/log">补录</a>' in page
    assert page.count("btn-primary") >= 1


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_the_day_asks_the_same_number_of_questions_however_full(
    app: Flask, world: World, query_counter: QueryCounter
) -> None:
    """One network with a batch in each section, one with four."""

    def asked(where: World, rows: int) -> list[int]:
        for ago in (40, 25, 5, 2):
            numbers = [sent_out(app, where, "delivery", ago, received=ago > 5) for _row in range(2 * rows)]
        for number in numbers[:rows]:
            answered(app, where, number, {0: 9}, "少了")
        for number in numbers[rows:]:
            answered(app, where, number, None)
        clerk = clerk_of(app, where)
        counts = []
        for page in ("/work/", "/work/answers"):
            query_counter.reset()
            clerk.text(page)
            counts.append(query_counter.count)
        return counts

    assert asked(world, 1) == asked(build_world(app, "bieguan"), 4)
