"""A stocktake on the teacher's phone: title by title or one number, part by part, without a script."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from branchnet.batches import commands as batches
from branchnet.batches.checks import violations
from branchnet.batches.commands import NewBatch, NewLine
from branchnet.batches.stocktaking import commands as stocktaking
from branchnet.batches.stocktaking.queries.figures import figures_of
from branchnet.extensions import db, transaction
from branchnet.models import Stocktake
from branchnet.stock.rules import NewLot
from tests.support.pages import form_with, send, words
from tests.support.queries import QueryCounter
from tests.support.world import World


@pytest.fixture
def phone(app: Flask, client: FlaskClient, world: World) -> Iterator[FlaskClient]:
    """A phone on which the teacher has opened the link; thirty books stand at the point."""
    assert client.get(f"/t/{world.token}").status_code == 303
    with app.app_context(), transaction():
        day = world.act.today() - timedelta(days=20)
        batch = batches.draft(world.act, NewBatch("allocation", day, world.place_ids[0]))
        lines = [NewLine(lot_id) for lot_id in world.serial_lot_ids[:5]]
        batches.add_lines(world.act, batch.id, [*lines, NewLine(world.counted_lot_id, 25)])
        batches.dispatch(world.act, batch.id, day)
        batches.receive(world.act, batch.id, day)
    yield client
    with app.app_context():
        assert violations(world.network_id) == []


def begin(app: Flask, world: World, way: str = "count") -> int:
    with app.app_context(), transaction():
        return stocktaking.begin(world.act, world.place_ids[0], way, world.act.today() - timedelta(days=1)).id


def differences(app: Flask, stocktake_id: int) -> list[int]:
    with app.app_context():
        found = figures_of(db.session.get_one(Stocktake, stocktake_id))
        return [line.difference for line in found.variance.lines]


def test_a_teacher_counts_part_by_part_and_sees_what_did_not_match(
    app: Flask, phone: FlaskClient, world: World
) -> None:
    here = f"/my/{world.point_codes[0]}"
    early = phone.get(f"{here}/stocktake")
    assert early.headers["Location"] == here
    assert "数一数架上的书" not in words(phone.get(here))
    stocktake = begin(app, world)
    assert "数一数架上的书" in words(phone.get(here))
    field = f"copies-{world.counted_lot_id}"
    asked = phone.get(f"{here}/stocktake").text.partition("<h1")[2]
    assert asked.index('name="rest"') < asked.index("<details>") < asked.index(f'name="{field}"'), "one number first"
    wrong = send(phone, f"{here}/stocktake", field, **{field: "二十"})
    assert "<details open>" in wrong.text
    assert wrong.status_code == 422
    assert "请填整数；没数就空着。" in words(wrong)
    assert 'value="二十"' in wrong.text
    empty = send(phone, f"{here}/stocktake", field)
    assert (empty.status_code, "一个数也没有填" in words(empty)) == (422, True)
    form = form_with(phone.get(f"{here}/stocktake"), field) | {field: "23"}
    for _again in range(2):
        assert phone.post(f"{here}/stocktake", data=form).status_code == 303
    counted = phone.get(f"{here}/stocktake")
    assert "记下了 23 册" in words(counted)
    assert "数过 23" in words(counted)
    assert send(phone, f"{here}/stocktake", "rest", rest="5").status_code == 303
    assert differences(app, stocktake) == [-2, 0]
    with app.app_context(), transaction():
        (case,) = stocktaking.close(world.act, stocktake, world.act.today())
    late = phone.post(f"{here}/stocktake", data=form | {"op_id": "another-one"})
    assert late.headers["Location"] == here
    page = words(phone.get(here))
    assert "少 2 册" in page
    assert "馆里在查" in page
    with app.app_context(), transaction():
        batches.resolve(world.act, case, "miscounted", world.act.today())
    assert "数错了，没有少" in words(phone.get(here))


def test_with_many_titles_one_number_is_asked(app: Flask, phone: FlaskClient, world: World) -> None:
    with app.app_context(), transaction():
        lots = [NewLot(f"书{number}", 2) for number in range(61)]
        batches.take_in(world.act, "opening", lots, world.act.today() - timedelta(days=9), world.place_ids[0])
    stocktake = begin(app, world)
    page = phone.get(f"/my/{world.point_codes[0]}/stocktake")
    assert "copies-" not in page.text
    assert len(page.data) < 6_000
    assert send(phone, f"/my/{world.point_codes[0]}/stocktake", "rest", rest="150").status_code == 303
    assert differences(app, stocktake) == [150 - 152]


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_scan_asks_the_teacher_for_what_has_no_barcode(
    app: Flask, phone: FlaskClient, world: World, query_counter: QueryCounter
) -> None:
    begin(app, world, "scan")
    here, counts = f"/my/{world.point_codes[0]}/stocktake", []
    assert "有条码的书由馆里来扫" in words(phone.get(here))
    for more in (1, 30):
        with app.app_context(), transaction():
            lots = [NewLot(f"书{more}-{one}", 2) for one in range(more)]
            batches.take_in(world.act, "opening", lots, world.act.today(), world.place_ids[0])
        query_counter.reset()
        phone.get(here)
        counts.append(query_counter.count)
    assert counts[0] == counts[1]


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_another_points_stocktake_is_nobodys_business(app: Flask, phone: FlaskClient, world: World) -> None:
    assert phone.get(f"/my/{world.point_codes[1]}/stocktake").status_code == 404
