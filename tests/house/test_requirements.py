"""Every package that is asked for has its reason, and every one that is installed its hash."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ASKED = re.compile(r"(?P<name>[A-Za-z0-9_.-]+)(\[\w+\])?==(?P<version>\S+)\s+# (?P<reason>\S.{9,})")
PINNED = re.compile(r"^(?P<name>[a-z0-9.-]+)(\[\w+\])?==(?P<version>[^ ;]+)", re.MULTILINE)


def asked(name: str) -> dict[str, str]:
    lines = [line for line in (ROOT / name).read_text().splitlines() if line[:1] not in {"", "#", "-"}]
    found = [ASKED.fullmatch(line) for line in lines]
    wrong = [line for line, match in zip(lines, found, strict=True) if match is None]
    assert not wrong, f"pin the version and say why it is there: {wrong}"
    return {normal(match["name"]): match["version"] for match in found if match}


def pinned(name: str) -> dict[str, set[str]]:
    versions: dict[str, set[str]] = {}
    for match in PINNED.finditer((ROOT / name).read_text()):
        versions.setdefault(normal(match["name"]), set()).add(match["version"])
    return versions


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_the_pins_are_those_that_were_asked_for(name: str) -> None:
    pins = pinned(f"{name}.txt")
    for package, version in asked(f"{name}.in").items():
        assert pins[package] == {version}, f"run scripts/lock: {package}"


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_pin_has_hashes_and_no_address(name: str) -> None:
    text = (ROOT / name).read_text()
    entries = re.split(r"\n(?=[a-z0-9])", text.partition("\n")[2])
    without = [entry.splitlines()[0] for entry in entries if "==" in entry and "--hash=sha256:" not in entry]
    assert not without
    assert "://" not in text
    assert "--index-url" not in text
    assert "--find-links" not in text


def test_development_installs_what_runs() -> None:
    development = pinned("requirements-dev.txt")
    for package, versions in pinned("requirements.txt").items():
        assert development[package] == versions
