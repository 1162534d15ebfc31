"""The story adds up to the published figures, whatever the day it is told on."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest

from branchnet.demo.events import CENTRAL, Batch, Numbers, Reading
from branchnet.demo.story import EARLIEST, Story, story

DAYS = [EARLIEST, date(2026, 11, 22), date(2029, 3, 31)]
TODAY = date(2026, 11, 22)
FACTS_FILE = Path(__file__).with_name("facts.csv")
ROWS = {row["id"]: row for row in csv.DictReader(FACTS_FILE.read_text(encoding="utf-8").splitlines())}
FACTS = {key: row["value"] for key, row in ROWS.items()}

told = cache(story)


def fact(name: str) -> int:
    return int(FACTS[name])


def sent(of: Story, network: str, kind: str, year: int = 2025) -> list[Batch]:
    found = [b for b in of.batches if b.network == network and b.kind == kind]
    return [b for b in found if (on := b.on("dispatch")) and on.year == year]


def copies(batches: Iterable[Batch]) -> int:
    return sum(batch.copies for batch in batches)


def point_code(of: Story, name: str) -> str:
    return next(point.code for point in of.points if point.name == name)


def to(batches: Iterable[Batch], code: str) -> list[Batch]:
    return [batch for batch in batches if batch.to_place == code]


@pytest.fixture(params=DAYS, ids=str)
def any_day(request: pytest.FixtureRequest) -> Story:
    return told(request.param)


def test_zhanjiang_allocated_to_branches_what_it_published(any_day: Story) -> None:
    branches = {p.code for p in any_day.points if p.kind == "branch"}
    allocations = sent(any_day, "zhanjiang", "allocation")
    to_branches = [b for b in allocations if b.to_place in branches]
    assert copies(to_branches) == fact("Z01")
    leizhou = to(to_branches, point_code(any_day, "雷州分馆"))
    assert [b.copies for b in leizhou] == [fact("Z02")]
    assert len(leizhou[0].barcodes) == fact("Z02")


def test_changling_opened_with_its_first_allocation(any_day: Story) -> None:
    point = next(p for p in any_day.points if p.name == "廉江长岭小学流动服务点")
    assert f"{point.opened_on:%m-%d}" == FACTS["Z05"]
    assert point.opened_on.year == 2025
    assert point.open_to_community
    (first,) = to(sent(any_day, "zhanjiang", "allocation"), point.code)
    assert len(first.barcodes) == first.copies == fact("Z06")
    assert first.equipment[0].number is None


def test_one_mobile_point_and_nothing_else_opened_in_zhanjiang(any_day: Story) -> None:
    opened = [p for p in any_day.points if p.network == "zhanjiang" and p.opened_on.year == 2025]
    assert [p.kind for p in opened] == ["mobile_point"]
    assert len(opened) == fact("Z04")


def test_ten_deliveries_went_to_six_schools(any_day: Story) -> None:
    deliveries = sent(any_day, "zhanjiang", "delivery")
    assert len(deliveries) == fact("Z15")
    assert len({b.to_place for b in deliveries}) == fact("Z13")
    assert copies(deliveries) == fact("Z16")
    assert all(b.to_place in _delivery_schools(any_day) for b in deliveries)
    back = {b.settles: b for b in any_day.batches if b.settles}
    for delivery in deliveries:
        collected = back[delivery.key]
        assert collected.copies == delivery.copies
        assert collected.steps[-1].verb == "restock"
        assert (on := collected.on("dispatch"))
        assert on < date(2025, 7, 1)
        assert on == delivery.due_back_on


def _delivery_schools(of: Story) -> set[str]:
    return {p.code for p in of.points if p.kind == "delivery_school" and p.source == "report"}


def test_stays_last_a_month_but_for_the_special_school(any_day: Story) -> None:
    special = next(p for p in any_day.points if p.host == "special_school")
    assert special.enrolment == fact("Z20")
    stays = [r for r in any_day.readings if r.window == "stay" and r.first.year == 2025]
    days = {r.point: (r.last - r.first).days for r in stays}
    assert days.pop(special.code) == 0
    assert all(abs(length - fact("Z14")) <= 2 for length in days.values())
    (delivery,) = to(sent(any_day, "zhanjiang", "delivery"), special.code)
    assert len(delivery.barcodes) == delivery.copies == fact("Z19")


def test_visits_of_the_stays_add_up(any_day: Story) -> None:
    stays = [r for r in any_day.readings if r.window == "stay" and r.last.year == 2025]
    assert len(stays) == fact("Z15")
    assert sum(r.numbers.in_school_visits or 0 for r in stays if r.numbers) == fact("Z17")
    assert all(r.submitted_on < date(2025, 7, 1) for r in stays)


def test_xuwen_returned_what_stood_there_before_the_records(any_day: Story) -> None:
    xuwen = point_code(any_day, "徐闻分馆")
    (batch,) = [b for b in sent(any_day, "zhanjiang", "return") if b.from_place == xuwen]
    assert batch.copies == fact("Z03")
    opening = next(b for b in any_day.batches if b.kind == "opening" and b.to_place == xuwen)
    opened = {line.lot: line.quantity for line in opening.counted}
    assert all(line.quantity <= opened[line.lot] for line in batch.counted)
    facts = [(step.verb, step.count) for step in batch.steps][-3:]
    assert facts == [(verb, fact("Z03")) for verb in ("count_in", "scan", "restock")]
    assert len({step.on for step in batch.steps[-3:]}) == 3
    assert batch.steps[-1].on.year == 2025


def test_changling_readings_add_up(any_day: Story) -> None:
    code = point_code(any_day, "廉江长岭小学流动服务点")
    numbers = [r.numbers for r in any_day.readings if r.point == code and r.first.year == 2025]
    totals = [
        sum(getattr(n, name) for n in numbers if n)
        for name in ("in_school_visits", "in_school_loans", "community_visits", "community_loans")
    ]
    assert totals == [fact("Z08"), fact("Z09"), fact("Z10"), fact("Z11")]


def test_every_open_point_reported_in_the_report_year(any_day: Story) -> None:
    monthly = [r for r in any_day.readings if r.window == "month" and r.first.year == 2025 and r.numbers]
    reported = {r.point for r in monthly}
    assert reported == {p.code for p in any_day.points if p.kind != "delivery_school" and p.opened_on.year <= 2025}


def test_hongshan_opened_eight_branches_on_one_day(any_day: Story) -> None:
    opened = [p for p in any_day.points if p.network == "hongshan" and p.opened_on.year == 2025]
    assert len(opened) == fact("H01")
    assert {f"{p.unveiled_on:%m-%d}" for p in opened} == {FACTS["H07"]}
    assert sum(p.name.startswith("红庙子") for p in opened) == fact("H02")
    names = ROWS["H04"]["phrase"].split(":")[1].split()
    assert [p.name.removesuffix("分馆") for p in opened] == names


def test_hongshan_allocated_at_least_what_it_published(any_day: Story) -> None:
    new = {p.code for p in any_day.points if p.network == "hongshan" and p.opened_on.year == 2025}
    allocations = sent(any_day, "hongshan", "allocation")
    to_new = [b for b in allocations if b.to_place in new]
    assert copies(to_new) == fact("H05")
    assert copies(allocations) == fact("H06")
    assert {b.quality for b in allocations} == {"at_least"}
    assert {b.to_place for b in to_new} == new


def test_nothing_else_left_zhanjiang_in_the_report_year(any_day: Story) -> None:
    outward = [b for b in any_day.batches if b.network == "zhanjiang" and b.from_place == CENTRAL]
    of_year = [b for b in outward if (on := b.on("dispatch")) and on.year == 2025]
    assert copies(of_year) == fact("Z01") + fact("Z06") + fact("Z16")
    received = [b.on("receive") for b in of_year]
    assert all(on is not None and on.year == 2025 for on in received)


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_told_twice_it_is_the_same(today: date) -> None:
    assert story(today) == told(today)


def test_a_later_day_only_adds() -> None:
    def lasting(of: Story) -> set[tuple[object, ...]]:
        steps = {(b.network, b.key, s) for b in of.batches for s in b.steps if f"{of.as_of:%y%m%d}" not in b.key}
        return steps | {(r,) for r in of.readings}

    early, late = told(date(2026, 6, 10)), told(TODAY)
    assert lasting(early) < lasting(late)
    assert set(early.copies) <= set(late.copies)


def test_nothing_lies_in_the_future(any_day: Story) -> None:
    days = [s.on for b in any_day.batches for s in b.steps]
    days += [r.submitted_on for r in any_day.readings] + [p.opened_on for p in any_day.points]
    assert max(days) <= any_day.as_of


def test_too_early_a_day_is_refused() -> None:
    with pytest.raises(ValueError, match="the story begins on 2026-02-01"):
        story(EARLIEST - timedelta(days=1))


def test_the_desks_are_alive_today() -> None:
    zhanjiang = [b for b in told(TODAY).batches if b.network == "zhanjiang"]
    deliveries = [b for b in zhanjiang if b.kind == "delivery"]
    collected = {b.settles for b in zhanjiang}
    last = Counter(b.steps[-1].verb for b in deliveries)
    assert (last["draft"], last["dispatch"], last["arrive"]) == (1, 1, 1)
    out = [b for b in deliveries if b.on("receive") and b.key not in collected]
    assert [b.due_back_on < TODAY for b in out if b.due_back_on] == [True]
    short = [b for b in zhanjiang if b.short]
    assert [line.quantity for b in short for line in b.short] == [3]
    for network in ("hongshan", "changping"):
        assert any(b.steps[-1].verb in {"draft", "dispatch"} for b in told(TODAY).batches if b.network == network)


def test_last_month_some_have_not_reported_and_some_were_late() -> None:
    of = told(TODAY)
    october = {r.point for r in of.readings if r.window == "month" and r.first == date(2026, 10, 1)}
    silent = {p.code for p in of.points if p.kind != "delivery_school"} - october
    assert point_code(of, "廉江长岭小学流动服务点") in silent
    assert 3 <= len(silent) <= 6
    late = [r for r in of.readings if r.window == "month" and r.submitted_on > r.last + timedelta(days=5)]
    assert 0.01 < len(late) / len(of.readings) < 0.1


def test_schools_are_not_open_in_vacation() -> None:
    of = told(TODAY)
    schools = {p.code for p in of.points if p.is_school}
    august: list[Reading] = [r for r in of.readings if r.point in schools and r.first.month == 8]
    assert august
    assert all(r.answer == "not_open" for r in august)


def test_numbers_are_where_they_apply(any_day: Story) -> None:
    points = {p.code: p for p in any_day.points}
    for reading in any_day.readings:
        numbers = reading.numbers or Numbers()
        given = (numbers.community_visits, numbers.community_loans)
        assert points[reading.point].open_to_community or given == (None, None)
