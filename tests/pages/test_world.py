"""The small network that other tests stand on holds what it says."""

from flask import Flask

from branchnet.access.commands import check_password
from branchnet.points.queries import central_place
from branchnet.stock.queries import copies_at, differences
from tests.support.world import COPIES, COUNTED, World


def test_it_is_in_the_books_as_described(app: Flask, world: World) -> None:
    with app.app_context():
        shelf = central_place(world.network_id, "shelf")
        assert copies_at(world.network_id, [shelf]) == {shelf: COPIES + COUNTED}
        assert differences(world.network_id) == []
        for login in (world.clerk_login, world.manager_login, world.admin_login):
            assert check_password(login, world.password) is not None
