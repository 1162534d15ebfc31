"""`flask coverage` says what the page says."""

import json

from flask import Flask

from tests.support.world import World


def test_both_definitions_and_the_gaps_as_json_and_in_words(app: Flask, stocked: World) -> None:
    run = app.test_cli_runner().invoke
    asked = ["coverage", "--network", stocked.slug, "--within", "5"]
    answer = json.loads(run(args=[*asked, "--json"]).output)
    assert answer["administrative"]["village"]["known"] == 2
    assert [one["name"] for one in answer["administrative"]["village"]["others"]] == ["近村", "远村"]
    reach = answer["reach"]
    assert (reach["covered"], reach["not_covered"], reach["cannot_tell"], reach["known"]) == (1, 1, 1, 3)
    assert [one["name"] for one in reach["without_position"]] == ["无位社区"]
    assert answer["in_operation"]["known"] == 2
    (gap,) = answer["gaps"]
    assert (gap["name"], gap["children"], gap["would_reach"], gap["nearest_point"]) == ("远村", None, 1, "CL-01")
    assert "reach, within 5 km at 100 %: 1 of 3" in run(args=asked).output
    assert run(args=[*asked, "--month", "2026-13"]).exit_code == 2
    assert run(args=["coverage", "--network", "nobody"]).exit_code == 2
