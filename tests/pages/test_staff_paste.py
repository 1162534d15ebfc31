"""The text of a WeChat group at the desk: seen line by line, then entered, without any script."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from branchnet.calendar.rules import month_of, previous_month
from branchnet.extensions import db, transaction
from branchnet.models import ReadingRevision
from branchnet.readings.commands import Sent, submit_month
from branchnet.readings.rules import Report
from tests.pages.desk import Desk, sit_down, words
from tests.support.world import World

PATH = "/work/readings/paste"


@pytest.fixture
def month(app: Flask, world: World) -> str:
    """The month that is over."""
    with app.app_context():
        return previous_month(month_of(world.act.today()))


def numbers(app: Flask) -> list[tuple[int | None, int | None, str]]:
    with app.app_context():
        rows = select(ReadingRevision.in_school_visits, ReadingRevision.in_school_loans, ReadingRevision.channel)
        return [tuple(row) for row in db.session.execute(rows.order_by(ReadingRevision.id))]


def test_a_text_is_looked_at_and_then_entered(app: Flask, world: World, clerk: Desk, month: str) -> None:
    with app.app_context(), transaction():
        submit_month(world.act, world.point_ids[0], month, Report(in_school_visits=7), Sent("link"))
    text = "#接龙\n1. 长岭小学 来看书 210 借出 85\n2. 不认识的学校 120/30\n3. 雷州 大约一百"
    looked = clerk.post(PATH, month=month, text=text, step="look")
    assert looked.status_code == 200
    said = words(looked)
    assert "校内阅览 7" in said
    assert "会替换" in said
    assert "读清楚的 1 行" in said
    assert "要看一看的 2 行" in said
    chosen = dict(re.findall(r'name="(line-\d+)".*?<option value="([^"]*)" selected', looked.text, re.DOTALL))
    assert chosen == {"line-2": f"{world.point_codes[0]}:1"}
    assert numbers(app) == [(7, None, "link")]
    saved = clerk.post(PATH, month=month, text=text, step="save", op_id="pasted-once", **chosen)
    again = clerk.post(PATH, month=month, text=text, step="save", op_id="pasted-once", **chosen)
    assert (saved.status_code, words(saved)) == (200, words(again))
    assert "1 份收下了" in words(saved)
    assert "没有存的 2 行" in words(saved)
    left = re.search(r'<textarea[^>]*name="text"[^>]*>([^<]*)<', saved.text)
    assert left is not None
    assert left[1].strip().splitlines() == ["2. 不认识的学校 120/30", "3. 雷州 大约一百"]
    assert "要看一看的 2 行" in words(clerk.post(PATH, month=month, text=left[1], step="look"))
    assert numbers(app) == [(7, None, "link"), (210, 85, "import")]


def test_sent_again_it_is_the_same_whatever_came_since(app: Flask, world: World, clerk: Desk, month: str) -> None:
    """What a line leaves as it is comes from the books, and they go on; the sending is what was pressed."""
    form = {"month": month, "text": "长岭小学 来看书 210", "step": "save", "op_id": "pasted-once"}
    form["line-1"] = f"{world.point_codes[0]}:"
    saved = clerk.post(PATH, **form)
    with app.app_context(), transaction():
        submit_month(world.act, world.point_ids[0], month, Report(210, 33, days_open=9), Sent("staff", based_on=1))
    again = clerk.post(PATH, **form)
    assert (saved.status_code, again.status_code) == (200, 200)
    assert "1 份收下了" in words(again)
    assert numbers(app) == [(210, None, "import"), (210, 33, "staff")]


def test_a_doubtful_line_is_chosen_or_left_out(app: Flask, world: World, clerk: Desk, month: str) -> None:
    text = "1. 不认识的学校 120/30\n2. 长岭小学 丢了 3 册"
    form = {"month": month, "text": text, "step": "save"}
    refused = clerk.post(PATH, **form)
    assert refused.status_code == 422
    assert "没有要存的" in words(refused)
    assert "不认识的学校 120/30" in refused.text
    code = world.point_codes[1]
    # What could not be read cannot be entered, whatever the form says.
    saved = clerk.post(PATH, **form, **{"line-1": f"{code}:", "line-2": f"{world.point_codes[0]}:"})
    assert "雷州分馆" in words(saved)
    assert numbers(app) == [(120, 30, "import")]


def test_what_could_not_be_read_shows_no_numbers_that_it_does_not_say(
    app: Flask, world: World, clerk: Desk, month: str
) -> None:
    with app.app_context(), transaction():
        submit_month(world.act, world.point_ids[0], month, Report(210, 33), Sent("staff"))
    page = clerk.post(PATH, month=month, text="长岭小学 丢了 3 册", step="look")
    assert '<td class="num">210</td>' not in page.text
    assert "会替换" not in words(page)


def test_what_was_typed_stays_where_it_is_refused(world: World, clerk: Desk, month: str) -> None:
    answer = clerk.post(PATH, month="2999-01", text="长岭小学 1/2", step="look")
    assert answer.status_code == 422
    assert "长岭小学 1/2" in answer.text
    assert clerk.post(PATH, month=month, text="", step="look").status_code == 422
    assert clerk.post(PATH, month=month, text="长" * 20_001, step="look").status_code == 422


def test_a_manager_does_not_enter(app: Flask, world: World) -> None:
    assert sit_down(app, world.manager_login, world.password).get(PATH).status_code == 403
