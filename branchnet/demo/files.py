"""The demo's tables, read from the files shipped beside this module."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from functools import cache
from importlib.resources import files
from typing import cast

from branchnet.demo.events import Title
from branchnet.demo.world import Level, Place, Point, PointKind, PositionQuality, Source


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of a shipped table, every field as it is written there."""
    text = files("branchnet.demo").joinpath("data", name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())


def day(text: str) -> date | None:
    """An ISO date, or None for an empty field."""
    return date.fromisoformat(text) if text else None


def number(text: str) -> int | None:
    """A whole number, or None for an empty field."""
    return int(text) if text else None


@cache
def register() -> dict[str, Place]:
    """The counties, towns and villages known, by their 12-digit code."""
    return {row["code"]: _place(row) for row in rows("places_gcj02.csv")}


def _place(row: dict[str, str]) -> Place:
    return Place(
        code=row["code"],
        name=row["name"],
        parent=row["parent"],
        level=cast("Level", row["level"]),
        ur_code=row["ur_code"],
        lon_gcj02=float(row["lon_gcj02"]),
        lat_gcj02=float(row["lat_gcj02"]),
        province=row["province"],
        city=row["city"],
        county=row["county"],
        town=row["town"],
    )


@cache
def points() -> tuple[Point, ...]:
    """Every service point of the three networks, whenever it opens."""
    return tuple(_point(row) for row in rows("points.csv"))


def _point(row: dict[str, str]) -> Point:
    return Point(
        network=row["network"],
        code=row["code"],
        name=row["name"],
        kind=cast("PointKind", row["kind"]),
        host=row["host"],
        place_code=row["place_code"],
        position_from=row["position_from"],
        position_quality=cast("PositionQuality", row["position_quality"]),
        opened_on=date.fromisoformat(row["opened_on"]),
        unveiled_on=day(row["unveiled_on"]),
        open_to_community=row["open_to_community"] == "yes",
        enrolment=number(row["enrolment"]),
        source=cast("Source", row["source"]),
    )


@cache
def titles() -> tuple[Title, ...]:
    """The children's books whose copies carry barcodes here."""
    return tuple(
        Title(row["title"], row["author"], row["publisher"], row["category"], number(row["price_fen"]))
        for row in rows("titles.csv")
    )
