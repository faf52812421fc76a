"""An honest year holds: nothing that the application's own actions do is a fault."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from accounts.actions.places import change_agency
from accounts.models import Agency
from accounts.models.log import VERB_LABELS
from accounts.roles import Role
from evidence.models import File
from reports.proof.files import FileCheck
from reports.proof.verbs import JOURNAL_VERBS, LOG_VERBS, UNPROVED_LOG_VERBS
from reports.proof.verify import ProofPosition, verify_all
from survey.journal.event_texts import VERB_LABELS as JOURNAL_LABELS
from survey.models import Event, Response
from survey.workflow.part_transitions import PART_TRANSITIONS
from survey.workflow.response_transitions import PROVINCIAL_TRANSITIONS
from tests.assigned import Assigned
from tests.trial import ROOT

WRITERS = {"log", "_log", "_log_member", "create_membership", "end_membership", "grant_temporary_role"}
VERB = re.compile(r"[a-z_]{4,}(\.[a-z_]+)?")
pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.mark.parametrize("files", FileCheck)
def test_an_honest_year_holds(year: Assigned, files: FileCheck) -> None:
    report = verify_all(files=files)
    assert [fault.json() for fault in report.faults] == []
    assert report.responses == Response.objects.count()
    assert report.events == Event.objects.count()
    assert set(report.unproved) <= {"membership"}  # the people of the tests are stored by hand
    if files is not FileCheck.NONE:
        assert report.files >= File.objects.count() + 2  # and a paper on the table, and an order


def test_the_year_has_nearly_every_verb(year: Assigned) -> None:
    """What is proved above is not proved of nothing."""
    missing = JOURNAL_VERBS - set(Event.objects.values_list("verb", flat=True))
    assert len(missing) < len(JOURNAL_VERBS) / 2, sorted(missing)


def test_it_goes_on_where_it_stopped(year: Assigned) -> None:
    whole = verify_all(files=FileCheck.FULL)
    slices, position = [], None
    for _number in range(200):
        report = verify_all(files=FileCheck.FULL, start=position, seconds=0)
        slices.append(report)
        if report.position is None:
            break
        position = ProofPosition.from_json(report.position.json())
    assert len(slices) > whole.responses + whole.files
    for name in ("responses", "events", "files"):
        assert sum(getattr(one, name) for one in slices) == getattr(whole, name)


def test_an_agency_that_gets_another_code(year: Assigned) -> None:
    """Events name agencies by their code of the day; codes may even be exchanged."""
    by = year.people.who(Role.PROVINCE_ADMIN)
    for agency, code in ((year.people.a1, "X"), (year.people.a2, "A1"), (year.people.a1, "A2")):
        change_agency(by=by, agency=Agency.objects.get(pk=agency.pk), code=code)
    assert [fault.json() for fault in verify_all(files=FileCheck.NONE).faults] == []


def _written_verbs() -> set[str]:
    """Every verb that the code writes: given to what records, or put under the name `verb`."""
    found: set[str] = set()
    for app in ("accounts", "survey", "evidence", "scoring", "nation", "reports"):
        for path in sorted((ROOT / app).rglob("*.py")):
            if not {"migrations", "verifying", "proof"} & set(path.parts):
                found |= set(filter(VERB.fullmatch, _verbs_in(path)))
    return found | {row.verb for row in (*PART_TRANSITIONS, *PROVINCIAL_TRANSITIONS)}


def _verbs_in(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        given: list[ast.expr | None] = []
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if "record" in name or name in WRITERS:
                given = [*node.args, *(keyword.value for keyword in node.keywords if keyword.arg == "verb")]
        elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "verb":
            given = [node.value]
        elif isinstance(node, ast.arguments):
            pairs = zip(node.kwonlyargs, node.kw_defaults, strict=True)
            given = [default for argument, default in pairs if argument.arg == "verb"]
        for value in filter(None, given):
            for part in (value.body, value.orelse) if isinstance(value, ast.IfExp) else (value,):
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    yield part.value


def test_every_verb_of_the_code_has_its_replayer() -> None:
    """A new verb needs a replayer, or a line that says why no row is proved by it."""
    known = JOURNAL_VERBS | LOG_VERBS | UNPROVED_LOG_VERBS
    written = _written_verbs()
    assert {"evidence.attach", "meeting.table", "external.save", "delegate", "import_results"} <= written
    assert {"answer.save", "round.extend", "part.accept", "committee_member_change", "stand_in"} <= written
    assert sorted(written - known) == []
    assert sorted(set(JOURNAL_LABELS) - JOURNAL_VERBS) == []
    assert sorted(LOG_VERBS - set(VERB_LABELS)) == []
