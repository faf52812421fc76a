"""manage.py evidence verify: stored files, what is read of them, and all marks, looked at again."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.core.management.base import CommandError, OutputWrapper

from evidence.checking.rechecking import MarkRecheck, marks_of, recheck_marks, texts_not_read
from reports.proof.files import EvidenceFiles, FileCheck, check_file
from survey.verifying.replayer import Names
from survey.verifying.report import JournalFault

HELP: Final = "check all evidence again: files missing or altered, texts not read, marks in a wrong state"
SHOWN_QUOTE: Final = 60  # characters of a passage in a line


def add_arguments(parser: ArgumentParser) -> None:
    """Those of the verb."""
    parser.add_argument("--format", choices=["json", "text"], default="text")
    parser.add_argument("--province", default="", metavar="CODE", help="marks of this province only")
    parser.add_argument("--year", type=int, help="marks of this year only")
    parser.add_argument("--fast", action="store_true", help="look at presence and size of files, not at every byte")


def run(out: OutputWrapper, options: dict[str, Any]) -> None:
    """Prints what was looked at and every fault. Raises CommandError where there is one."""
    files, faults = _check_files(FileCheck.FAST if options["fast"] else FileCheck.FULL)
    marks = list(recheck_marks(marks_of(options["province"], options["year"])))
    texts = list(texts_not_read())
    wrong = [mark for mark in marks if mark.is_fault]
    told = {
        "ok": not faults and not wrong,
        "files": {"checked": files, "faults": [fault.json() for fault in faults]},
        "texts": {"not_read": texts},
        "marks": {
            "checked": len(marks),
            "states": dict(sorted(Counter(mark.state or "unchecked" for mark in marks).items())),
            "wrong": len(wrong),
            "all": [mark.json() for mark in marks],
        },
    }
    if options["format"] == "json":
        out.write(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        _print_text(out, told, faults, wrong)
    if not told["ok"]:
        raise CommandError(f"{len(faults)} fault(s) of files, {len(wrong)} mark(s) in a wrong state")


def _check_files(how: FileCheck) -> tuple[int, list[JournalFault]]:
    source, checked, faults = EvidenceFiles(), 0, []
    storage = source.storage()
    for stored in source.read(0, Names()):
        checked += 1
        if fault := check_file(storage, stored, how):
            faults.append(fault)
    return checked, faults


def _print_text(
    out: OutputWrapper, told: Mapping[str, Any], faults: Iterable[JournalFault], wrong: Iterable[MarkRecheck]
) -> None:
    states = ", ".join(f"{state} {count}" for state, count in told["marks"]["states"].items())
    out.write(f"files: {told['files']['checked']} checked, {len(told['files']['faults'])} fault(s)")
    out.write(f"texts: {len(told['texts']['not_read'])} not read")
    out.write(f"marks: {told['marks']['checked']} checked ({states or 'none'}), {told['marks']['wrong']} wrong")
    for fault in faults:
        out.write(f"  {fault.text('en')}")
    for text in told["texts"]["not_read"]:
        out.write(f"  {text['sha256'][:12]}.{text['kind']}: {text['state']} {text['why']}".rstrip())
    for mark in wrong:
        said = mark.quote if len(mark.quote) <= SHOWN_QUOTE else mark.quote[:SHOWN_QUOTE] + "…"
        where = f"{mark.province} {mark.year} {mark.place} {mark.name}, page {mark.pages}"
        out.write(f"  {where}: {mark.state or 'unchecked'}, should be {mark.should_be}: {said}")
