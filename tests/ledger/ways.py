"""Every way into the ledger, and how often each was tried while something ran."""

import ast
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import wraps
from inspect import isfunction
from pathlib import Path
from typing import Any
from unittest.mock import patch

from branchnet.batches import commands
from branchnet.batches.lists import commands as lists
from branchnet.batches.lists.known import PURPOSES

ASKING = frozenset({"wrong_with"})
"""What only says what is wrong, before anything is done."""
VERBS = frozenset(name for name in commands.__all__ if isfunction(getattr(commands, name))) - ASKING
OF_LISTS = frozenset({"bring", "try_out", "apply", "drop"})
WAYS = VERBS | {f"list {name}" for name in OF_LISTS} | {f"write {purpose}" for purpose in PURPOSES}
"""The verbs of a batch, those of a list, and what writes a list down, by its purpose."""

HERE = Path(__file__).parent
DRAWN = (HERE / "machine.py", *sorted((HERE / "rules").glob("*.py")))


def named() -> set[str]:
    """The ways that histories name; a list is written down where a rule brings it for its purpose."""
    nodes = [node for path in DRAWN for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
    called = {
        (node.value.id, node.attr)
        for node in nodes
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }
    words = {node.value for node in nodes if isinstance(node, ast.Constant)}
    verbs = {name for name in VERBS if ("batches", name) in called}
    of_lists = {f"list {name}" for name in OF_LISTS if ("lists", name) in called}
    return verbs | of_lists | {f"write {purpose}" for purpose in PURPOSES if purpose in words}


@contextmanager
def counted() -> Iterator[Counter[str]]:
    """Count how often each is called, refused or not."""
    tried: Counter[str] = Counter()

    def counting(way: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def called(*given: Any, **named: Any) -> Any:
            tried[way] += 1
            return function(*given, **named)

        return called

    with ExitStack() as patches:
        for name in VERBS:
            patches.enter_context(patch.object(commands, name, counting(name, getattr(commands, name))))
        for name in OF_LISTS:
            patches.enter_context(patch.object(lists, name, counting(f"list {name}", getattr(lists, name))))
        writers = {
            name: replace(purpose, write=counting(f"write {name}", purpose.write)) for name, purpose in PURPOSES.items()
        }
        patches.enter_context(patch.dict(PURPOSES, writers))  # type: ignore[arg-type]
        yield tried
