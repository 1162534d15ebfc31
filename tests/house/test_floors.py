"""Imports only go down, and a contract that is broken is really found."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    code = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_logo=True))"
    return subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False, timeout=120
    )


def test_every_import_goes_down() -> None:
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("module", "text", "contract"),
    [
        ("stock/queries.py", "import branchnet.blueprints\n", "Imports only go down"),
        ("stock/rules.py", "import sqlalchemy\n", "Rules know neither the web nor the database"),
        ("stock/returns/rules.py", "import flask\n", "Rules know neither the web nor the database"),
        ("drawer.py", "", "Imports only go down"),
    ],
    ids=["an upper floor", "a rule and the database", "a rule and the web", "a module without a floor"],
)
def test_what_climbs_is_found(tmp_path: Path, module: str, text: str, contract: str) -> None:
    package = tmp_path / "branchnet"
    for folder in (package, package / "stock", package / "stock" / "returns", package / "blueprints"):
        folder.mkdir()
        (folder / "__init__.py").touch()
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    assert lint_imports(tmp_path).returncode == 0
    (package / module).write_text(text)
    done = lint_imports(tmp_path)
    assert done.returncode == 1
    assert f"{contract} BROKEN" in done.stdout
