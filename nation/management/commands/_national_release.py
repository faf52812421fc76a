"""manage.py national release: the national report of a year as its next version, which never changes."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from django.core.management.base import CommandError

from accounts.actions.log import RefusedError
from dgready.limits import read_text
from nation.releases.actions import make_release
from nation.releases.embargo import released_version
from nation.releases.queries import NotCounted, NothingToRelease, changes_to, compose_release

HELP: Final = "release the report as the next version (1.0, 1.1, …); the public does not see it yet"


def add_arguments(parser: ArgumentParser) -> None:
    """Which year, with which notes."""
    parser.add_argument("--year", type=int, required=True, help="Buddhist era")
    parser.add_argument("--notes", type=Path, required=True, help="file with the notes of this version, UTF-8")
    parser.add_argument("--scores", action="store_true", help="also published results and ranks of the provinces")
    parser.add_argument("--format", choices=["json", "text"], default="text")


def handle(options: Mapping[str, Any]) -> str:
    """What is printed. Raises CommandError."""
    year = options["year"]
    try:
        notes = read_text(options["notes"])
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"the notes cannot be read: {error}") from error
    try:
        new = compose_release(year, scores=options["scores"])
        changes = changes_to(released_version(year), new.content)
        release = make_release(by=None, year=year, new=new, notes=notes)
    except NotCounted as error:
        raise CommandError(str(error)) from error
    except NothingToRelease as error:
        raise CommandError(f"no province has an approved answer of {year}") from error
    except RefusedError as refusal:
        raise CommandError(str(refusal)) from refusal
    told = {
        "year": year,
        "version": release.version,
        "sha256": release.sha256,
        "provinces": new.content["provinces"],
        "changed": None if changes is None else len(changes.national),
    }
    if options["format"] == "json":
        return json.dumps(told, ensure_ascii=False, indent=1)
    return " ".join(f"{name}={value}" for name, value in told.items() if value is not None)
