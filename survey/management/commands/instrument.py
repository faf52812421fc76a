"""manage.py instrument check|load|show|move|official-text|links: an instrument from file to database and back."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dgready.limits import DATA_FILE_BYTES, read_limited, read_text
from dgready.thai_words import thai_dictionary
from dgready.versioned_files import find_version, split_version
from dgready.yaml_upload import prove_yaml_file
from scoring.scheme.check import check_scheme as check_scheme
from scoring.scheme.load import parse_scheme as parse_scheme
from survey.instrument import actions
from survey.instrument.check import check_instrument
from survey.instrument.official.matching import LEAST_MATCHED, match_official_text
from survey.instrument.official.report import match_as_json, report_lines
from survey.instrument.published_json import instrument_json
from survey.instrument.queries import compiled_instrument
from survey.instrument.schema import CompiledInstrument as Compiled
from survey.instrument.schema import Item
from survey.instrument.source import SourceError
from survey.instrument.spelling import spelling_warnings
from survey.linking.checking import check_link_file
from survey.linking.links_json import links_json
from survey.management.commands._instrument_move import add_move_arguments, run_move
from survey.models import Instrument
from survey.publishing.actions import attach_official, load_form
from survey.publishing.reading import NotText, checksum_of, decode_file


class Command(BaseCommand):
    """Checks, loads and shows instruments."""

    help = "Check, load or show an instrument; move rounds to another version; attach the official wording."

    def add_arguments(self, parser: CommandParser) -> None:
        sub = parser.add_subparsers(dest="verb", required=True, parser_class=ArgumentParser)
        one = sub.add_parser("check", help="list every fault of a file and doubtful Thai, with its place")
        one.add_argument("file", type=Path)
        one.add_argument("--scheme", type=Path, help="scoring scheme file; by default the one of this year")
        one = sub.add_parser("load", help="load a file; does nothing when it is already loaded")
        one.add_argument("file", type=Path)
        one.add_argument("--publish", action="store_true", help="from then on this version never changes")
        one = sub.add_parser("show", help="print the newest version of a year")
        one.add_argument("year", type=int)
        one.add_argument("--format", choices=["json", "text"], default="text")
        add_move_arguments(sub.add_parser("move", help="move rounds to another published version of their form"))
        one = sub.add_parser("official-text", help="attach the exact wording from a text of the paper form")
        one.add_argument("year", type=int)
        one.add_argument("file", type=Path)
        one.add_argument(
            "--dry-run", action="store_true", help="say what would be attached and how sure; change nothing"
        )
        one.add_argument("--format", choices=["json", "text"], default="text")
        one = sub.add_parser("links", help="check a file of links between two years")
        one.add_argument("act", choices=["check"])
        one.add_argument("file", type=Path)
        one.add_argument("--figures", type=Path, help="table of published figures; by default ../benchmarks/YEAR.csv")
        one.add_argument("--format", choices=["json", "text"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, "do_" + options["verb"].replace("-", "_"))(options)

    def do_check(self, options: dict[str, Any]) -> None:
        """`instrument check`."""
        text = self.yaml(options["file"])
        for warning in spelling_warnings(text):
            self.stdout.write(f"{options['file']}: warning: {warning}")
        compiled, faults = check_instrument(text)
        lines = [f"{options['file']}: {fault}" for fault in faults]
        # A form without scored pillars, as departments answer, has no scheme.
        if compiled and (options["scheme"] or any(pillar.scored for pillar in compiled.pillars)):
            path = options["scheme"] or scheme_beside(options["file"])
            scheme, wrong = parse_scheme(self.yaml(path))
            wrong += check_scheme(scheme, compiled) if scheme else []
            lines += [f"{path}: {fault}" for fault in wrong]
        if lines:
            raise CommandError("\n".join([*lines, f"{len(lines)} fault(s)"]))
        assert compiled is not None
        self.stdout.write(f"{options['file']}: no faults ({len(compiled.items)} items)")

    def do_load(self, options: dict[str, Any]) -> None:
        """`instrument load`."""
        file: Path = options["file"]
        try:
            row, _file, changed = load_form(
                by=None, text=self.exact_text(file), name=file.name, publish=options["publish"]
            )
        except (actions.InstrumentRejected, actions.AlreadyPublished, SourceError) as error:
            raise CommandError(str(error)) from error
        state = "published" if row.published_at else "draft"
        self.stdout.write(f"{row}: {'loaded' if changed else 'already loaded'} ({state})")

    def do_show(self, options: dict[str, Any]) -> None:
        """`instrument show`."""
        compiled = compiled_instrument(self.newest(options["year"]))
        if options["format"] == "json":
            self.stdout.write(json.dumps(instrument_json(compiled), ensure_ascii=False, indent=1))
            return
        for line in outline(compiled):
            self.stdout.write(line)

    def do_move(self, options: dict[str, Any]) -> None:
        """`instrument move`; exit code 1 where a round was not moved."""
        run_move(options, self.stdout.write, self.stderr.write)

    def do_official_text(self, options: dict[str, Any]) -> None:
        """`instrument official-text`; exit code 1 and no change for a text that is not this form."""
        row = self.newest(options["year"])
        match = match_official_text(compiled_instrument(row), self.text(options["file"]), thai_dictionary())
        if options["format"] == "json":
            self.stdout.write(json.dumps(match_as_json(match), ensure_ascii=False, indent=1))
        else:
            self.stdout.writelines(f"{line}\n" for line in report_lines(match))
        if not match.is_enough:
            least = f"{100 * LEAST_MATCHED:.0f} %"
            raise CommandError(f"{options['file']}: less than {least} of {row} is in this text; nothing was changed")
        if not options["dry_run"]:
            checksum = checksum_of(self.exact_text(options["file"]))
            attach_official(by=None, row=row, match=match, name=options["file"].name, checksum=checksum)
        if options["format"] == "text":
            self.stdout.write("nothing was changed" if options["dry_run"] else f"attached: {len(match.wordings)}")

    def do_links(self, options: dict[str, Any]) -> None:
        """`instrument links check`."""
        file = options["file"]
        try:
            checked = check_link_file(file, options["figures"])
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{file}: {error}") from error
        if options["format"] == "json":
            self.stdout.write(json.dumps(links_json(str(file), checked), ensure_ascii=False, indent=1))
        if checked.links is None:
            lines = [f"{file}: {fault}" for fault in checked.faults] if options["format"] == "text" else []
            raise CommandError("\n".join([*lines, f"{len(checked.faults)} fault(s)"]))
        if options["format"] == "text":
            self.stdout.write(f"{file}: no faults ({len(checked.links.links)} links)")

    def newest(self, year: int) -> Instrument:
        """The newest published version of a year, or the newest draft."""
        rows = Instrument.objects.filter(year=year).order_by("-respondents", "-version")  # the provinces' form first
        row = rows.filter(published_at__isnull=False).first() or rows.first()
        if row is None:
            raise CommandError(f"no instrument of {year} is loaded")
        return row

    def exact_text(self, path: Path) -> str:
        """The file's text letter by letter, as it is kept, or a plain error."""
        try:
            with path.open("rb") as file:
                return decode_file(read_limited(file, DATA_FILE_BYTES))
        except (OSError, NotText) as error:
            raise CommandError(f"{path}: {error}") from error

    def yaml(self, path: Path) -> str:
        """The text of a YAML file, read within limits before, or a plain error."""
        try:
            return prove_yaml_file(path)
        except (OSError, SourceError) as error:
            raise CommandError(f"{path}: {error}") from error

    def text(self, path: Path) -> str:
        """The file's text, or a plain error."""
        try:
            return read_text(path)
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{path}: {error}") from error


