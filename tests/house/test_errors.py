"""An error that no page has words for would meet a person as a code."""

import ast
from pathlib import Path

from branchnet.words import PARTS, WORDS

ROOT = Path(__file__).resolve().parents[2] / "branchnet"
RAISED = {"Invalid", "NotFound", "Forbidden", "Conflict", "CopiesElsewhere", "TooEarly", "SameIdOtherBody"}
ONLY_ON_THE_COMMAND_LINE = {"no_demo"}


def codes() -> set[str]:
    """Every code that is given to an error of ours anywhere, but for those told beside a field."""
    found: set[str] = set()
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in RAISED and node.args:
                first = node.args[0]
                beside_a_field = any(keyword.arg == "fields" for keyword in node.keywords)
                if not beside_a_field and isinstance(first, ast.Constant) and isinstance(first.value, str):
                    found.add(first.value)
    return found


def test_every_error_has_words() -> None:
    assert len(codes()) > 20
    assert codes() - WORDS.keys() - ONLY_ON_THE_COMMAND_LINE == set()


def test_no_error_has_the_words_of_another() -> None:
    assert sum(len(part) for part in PARTS) == len(WORDS)
