"""manage.py backup: makes a backup, lists backups, checks one."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from reports.backup.making import backup_names, load_manifest, make_backup
from reports.backup.manifest import BackupError
from reports.backup.restoring import as_json, check_backup, describe
from reports.backup.targets import open_target


class Command(BaseCommand):
    """Backs up the database, all stores and the list of settings, while people save."""

    requires_system_checks = []  # whatever they would say, the data comes first
    help = "Back up database, files and the list of settings; --list and --check look at what is there"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The target, and what to do there."""
        where = parser.add_mutually_exclusive_group()
        where.add_argument("--out", metavar="DIR", help="a folder")
        where.add_argument("--target", metavar="s3://BUCKET/PREFIX", help="a bucket of the store BACKUP_S3_ENDPOINT")
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--list", action="store_true", help="list the backups there")
        what.add_argument("--check", metavar="NAME", nargs="?", const="", help="check one, or the newest")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit code 1 when something is missing or altered. Raises CommandError when nothing could be done."""
        given = options["out"] or options["target"]
        targets = [given] if given else settings.BACKUP_TARGETS
        if not targets:
            raise CommandError("no target: --out DIR, --target s3://BUCKET/PREFIX or the setting BACKUP_TARGETS")
        failed = False
        for address in targets:
            try:
                failed |= not self._do(address, options)
            except BackupError as error:
                self.stderr.write(f"backup: {error}")  # the other targets are tried all the same
                failed = True
        if failed:
            raise SystemExit(1)

    def _do(self, address: str, options: dict[str, Any]) -> bool:
        if options["list"]:
            return self._list(address, options["format"] == "json")
        if options["check"] is not None:
            return self._check(address, options["check"] or None)
        say = self.stderr.write if options["format"] == "json" else self.stdout.write
        made = make_backup(address, say)
        if options["format"] == "json":
            self.stdout.write(json.dumps(as_json(made), ensure_ascii=False))
        for fault in made.faults:
            self.stderr.write(f"backup: {fault}")
        return not made.faults

    def _list(self, address: str, in_json: bool) -> bool:
        target = open_target(address)
        with TemporaryDirectory(dir=settings.UPLOAD_DIR) as folder:
            made = [load_manifest(target, name, Path(folder)) for name in backup_names(target)]
        if in_json:
            self.stdout.write(json.dumps([as_json(one) for one in made], ensure_ascii=False))
            return True
        for one in made:
            self.stdout.write(describe(one))
        self.stdout.write(f"{len(made)} backup(s) at {address}")
        return True

    def _check(self, address: str, name: str | None) -> bool:
        with TemporaryDirectory(dir=settings.UPLOAD_DIR) as folder:
            chosen = check_backup(address, name, Path(folder))
        self.stdout.write(f"{describe(chosen.manifest)}: whole")
        return True
