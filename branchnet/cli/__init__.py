"""The command line says what the pages say."""

from importlib import import_module
from pkgutil import iter_modules

from flask import Flask


def register(app: Flask) -> None:
    """Add the ``commands`` of every module of this folder."""
    for found in iter_modules(__path__):
        for command in import_module(f"{__name__}.{found.name}").commands:
            app.cli.add_command(command)
