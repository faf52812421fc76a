"""Whatever is edited behind the application's back is named: by code, place, question, field and event."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.models import F

from accounts.models import Membership
from accounts.roles import Role
from evidence.models import Attachment, File, Mark
from reports.proof.files import FileCheck
from reports.proof.verify import verify_all
from scoring.models import Benchmark, ExternalScore, OfficialResult
from survey.models import (
    Amendment,
    Answer,
    Assignment,
    Attendance,
    Carried,
    Comment,
    CommitteeMember,
    CommitteeOrder,
    Consolidation,
    ConsolidationSource,
    Delegation,
    FrozenResponse,
    Meeting,
    Opinion,
    Question,
    Resolution,
    Response,
    Round,
    SubPillar,
    TabledPaper,
)
from tests.assigned import Assigned
from tests.flow import COURSE
from tests.reports.proof.prepared.edits import (
    LATER,
    NOW,
    cut,
    cut_removal,
    delete_file,
    drop,
    edit,
    edit_source,
    first_file,
    forge_last_event,
    insert_attachment,
    insert_mark,
    insert_part,
    insert_score,
    order,
    overwrite,
    paper,
    refreeze,
    scheme,
)

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
KEPT = {"name": "หลักสูตร.pdf"}
T1 = {"question__item_id": "T1", "response__agency": None}
HELD = {"number": "1"}
Tampering = tuple[Callable[[Assigned], None], str, dict[str, Any]]
TAMPERINGS: dict[str, Tampering] = {
    # answers and the answer's own steps
    "answer value": (edit(Answer, T1, value={"T1": "doing"}), "answer.changed", {"question": "T1", "field": "T1"}),
    "answer person": (edit(Answer, T1, saved_by=F("saved_by") - 1), "answer.changed", {"field": "saved_by"}),
    "answer time": (edit(Answer, T1, saved_at=F("saved_at") + LATER), "answer.changed", {"field": "saved_at"}),
    "answer deleted": (drop(Answer, **T1), "answer.missing", {"question": "T1"}),
    "state": (edit(Response, {"state": "approved"}, state="submitted"), "response.changed", {"field": "state"}),
    "submitted at": (
        edit(Response, {"state": "approved"}, submitted_at=NOW - LATER),
        "response.changed",
        {"field": "submitted_at"},
    ),
    # evidence
    "evidence name": (edit(Attachment, KEPT, name="อื่น.pdf"), "evidence.changed", {"field": "name", "place": COURSE}),
    "evidence place": (edit(Attachment, KEPT, address="T6#r2"), "evidence.changed", {"field": "address"}),
    "evidence date": (
        edit(Attachment, KEPT, document_date="2020-01-01"),
        "evidence.changed",
        {"field": "document_date"},
    ),
    "evidence person": (edit(Attachment, KEPT, added_by=F("added_by") - 1), "evidence.changed", {"field": "added_by"}),
    "evidence file": (
        lambda year: edit(Attachment, KEPT, file=File.objects.get(attachments__name="นำออก.pdf"))(year),
        "evidence.changed",
        {"field": "sha256"},
    ),
    "evidence removed by hand": (
        lambda year: edit(Attachment, KEPT, removed_at=NOW, removed_by=year.secretariat)(year),
        "evidence.changed",
        {"field": "removed_at"},
    ),
    "evidence brought back": (
        edit(Attachment, {"name": "นำออก.pdf"}, removed_at=None, removed_by=None),
        "evidence.changed",
        {"field": "removed_by"},
    ),
    "evidence added": (insert_attachment, "evidence.unknown", {"place": "T8=yes"}),
    "evidence against the frozen text": (edit(Attachment, KEPT, name="x.pdf"), "version.evidence", {"place": COURSE}),
    "mark deleted": (drop(Mark, quote="อีกข้อความ"), "mark.missing", {"place": COURSE, "question": "T6"}),
    "mark added": (insert_mark, "mark.unknown", {"place": COURSE}),
    "mark pages": (edit(Mark, {"quote": "อีกข้อความ"}, pages="7"), "mark.unknown", {"place": COURSE}),
    "mark person": (edit(Mark, None, by=F("by") - 1), "mark.changed", {"field": "by"}),
    "newest evidence event cut": (cut_removal, "evidence.changed", {"field": "removed_at"}),
    "a row newer than its chain": (edit(Answer, T1, saved_at=F("saved_at") + LATER), "chain.cut", {}),
    # parts
    "part state": (edit(Assignment, {"state": "accepted"}, state="submitted"), "part.changed", {"field": "state"}),
    "part due": (edit(Assignment, {"note": "ขยายเวลา"}, due=None), "part.changed", {"field": "due", "question": "T6"}),
    "part reason": (
        edit(Assignment, {"question__item_id": "T8"}, nothing_reason="x"),
        "part.changed",
        {"field": "nothing_reason", "expected": "ไม่มีการสำรวจ", "found": "x"},
    ),
    "part to another agency": (
        lambda year: edit(Assignment, {"question__item_id": "T4", "round": year.round}, agency=year.people.a2)(year),
        "part.missing",
        {"subject": "A1 T4"},
    ),
    "part added": (insert_part, "part.unknown", {"question": "T7"}),
    "newest part event cut": (cut("part.nothing"), "part.changed", {"field": "state"}),
    "newest part event forged": (forge_last_event, "part.changed", {"field": "nothing_reason"}),
    # remarks, decisions, carried answers, stand-ins, scores
    "remark text": (edit(Comment, {"parent": None}, text="x"), "comment.changed", {"field": "text", "question": "T1"}),
    "remark settled": (edit(Comment, {"parent": None}, resolved_at=None), "comment.changed", {"field": "resolved_at"}),
    "reply deleted": (drop(Comment, parent__isnull=False), "comment.missing", {}),
    "decision method": (edit(Consolidation, None, method="edit"), "consolidation.changed", {"field": "method"}),
    "decision source": (edit(ConsolidationSource, None, revision=9), "consolidation.changed", {"field": "sources"}),
    "carried answer": (edit(Carried, None, value={"T1": "x"}), "carried.changed", {"field": "content"}),
    "carried settled": (edit(Carried, {"settled_at": None}, taken=True), "carried.changed", {"field": "taken"}),
    "stand-in days": (
        lambda year: edit(Membership, {"stands_in_for__isnull": False}, valid_to=year.day(90))(year),
        "stand_in.changed",
        {"field": "valid_to"},
    ),
    "external score": (
        edit(ExternalScore, None, score="99.00"),
        "external.changed",
        {"subject": "2.2", "field": "score", "expected": "50.25", "found": "99.00"},
    ),
    "external source": (edit(ExternalScore, None, source="x"), "external.changed", {"field": "source"}),
    "external against the frozen text": (
        edit(ExternalScore, None, score="99.00"),
        "version.external",
        {"subject": "2.2"},
    ),
    "external added": (insert_score, "external.unknown", {"subject": "1.1"}),
    "external deleted": (drop(ExternalScore), "external.missing", {"subject": "2.2"}),
    # rounds
    "round date": (edit(Round, {"year": 2570}, agency_due="2020-01-01"), "round.changed", {"field": "agency_due"}),
    "round end": (edit(Round, {"year": 2570}, closes_at=NOW + 9 * LATER), "round.changed", {"field": "closes_at"}),
    "round guards": (
        edit(Round, {"year": 2570}, submission_guards=["unchanged"]),
        "round.changed",
        {"field": "submission_guards"},
    ),
    "round scheme": (edit(Round, {"year": 2570}, scheme_sha256="0" * 64), "round.changed", {"field": "scheme_sha256"}),
    # committee
    "meeting place": (edit(Meeting, HELD, place="x"), "meeting.changed", {"field": "place"}),
    "meeting outcome": (edit(Meeting, HELD, outcome="returned"), "meeting.changed", {"field": "outcome"}),
    "meeting called off": (edit(Meeting, HELD, cancelled_at=NOW), "meeting.changed", {"field": "cancelled_at"}),
    "attendance": (edit(Attendance, None, present=False), "minutes.changed", {"field": "seat"}),
    "attendance deleted": (drop(Attendance), "minutes.missing", {}),
    "guests": (edit(Meeting, HELD, guests=[]), "minutes.changed", {"field": "guests"}),
    "resolution": (edit(Resolution, None, decision="return"), "minutes.changed", {"field": "decision"}),
    "opinion": (edit(Opinion, None, remark="x"), "minutes.changed", {"field": "remark"}),
    "amendment": (edit(Amendment, None, reason="x"), "minutes.changed", {"field": "reason"}),
    "paper hash": (edit(TabledPaper, None, sha256="0" * 64), "minutes.changed", {"field": "sha256"}),
    "paper file": (overwrite("default", paper), "file.sha256", {"province": "TH-91", "year": 2570}),
    "delegation days": (edit(Delegation, None, ends_on="2030-01-01"), "delegation.changed", {"field": "ends_on"}),
    "delegation order file": (overwrite("default", order), "file.sha256", {"province": "TH-91"}),
    "committee order": (edit(CommitteeOrder, None, quorum=99), "order.changed", {"field": "quorum"}),
    "committee member": (edit(CommitteeMember, None, name="x"), "member.changed", {"field": "name"}),
    "committee member deleted": (drop(CommitteeMember, opinions=None, place=2), "member.missing", {}),
    # frozen versions
    "approver": (
        edit(FrozenResponse, None, approved_by=F("approved_by") - 1),
        "version.changed",
        {"field": "approved_by"},
    ),
    "approval time": (edit(FrozenResponse, None, approved_at=NOW - LATER), "version.changed", {"field": "approved_at"}),
    "public address": (
        edit(FrozenResponse, {"number": 2}, public_id="12345678-1234-5678-1234-567812345678"),
        "version.changed",
        {"field": "public_id", "subject": "2"},
    ),
    "void by": (edit(FrozenResponse, {"number": 1}, voided_by=None), "version.changed", {"field": "voided_by"}),
    "route frozen anew": (
        refreeze(lambda data: data["approved"].update(delegation={"document": "1/2570"})),
        "version.text",
        {"field": "approved.delegation"},
    ),
    "frozen anew": (refreeze(lambda data: data["answers"].popitem()), "version.changed", {"field": "sha256"}),
    # what is published, and files
    "official result": (
        edit(OfficialResult, {"label": "", "year": 2569}, score="99.00"),
        "result.changed",
        {"field": "score", "expected": "71.00", "found": "99.00"},
    ),
    "official rank": (edit(OfficialResult, {"label": "", "year": 2569}, rank=1), "result.changed", {"field": "rank"}),
    "official result deleted": (drop(OfficialResult, label="average"), "result.missing", {}),
    "national figure": (edit(Benchmark, None, percent="1.00"), "benchmark.changed", {"field": "percent"}),
    "instrument source": (edit_source, "instrument.checksum", {"year": 2570}),
    "question": (edit(Question, {"item_id": "T8"}, label_th="x"), "instrument.row", {"question": "T8"}),
    "sub-pillar": (edit(SubPillar, {"code": "2.2"}, name_th="x"), "instrument.row", {"question": "sub-pillar 2.2"}),
    "scheme text": (scheme, "scheme.checksum", {}),
    "evidence bytes": (overwrite("evidence", first_file), "file.sha256", {"question": "T6", "place": COURSE}),
    "evidence longer": (overwrite("evidence", first_file, False), "file.size", {"place": COURSE}),
    "evidence bytes gone": (delete_file("หลักสูตร.pdf"), "file.missing", {"subject": "หลักสูตร.pdf", "place": COURSE}),
    "file row": (
        lambda year: edit(File, {"attachments__name": "นำออก.pdf"}, sha256="0" * 64)(year),
        "evidence.changed",
        {"field": "sha256"},
    ),
}


def test_there_are_enough_of_them() -> None:
    assert len(TAMPERINGS) >= 60


# What PostgreSQL reads differently an honest year would show as a fault: test_honest.py and test_command.py, in both.
@pytest.mark.any_database
@pytest.mark.parametrize("name", TAMPERINGS)
def test_it_is_named(name: str, year: Assigned) -> None:
    act, code, where = TAMPERINGS[name]
    act(year)
    files = FileCheck.FULL if code.startswith("file.") else FileCheck.NONE
    found = [fault.json() for fault in verify_all(files=files).faults]
    matching = [one for one in found if one["code"] == code and where.items() <= one.items()]
    assert matching, [(one["code"], one["field"], one["subject"], one["expected"], one["found"]) for one in found]
    assert all(one["message"] and one["message_en"] for one in found)
    if matching[0]["response"]:
        assert (matching[0]["province"], matching[0]["year"]) in {("TH-91", 2570), ("TH-91", 2571)}


def test_fast_sees_what_is_gone_and_what_has_another_size(year: Assigned) -> None:
    overwrite("evidence", first_file, False)(year)
    delete_file("นำออก.pdf")(year)
    assert verify_all(files=FileCheck.FAST).codes == ["file.size", "file.missing"]


def test_queries_do_not_grow_with_events(year: Assigned, django_assert_max_num_queries: Any) -> None:
    def queries() -> int:
        with django_assert_max_num_queries(1000) as caught:
            assert verify_all(files=FileCheck.FAST).ok
        return len(caught)

    contribution = Response.objects.get(round__year=2571, agency=None)
    before = queries()
    for number in range(150):  # more than are read at once
        _save(year, contribution, number)
    assert queries() == before


def _save(year: Assigned, response: Response, number: int) -> None:
    from survey.answering.actions import save_answer

    question = Question.objects.get(instrument=response.round.instrument, item_id="T0.mail")
    value = {"T0.mail": f"a{number}@example.org"}
    by = year.people.who(Role.SECRETARIAT)
    saved = save_answer(by=by, response=response, question=question, value=value, base_revision=number)
    assert saved.changed, connection.vendor
