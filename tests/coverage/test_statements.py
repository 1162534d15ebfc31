"""What is published stays as it was that day, and public until it is taken back; nothing else is ever public."""

import re
import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from branchnet.coverage import commands
from branchnet.coverage.commands import Saying
from branchnet.errors import Conflict, Invalid, NotFound
from branchnet.extensions import db, transaction
from branchnet.models import CoverageStatement, Network
from branchnet.points.commands import NewCommunity, register_communities
from tests.coverage.conftest import sign_in
from tests.support.world import World


def reach_now(world: World, covered: int = 1, known: int = 3, words: str | None = None) -> Saying:
    return Saying(f"{world.act.today():%Y-%m}", "foot", "reach", "community", covered, known, words)


def test_a_statement_keeps_its_figures_and_the_names_of_the_others(app: Flask, stocked: World) -> None:
    with app.app_context():
        with transaction():
            statement = commands.publish(stocked.act, reach_now(stocked, words="还在往村里走。"))
        with transaction():
            register_communities(stocked.act, [NewCommunity("village", "新村", "440802001209", town="寸金街道")])
        row = db.session.get_one(CoverageStatement, statement)
        assert (row.covered, row.known, row.without_position) == (1, 3, 1)
        assert sorted(row.others) == ["寸金街道 无位社区", "寸金街道 远村"]
        assert (row.within_km, row.detour_percent) == (3, 100)
        for refused, code in (
            (reach_now(stocked), "coverage_changed"),
            (reach_now(stocked, known=4), "published_already"),
        ):
            with pytest.raises(Conflict, match=code), transaction():
                commands.publish(stocked.act, refused)
        with transaction():
            commands.withdraw(stocked.act, statement)
        with pytest.raises(Conflict, match="withdrawn_already"), transaction():
            commands.withdraw(stocked.act, statement)
        with pytest.raises(NotFound), transaction():
            commands.withdraw(stocked.act, statement + 1)


def test_nobody_claims_more_than_the_figures_or_names_a_phone(app: Flask, stocked: World) -> None:
    with app.app_context():
        for words in ("已经全覆盖！", "Full coverage", "问13812345678"):
            with pytest.raises(Invalid), transaction():
                commands.publish(stocked.act, reach_now(stocked, words=words))
        assert db.session.scalars(select(CoverageStatement)).all() == []


def test_published_seen_by_all_and_withdrawn(app: Flask, client: FlaskClient, stocked: World) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    sign_in(app, client, stocked.manager_login)
    visitor = app.test_client()
    assert visitor.get(f"/coverage/{stocked.slug}").status_code == 404
    form = client.get("/manage/coverage/publish?definition=reach&of_what=community")
    action = re.search(r'<form method="post" action="(/manage/coverage/publish[^"]*)"', form.text)
    assert action
    sent = {"op_id": uuid.uuid4().hex, "covered": 1, "known": 3, "words": "<b>慢慢来</b>"}
    refused = client.post(action[1].replace("&amp;", "&"), data={**sent, "words": "全覆盖"})
    assert refused.status_code == 422
    assert "这句话说得太满了" in refused.text
    # Sent twice, it is said once.
    for _ in range(2):
        assert client.post(action[1].replace("&amp;", "&"), data=sent).status_code == 303
    told = visitor.get(f"/coverage/{stocked.slug}").text
    assert re.sub(r"<[^>]*>|\s", "", told).count("身边有书1个") == 1
    assert "&lt;b&gt;慢慢来&lt;/b&gt;" in told
    assert "全覆盖" not in told
    # Nothing internal: no place that is out of reach, nobody's name.
    assert not any(name in told for name in ("远村", "无位社区", "长岭小学", "周馆长"))
    with app.app_context():
        statement = db.session.scalars(select(CoverageStatement)).one()
    assert "远村" in client.get(f"/manage/coverage/statements/{statement.id}").text
    assert f"/statements/{statement.id}/withdraw" in client.get("/manage/coverage").text
    gone = client.post(f"/manage/coverage/statements/{statement.id}/withdraw", data={"op_id": uuid.uuid4().hex})
    assert gone.status_code == 303
    assert visitor.get(f"/coverage/{stocked.slug}").status_code == 404


def test_how_far_is_within_reach_is_chosen_once(app: Flask, client: FlaskClient, stocked: World) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    sign_in(app, client, stocked.manager_login)
    asked = {"reach_km": "2", "cycling_km": "6", "vehicle_km": "20", "detour_percent": "130"}
    wrong = client.post(
        "/manage/coverage/thresholds", data={**asked, "detour_percent": "99", "op_id": uuid.uuid4().hex}
    )
    assert wrong.status_code == 422
    assert "100 到 300" in wrong.text
    assert client.post("/manage/coverage/thresholds", data={**asked, "op_id": uuid.uuid4().hex}).status_code == 303
    with app.app_context():
        network = db.session.get_one(Network, stocked.network_id)
        assert {name: str(getattr(network, name)) for name in asked} == asked
