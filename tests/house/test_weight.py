"""A teacher's first visit is light: the link, the list, the form, every style sheet, script and picture of them."""

import pytest
from flask import Flask

from _weight import MOST, first_visit
from branchnet.calendar.rules import month_of
from tests.support.world import build_world


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_first_visit_stays_under_its_bytes(app: Flask) -> None:
    world = build_world(app)
    phone = app.test_client()
    form = f"/my/{world.point_codes[0]}/report/{month_of(world.begun_on)}"
    weighed = first_visit(lambda address: phone.get(address, buffered=True), f"/t/{world.token}", form)
    pages = {address.partition("?")[0] for address in weighed}
    assert {form, "/my", f"/my/{world.point_codes[0]}"} <= pages
    kinds = {address.partition("?")[0].rpartition(".")[2] for address in weighed if address.startswith("/static/")}
    assert kinds == {"css", "js", "svg"}
    assert any("worker.js" in address for address in weighed)
    assert sum(weighed.values()) < MOST, weighed
