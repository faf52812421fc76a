"""A virus in a file: at once it counts nowhere, the place says why, and a later scan can bring it back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from dgready.guard import clamd
from evidence.attaching import actions, queries
from evidence.attaching.overview import evidence_overview
from evidence.models import Attachment, File, ScanState
from evidence.scanning.queries import due_files
from evidence.tasks import scan_due_files
from reports.content.draft_source import draft_source
from reports.proof.verify import verify_all
from survey.approval.review import current_open_points
from survey.models import Event, Notice, Response
from survey.verifying.report import JournalFault
from tests.evidence.conftest import World, pdf

Browse = Callable[[User], Client]
WORDS = "ไม่นับ"


@pytest.fixture
def says(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Scans everything, with a scanner that says this of each file."""
    settings.CLAMD_ADDRESS = "scanner:1"

    def scan_all(virus: str) -> None:
        monkeypatch.setattr(clamd, "scan", lambda *_args: virus)
        File.objects.exclude(scan_due_at=None).update(scan_due_at=timezone.now() - timedelta(seconds=1))
        scan_due_files()

    return scan_all


def fresh(response: Response) -> Response:
    """As the next request reads it."""
    return Response.objects.select_related("round__instrument").get(pk=response.pk)


def standing_status(world: World) -> str:
    groups = evidence_overview(fresh(world.response), "th").groups
    return next(p.status for group in groups for p in group.places if p.address == "E1=done")


def standing(world: World) -> tuple[bool, bool, str, bool, bool]:
    """Whether place E1 counts for the engine, for boards and in papers, its status, whether it is an open point."""
    response = fresh(world.response)
    item = draft_source(response).evidence["E1=done"][0]
    return (
        "E1=done" in queries.marked_addresses(response),
        "E1=done" in queries.marked_addresses_by_response([response.pk]).get(response.pk, ()),
        standing_status(world),
        item.counts,
        any(point.address == "E1=done" for point in current_open_points(response)),
    )


def proof_faults() -> list[JournalFault]:
    """Without the answer that the test itself wrote beside the journal."""
    return [fault for fault in verify_all().faults if fault.code != "answer.unknown"]


COUNTS = (True, True, "marked", True, False)
COUNTS_NOT = (False, False, "infected", False, True)


def marked(world: World) -> Attachment:
    world.answer({"E1": ["done"]})
    attachment = world.attach()
    world.mark(attachment)
    return attachment


def test_it_stops_counting_at_once_and_counts_again_when_it_is_cleared(
    world: World, says: Callable[[str], None], browse: Browse
) -> None:
    attachment = marked(world)
    assert standing(world) == COUNTS
    says("")
    assert standing(world) == COUNTS
    assert not Event.objects.filter(verb__startswith="scan.").exists()
    File.objects.update(scan_state=ScanState.WAITING, scan_due_at=timezone.now())
    says("Eicar-Test")
    assert standing(world) == COUNTS_NOT
    event = Event.objects.get(verb="scan.infected")
    assert (event.by, event.question, event.data["after"]) == (None, attachment.question, {"virus": "Eicar-Test"})
    client = browse(world.secretary)
    for url in (
        reverse("evidence:slot", args=[world.response.pk, "E1"]) + "?at=E1%3Ddone",
        reverse("evidence:listing", args=[world.response.pk]),
        reverse("survey:fill", args=[world.response.pk, attachment.question.section]),
        reverse("survey:check", args=[world.response.pk]),
    ):
        text = client.get(url).content.decode()
        assert "พบไวรัส" in text, url
        assert WORDS in text, url
    assert proof_faults() == []
    says("Eicar-Test")  # the next day
    assert Event.objects.filter(verb__startswith="scan.").count() == 1
    assert Notice.objects.filter(kind="file.infected", user=world.secretary).count() == 1
    says("")
    assert standing(world) == COUNTS
    assert due_files(timezone.now() + timedelta(days=2), 10) == []
    assert proof_faults() == []


def test_every_answer_that_has_the_file_is_told(world: World, says: Callable[[str], None]) -> None:
    marked(world)
    world.attach(response=world.contribution, by=world.coordinator)
    removed = world.attach("E1b")
    actions.remove_attachment(by=world.secretary, attachment=removed)
    world.attach(response=world.elsewhere, by=world.outsider)
    says("Eicar-Test")
    told = Event.objects.filter(verb="scan.infected")
    by_response = {pk: told.filter(response=pk).count() for pk in told.values_list("response", flat=True)}
    assert by_response == {world.response.pk: 2, world.contribution.pk: 1, world.elsewhere.pk: 1}
    assert proof_faults() == []


def test_taking_it_out_and_attaching_another_counts(world: World, says: Callable[[str], None]) -> None:
    attachment = marked(world)
    says("Eicar-Test")
    attachment.refresh_from_db()
    actions.remove_attachment(by=world.secretary, attachment=attachment)
    assert standing_status(world) == "missing"
    world.mark(world.attach(content=pdf("another")))
    assert standing(world) == COUNTS


def test_attached_again_it_still_does_not_count(world: World, says: Callable[[str], None]) -> None:
    attachment = marked(world)
    says("Eicar-Test")
    again = world.attach("E3/2/paper", name="อีกครั้ง.pdf")
    world.mark(again)
    assert again.file == attachment.file
    assert "E3/2/paper" not in queries.marked_addresses(fresh(world.response))


def test_a_scanner_that_is_away_leaves_the_virus_named(
    world: World, says: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    marked(world)
    says("Eicar-Test")

    def away(*_args: Any) -> str:
        raise clamd.ScannerAway("gone")

    monkeypatch.setattr(clamd, "scan", away)
    File.objects.update(scan_due_at=timezone.now() - timedelta(seconds=1))
    scan_due_files()
    file = File.objects.get()
    assert (file.scan_state, file.scan_detail) == (ScanState.INFECTED, "Eicar-Test")
    assert file.scan_due_at is not None
    assert file.scan_due_at > timezone.now()


def test_a_state_changed_in_the_database_is_found(world: World, says: Callable[[str], None]) -> None:
    marked(world)
    says("Eicar-Test")
    File.objects.update(scan_state=ScanState.CLEAN)
    (fault,) = proof_faults()
    assert (fault.code, fault.field) == ("evidence.changed", "infected")
