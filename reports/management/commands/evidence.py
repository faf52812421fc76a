"""manage.py evidence: what files say, which passages may prove an answer, and evidence handed over."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandParser

from evidence.management.commands import _evidence_links, _evidence_suggest, _evidence_text, _evidence_verify
from reports.management import evidence_verbs

VERBS: Final[dict[str, Any]] = {
    "text": _evidence_text,
    "suggest": _evidence_suggest,
    "links": _evidence_links,
    "verify": _evidence_verify,
    **evidence_verbs.VERBS,
}


class Command(BaseCommand):
    """Works on evidence; each verb has `HELP`, `add_arguments` and `run`.

    Those of evidence itself are modules of its commands; it lies here because the others are of papers.
    """

    help = "Read a file, find the passages in it that may prove an answer, or hand evidence over."

    def add_arguments(self, parser: CommandParser) -> None:
        sub = parser.add_subparsers(dest="verb", required=True, parser_class=ArgumentParser)
        for verb, module in VERBS.items():
            module.add_arguments(sub.add_parser(verb, help=module.HELP))

    def handle(self, *args: Any, **options: Any) -> None:
        VERBS[options["verb"]].run(self.stdout, options)
