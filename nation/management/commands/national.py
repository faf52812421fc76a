"""manage.py national VERB: the national report at a terminal. Each verb is a module of its own.

Verbs are the modules `_national_VERB` beside this one, and those that other apps register (nation.national.verbs): the
demonstration builds the made-up nation, and nothing may import the demonstration.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module
from types import ModuleType
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandParser

from nation.management import commands
from nation.national.verbs import registered_verbs

PREFIX: Final = "_national_"


class Command(BaseCommand):
    """Reads the report, releases it, or builds the made-up nation."""

    help = "The national report: show, release, sample."

    def add_arguments(self, parser: CommandParser) -> None:
        """The verbs and their options."""
        parsers = parser.add_subparsers(dest="verb", required=True)
        for name, module in _verbs().items():
            module.add_arguments(parsers.add_parser(name, help=getattr(module, "HELP", "")))

    def handle(self, *args: Any, **options: Any) -> None:
        """Runs the verb and prints what it returns. Raises CommandError."""
        if told := _verbs()[options["verb"]].handle(options):
            self.stdout.write(told)


def _verbs() -> dict[str, ModuleType]:
    names = [module.name for module in pkgutil.iter_modules(commands.__path__)]
    own = {name.removeprefix(PREFIX): f"{commands.__name__}.{name}" for name in names if name.startswith(PREFIX)}
    return {name: import_module(module) for name, module in sorted((own | dict(registered_verbs())).items())}
