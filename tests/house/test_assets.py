"""The pages' files: all there, compressed, and collected a second time without a write."""

import gzip
import re
from pathlib import Path

import pytest
from flask import Flask, url_for

from branchnet import assets

ROOT = Path(__file__).resolve().parents[2]
USED = re.compile(r"vendor/[\w./-]+\.(?:css|js|png|svg)")


@pytest.fixture(scope="module")
def static(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("static")
    (folder / "ours.css").write_text(".place { color: teal }\n" * 60)
    (folder / "small.css").write_text("a {}")
    assert assets.collect(folder) > 0
    return folder


def test_a_second_time_writes_nothing(static: Path) -> None:
    assert assets.collect(static) == 0


def test_everything_the_pages_name_is_collected(static: Path) -> None:
    pages = [path for path in (ROOT / "branchnet").rglob("*") if path.suffix in {".html", ".py", ".js", ".css"}]
    ours = [path for path in pages if "vendor" not in path.parts]
    named = {name for path in ours for name in USED.findall(path.read_text(encoding="utf-8"))}
    assert not {name for name in named if not (static / name).is_file()}


def test_what_a_style_sheet_names_is_collected(static: Path) -> None:
    for sheet in static.glob("vendor/*/*.css"):
        for name in re.findall(r"url\([\"']?([\w./-]+)[\"']?\)", sheet.read_text()):
            assert (sheet.parent / name).is_file(), f"{sheet.name} names {name}"


def test_the_twins_hold_the_same(static: Path) -> None:
    twins = list(static.rglob("*.gz"))
    assert static / "ours.css.gz" in twins
    for twin in twins:
        assert gzip.decompress(twin.read_bytes()) == twin.with_suffix("").read_bytes()


def test_only_what_gains_has_a_twin(static: Path) -> None:
    assert not (static / "small.css.gz").exists()
    assert not list(static.rglob("*.png.gz"))


def test_a_change_is_compressed_anew(static: Path) -> None:
    sheet = static / "ours.css"
    sheet.write_text(".place { color: navy }\n" * 70)
    assert assets.collect(static) == 1
    assert gzip.decompress((static / "ours.css.gz").read_bytes()) == sheet.read_bytes()


def test_a_missing_wheel_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    absent = assets.Package("No-Such-Wheel", "nowhere", {"a.js": "a/a.js"})
    monkeypatch.setattr(assets, "PACKAGES", (absent,))
    with pytest.raises(assets.MissingAsset, match=r"^No-Such-Wheel is not installed: pip install "):
        assets.collect(tmp_path)


def test_another_release_without_the_file_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    changed = assets.Package("Bootstrap-Flask", "flask_bootstrap/static/bootstrap5", {"gone.js": "a/gone.js"})
    monkeypatch.setattr(assets, "PACKAGES", (changed,))
    with pytest.raises(assets.MissingAsset, match=r"^Bootstrap-Flask holds no gone\.js"):
        assets.collect(tmp_path)


@pytest.fixture
def served(static: Path) -> Flask:
    app = Flask("served", static_folder=str(static), static_url_path="/static")
    assets.serve(app, static)
    return app


def test_a_browser_gets_the_compressed_twin(served: Flask, static: Path) -> None:
    name = "vendor/bootstrap/css/bootstrap.min.css"
    answer = served.test_client().get(f"/static/{name}", headers={"Accept-Encoding": "gzip"}, buffered=True)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.data == (static / f"{name}.gz").read_bytes()


def test_another_client_gets_the_file(served: Flask, static: Path) -> None:
    answer = served.test_client().get("/static/small.css", buffered=True)
    assert answer.data == (static / "small.css").read_bytes()


def test_an_address_changes_with_its_file(served: Flask, static: Path) -> None:
    def address(name: str) -> str:
        with served.test_request_context():
            return url_for("static", filename=name)

    (static / "one.css").write_text("a {}")
    (static / "two.css").write_text("b {}")
    one, two = address("one.css"), address("two.css")
    assert one.partition("?v=")[2] != two.partition("?v=")[2]
    assert served.test_client().get(address("small.css"), buffered=True).status_code == 200
    assert address("gone.css") == "/static/gone.css"
