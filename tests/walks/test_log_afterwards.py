"""On the evening after the school: a notebook, a keyboard, and nothing else."""

import pytest
from flask import Flask
from playwright.sync_api import expect

from branchnet.batches.checks import violations
from branchnet.points.queries import central_place
from branchnet.stock.queries import copies_at
from tests.support.world import COUNTED, World
from tests.walks.conftest import Arrive
from tests.walks.walker import DESK

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("engine_name", ["sqlite"])]

KEYS_AT_MOST = 20
"""A minute is long enough for three times as many."""


def test_a_delivery_collected_the_same_day_is_logged_by_keys_alone(app: Flask, world: World, arrive: Arrive) -> None:
    clerk = arrive(viewport=DESK)
    clerk.sign_in(world.clerk_login, world.password)
    clerk.page.get_by_role("link", name="补录").click()
    expect(clerk.page.get_by_label("送到哪里")).to_be_focused()
    clerk.look()
    pressed = 0
    # The school, then the kind and the day as they stand, so many copies, fetched again, no note.
    for keys in ("clxx", "Enter", "Enter", "Enter", "420", "Enter", "Space", "Enter", "Enter"):
        if keys in ("Enter", "Space"):
            clerk.page.keyboard.press(keys)
            pressed += 1
        else:
            clerk.page.keyboard.type(keys)
            pressed += len(keys)
    expect(clerk.page.get_by_role("heading", name="记下了")).to_be_visible()
    assert pressed <= KEYS_AT_MOST
    clerk.look()
    clerk.page.get_by_role("link", name="再补一批，同一天同一个点").click()
    expect(clerk.page.get_by_label("送到哪里")).to_have_value("长岭小学流动服务点 CL-01")
    expect(clerk.page.get_by_label("多少", exact=True)).to_be_focused()
    with app.app_context():
        shelf = central_place(world.network_id, "shelf")
        assert copies_at(world.network_id, [world.place_ids[0], shelf]) == {shelf: COUNTED + len(world.barcodes)}
        assert violations(world.network_id) == []
