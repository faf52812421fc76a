"""An honest year holds: nothing that the application's own actions do is a fault."""

from __future__ import annotations

import pytest

from accounts.actions.places import change_agency
from accounts.models import Agency
from accounts.roles import Role
from evidence.models import File
from reports.proof.files import FileCheck
from reports.proof.verbs import JOURNAL_VERBS
from reports.proof.verify import ProofPosition, verify_all
from survey.models import Event, Response
from tests.assigned import Assigned

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