def scheme_beside(file: Path) -> Path:
    """Where the scheme of an instrument file is kept: in ../schemes under its name, or beside it; of its version."""
    name, version = split_version(file)
    schemes = file.parent.parent / "schemes"
    beside = find_version(file.parent, f"{name}-scheme", version) or find_version(schemes, name, version)
    return beside or schemes / file.name


def outline(instrument: Compiled) -> list[str]:
    """The form as indented lines for people."""
    lines = [f"{instrument.key} {instrument.year} v{instrument.version}: {instrument.title.th}"]
    for section in instrument.sections:
        lines.append(f"\n[{section.id}] {section.title.th}")
        for item in section.items:
            lines += _outline(item, 1)
    return lines


def _outline(item: Item, depth: int) -> list[str]:
    pad = "  " * depth
    limits = f" {item.min_rows}–{item.max_rows}" if item.max_rows else ""
    lines = [f"{pad}{item.code or '·'} ({item.kind}{limits}) {item.ask.th}"]
    for option in item.options:
        mark = {"required": " [แนบหลักฐาน]", "or_url": " [แนบหลักฐานหรือ URL]"}.get(option.evidence, "")
        lines.append(f"{pad}  - {option.label.th}{mark}")
    lines += [f"{pad}  = {row.label.th}" for row in item.rows]
    for child in item.children:
        lines += _outline(child, depth + 1)
    return lines
