"""manage.py evidence text|suggest: what files say, and which passages may prove an answer."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandParser

from evidence.management.commands import _evidence_suggest, _evidence_text

VERBS: Final = {"text": _evidence_text, "suggest": _evidence_suggest}


class Command(BaseCommand):
    """Works on evidence; each verb is a module of its own beside this one, with `add_arguments` and `run`."""

    help = "Read what a file says by page, or find the passages in it that may prove an answer."

    def add_arguments(self, parser: CommandParser) -> None:
        sub = parser.add_subparsers(dest="verb", required=True, parser_class=ArgumentParser)
        for verb, module in VERBS.items():
            module.add_arguments(sub.add_parser(verb, help=module.HELP))

    def handle(self, *args: Any, **options: Any) -> None:
        VERBS[options["verb"]].run(self.stdout, options)
