"""manage.py restore: puts a backup into place and proves the journal."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from reports.backup.database import database_name
from reports.backup.manifest import BackupError
from reports.backup.restoring import restore_backup


class Command(BaseCommand):
    """Restores database and files of a backup, then runs `journal verify`."""

    requires_system_checks = []  # whatever they would say, the data comes first
    help = "Restore a backup into this installation, then verify the journal"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where the backup lies, which one, and whether what is here may be replaced."""
        parser.add_argument("source", metavar="DIR|s3://BUCKET/PREFIX")
        parser.add_argument("--backup", metavar="NAME", help="which one; the newest when not given")
        parser.add_argument("--replace", action="store_true", help="replace what is here; asks for its name")
        parser.add_argument("--confirm", metavar="DATABASE", help="its name, where nobody can type it")
        parser.add_argument("--no-verify", action="store_true", help="leave out `journal verify`")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit code 1 on any difference. Raises CommandError when nothing was restored."""
        try:
            faults = restore_backup(
                options["source"], options["backup"], self.stdout.write, confirmed=self._confirmed(options)
            )
        except BackupError as error:
            raise CommandError(f"nothing was replaced: {error}") from error
        for fault in faults:
            self.stderr.write(f"restore: {fault}")
        if not options["no_verify"]:
            call_command("journal", "verify", stdout=self.stdout)  # raises SystemExit(1) on faults
        if faults:
            raise SystemExit(1)

    def _confirmed(self, options: dict[str, Any]) -> str | None:
        if not options["replace"]:
            return None
        if options["confirm"]:
            return str(options["confirm"])
        if not sys.stdin.isatty():
            raise CommandError("--replace asks for the name of the database; without a terminal give it by --confirm")
        return input(f"Everything in the database is replaced. Type its name ({database_name()}): ").strip()
