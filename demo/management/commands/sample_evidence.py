"""manage.py sample_evidence --out DIR --count N: sample PDFs for trying things out."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from demo.sample_documents import sample_documents, write_documents

MAX_COUNT = 2000


class Command(BaseCommand):
    """Writes sample evidence."""

    help = "Writes small PDFs in Thai, marked as samples, into a folder."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--out DIR --count N."""
        parser.add_argument("--out", required=True, type=Path, help="folder, made if it is not there")
        parser.add_argument("--count", type=int, default=10, help=f"how many, 1 to {MAX_COUNT}")

    def handle(self, *args: Any, out: Path, count: int, **options: Any) -> None:
        """Write them and name each."""
        if not 1 <= count <= MAX_COUNT:
            raise CommandError(f"--count is 1 to {MAX_COUNT}")
        for path in write_documents(out, sample_documents(count)):
            self.stdout.write(str(path))
