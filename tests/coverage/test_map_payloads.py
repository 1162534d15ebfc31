"""Names that would like to be scripts, through everything that shows a name: none runs, and axe finds nothing."""

from io import BytesIO

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page, expect
from python_calamine import CalamineWorkbook

from branchnet.extensions import transaction
from branchnet.points.commands import NewCommunity, NewPoint, Position, open_point, register_communities
from tests.coverage.test_map_in_browser import address, map_page  # noqa: F401 - fixtures
from tests.support.world import World

RUN = "window.__hit=1"
PAYLOADS = (
    f"</script><script>{RUN}</script>",
    f"<img src=x onerror={RUN}>",
    f'"><svg onload={RUN}>',
    f"' onmouseover='{RUN}",
    f"`${{{RUN}}}`",
    f"${{{RUN}}}",
    f"{{{{{RUN}}}}}",
    f"-->{chr(0x202E)}<b onclick={RUN}>{chr(0x2066)}",
    f"\\u003cscript\\u003e{RUN}//",
    f'=HYPERLINK("javascript:{RUN}")',
    "$\\frac{x}{y}$ \\n %s %(name)s {0}",
)

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])


@pytest.fixture
def named(app: Flask, stocked: World) -> World:
    """A school and a village of each name, side by side."""
    begun = stocked.begun_on
    with app.app_context(), transaction():
        for number, name in enumerate(PAYLOADS):
            here = Position(21.0 + number / 50, 110.2, "exact")
            open_point(stocked.act, NewPoint(f"P-{number}", name, "branch", begun, opened_on=begun, position=here))
        register_communities(
            stocked.act,
            [
                NewCommunity(
                    "village", name, f"4408020033{number:02}", position=Position(21.0 + number / 50, 110.25, "exact")
                )
                for number, name in enumerate(PAYLOADS)
            ],
        )
    return stocked


def test_no_name_runs_and_axe_finds_nothing(named: World, map_page: Page) -> None:  # noqa: F811 - a fixture
    for name in PAYLOADS:
        map_page.get_by_role("button", name=f"在图上看：{name}", exact=True).press("Enter")
        expect(map_page.locator(".map-card h2")).to_have_text(name)
        assert map_page.evaluate("document.activeElement.className") == "map-card"
        _close(map_page)
    # Over the tooltips: each mark has its name as its title, and beside it.
    for title in map_page.locator(".map-point").evaluate_all("marks => marks.map((mark) => mark.title)"):
        assert title in {*PAYLOADS, "长岭小学流动服务点", "雷州分馆"} or title.startswith("坏名字")
    villages = map_page.locator(".map-stage .map-village")
    for number in range(villages.count()):
        villages.nth(number).dispatch_event("click")
        expect(map_page.locator(".map-card h2")).to_have_count(1)
        # Where it stands by now: the map may still be moving it into view.
        map_page.locator(".leaflet-popup-close-button").dispatch_event("click")
        expect(map_page.locator(".map-card")).to_have_count(0)
    assert [one["id"] for one in Axe().run(map_page).response["violations"]] == []
    _nothing_ran(map_page)
    here = map_page.url.partition("/manage")[0]
    for path in ("/manage/map/print", "/manage/points/P-0", "/manage/map?sort=-name&layer=loans"):
        map_page.goto(here + path)
        expect(map_page.locator("main")).to_be_visible()
        _nothing_ran(map_page)
    assert map_page.request.get(f"{here}/manage/map.png").status == 200
    assert map_page.request.get(f"{here}/manage/points/P-0/visits.svg").status == 200
    told = map_page.request.get(f"{here}/work/points.xlsx").body()
    book = CalamineWorkbook.from_filelike(BytesIO(told))
    cells = {cell for row in book.get_sheet_by_index(0).to_python() for cell in row}
    assert set(PAYLOADS) <= cells


def _close(page: Page) -> None:
    page.keyboard.press("Escape")
    expect(page.locator(".map-card")).to_have_count(0)


def _nothing_ran(page: Page) -> None:
    assert page.evaluate("typeof window.__hit") == "undefined"
    assert (
        page.locator("main :is(script, img[onerror], svg[onload], b[onclick])").count()
        == page.locator("main script[type='application/json']").count()
    )
