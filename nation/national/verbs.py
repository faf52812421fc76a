"""Verbs of `manage.py national` that another app adds: the demonstration's `sample`, which no app may import."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_REGISTERED: Final[dict[str, str]] = {}


def register_verb(name: str, module: str) -> None:
    """Adds a verb by the dotted name of its module, imported when the command runs.

    The module has HELP, add_arguments(parser) and handle(options), which returns what is printed.
    """
    _REGISTERED[name] = module


def registered_verbs() -> Mapping[str, str]:
    """The verbs that other apps added, by name."""
    return dict(_REGISTERED)
