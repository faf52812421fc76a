"""Further verbs of manage.py evidence: `binder`, `bundle` and `index`."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.core.management.base import CommandError, OutputWrapper

from dgready.disk import file_sha256
from reports.errors import ReportError
from reports.handover.gathering import gather_package
from reports.handover.package import Scope
from reports.handover.writers import write_package
from survey.models import Response


@dataclass(frozen=True, slots=True)
class HandoverVerb:
    """A verb that writes evidence to a file; the ending of its name says in which of some forms."""

    name: str
    endings: tuple[str, ...]
    HELP: str

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Those of the verb."""
        parser.add_argument("--province", required=True, help="code, such as TH-43")
        parser.add_argument("--year", type=int, required=True, help="Buddhist era")
        parser.add_argument("--agency", metavar="KEY", help="code of an agency: what it contributed")
        part = parser.add_mutually_exclusive_group()
        part.add_argument("--pillar", metavar="N", help="number of a pillar")
        part.add_argument("--question", metavar="ID", help="id or code of a question")
        parser.add_argument("--out", type=Path, required=True, help=f"the file to write: {', '.join(self.endings)}")
        parser.add_argument("--language", choices=["th", "en"], default="th")

    def run(self, stdout: OutputWrapper, options: Mapping[str, Any]) -> None:
        """Writes the file, which appears only when it is whole. Raises CommandError."""
        out: Path = options["out"]
        if out.suffix.lower() not in self.endings:
            raise CommandError(f"{out}: the name must end in {' or '.join(self.endings)}")
        if not out.parent.is_dir():
            raise CommandError(f"{out.parent} is not a folder")
        response = find_response(options["province"], options["year"], options["agency"])
        partial = out.with_name(out.name + ".part")
        try:
            scope = Scope(pillar=options["pillar"] or "", question=options["question"] or "")
            package = gather_package(response, scope, options["language"])
            form = f"{self.name}{out.suffix.lower()}"
            write_package(form, package, partial, _show_progress, response.round.province)
            partial.replace(out)
        except (ReportError, OSError) as error:
            raise CommandError(str(error)) from error
        finally:
            partial.unlink(missing_ok=True)
        found = f"{len(package.documents)} documents, {out.stat().st_size} bytes"
        stdout.write(f"{out}  {found}  sha256 {file_sha256(out)}")


def find_response(province: str, year: int, agency: str | None) -> Response:
    """The answer of a province, or what an agency contributed to it. Raises CommandError."""
    rows = Response.objects.select_related("round__province", "round__instrument", "agency")
    rows = rows.filter(round__province__code=province, round__year=year).defer("round__instrument__source")
    if not rows.exists():
        raise CommandError(f"province {province} has no round of the year {year}")
    chosen = rows.filter(agency__code__iexact=agency) if agency else rows.filter(agency=None)
    response = chosen.first()
    if response is None:
        raise CommandError(f"agency {agency} contributes nothing to {province} {year}")
    return response


def _show_progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{done * 100 // total:3d} %")


VERBS: Final = {
    "binder": HandoverVerb("binder", (".pdf",), "all evidence as one PDF, marks burned in"),
    "bundle": HandoverVerb("bundle", (".zip",), "the files in folders by pillar and question, with an index"),
    "index": HandoverVerb("index", (".xlsx", ".csv", ".json", ".pdf"), "the list of evidence with hashes and marks"),
}
