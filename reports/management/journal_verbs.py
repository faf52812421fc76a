"""Further verbs of manage.py journal: `anchor` and `export`."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, OutputWrapper

from reports.proof.anchoring import make_anchor
from survey.approval.snapshot import verify_snapshot
from survey.models import FrozenResponse


def add_verbs(sub: Any) -> None:
    """Adds the verbs to the command's parser."""
    anchor = sub.add_parser("anchor", help="write the heads of all chains outside the database now")
    anchor.add_argument("--format", choices=["json", "text"], default="text")
    export: ArgumentParser = sub.add_parser("export", help="write an approved version, byte by byte as it was frozen")
    export.add_argument("--province", required=True, help="code of the province")
    export.add_argument("--year", required=True, type=int)
    export.add_argument("--version", type=int, dest="number", help="number; without it the valid one")
    export.add_argument("--out", required=True, type=Path, help="file to write")


def run_anchor(options: Mapping[str, Any], stdout: OutputWrapper) -> None:
    """Makes an anchor and says its name and hash. Raises CommandError."""
    try:
        made = make_anchor()
    except OSError as error:
        raise CommandError(f"the anchor could not be stored: {error!r}") from error
    if options["format"] == "json":
        stdout.write(json.dumps(made.json(), ensure_ascii=False))
    else:
        seals = [
            name for name, value in (("signed", made.json()["signed"]), ("stamped", made.json()["stamped"])) if value
        ]
        stdout.write(f"{made.name}.txt: {made.chains} chains, {', '.join(seals) or 'unsigned'}, SHA-256 {made.sha256}")
    if made.problems:
        raise CommandError("; ".join(made.problems))


def run_export(options: Mapping[str, Any], stdout: OutputWrapper) -> None:
    """Writes the content of an approved version. Raises CommandError."""
    versions = FrozenResponse.objects.filter(
        response__round__province__code=options["province"], response__round__year=options["year"]
    )
    number = options["number"]
    chosen = versions.filter(voided_at=None) if number is None else versions.filter(number=number)
    version = chosen.order_by("-number").first()
    if version is None:
        raise CommandError("there is no such approved version")
    if faults := verify_snapshot(version):
        raise CommandError(f"version {version.number} is not written: {'; '.join(faults)}")
    try:
        options["out"].write_bytes(version.content.encode())
    except OSError as error:
        raise CommandError(str(error)) from error
    stdout.write(f"{options['out']}: version {version.number}, SHA-256 {version.sha256}")


VERBS: dict[str, Callable[[Mapping[str, Any], OutputWrapper], None]] = {"anchor": run_anchor, "export": run_export}
