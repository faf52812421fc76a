"""A year with at least one of everything that the verification proves, made by the application's own actions."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.actions import grant_role
from accounts.models import Membership, User
from accounts.roles import Role
from evidence.attaching import actions as evidence
from evidence.models import Attachment
from scoring.externals.actions import save_external_score
from scoring.results.actions.benchmarks import COLUMNS as NATIONAL_COLUMNS
from scoring.results.actions.benchmarks import import_benchmarks
from scoring.results.actions.official import COLUMNS, import_official_results
from survey.approval import actions as workflow
from survey.approval.review import read_evidence_and_score
from survey.assigning import actions as assignments
from survey.assigning.actions import AssignmentTerms
from survey.assigning.reassigning import reassign_parts
from survey.carrying.actions import open_next_round, set_aside_carried
from survey.carrying.views.next_round import evidence_to_carry
from survey.committee.actions.amendments import amend_meeting
from survey.committee.actions.attendance import Guest, record_attendance
from survey.committee.actions.conclusion import conclude_meeting, extend_late_additions
from survey.committee.actions.meetings import cancel_meeting, change_meeting
from survey.committee.actions.opinions import GivenOpinion, record_opinions
from survey.committee.attendance import read_attendance
from survey.committee.opinions import WHOLE
from survey.consolidating.actions import consolidate_agreed
from survey.contributing.stand_ins import name_stand_in
from survey.models import Carried, Meeting, Response
from survey.rounds.actions import DATE_FIELDS, change_round_dates
from survey.threads import actions as threads
from survey.threads.actions import ThreadSubject
from tests import committee
from tests.assigned import Assigned, make_assigned
from tests.factories import UserFactory
from tests.flow import COURSE, FULL
from tests.people import make_people
from tests.scoring.published import published
from tests.trial import ROOT, publish

LINKS = ROOT / "tests/instruments/links"
NEXT = ROOT / "tests/instruments/dg-trial-2571.yaml"


def make_world(folder: Path) -> Assigned:
    """Builds the year; `folder` is for files on their way into the store."""
    world = make_assigned(make_people())
    world.flow.fill()
    _parts(world)
    _evidence(world)
    save_external_score(
        by=world.secretariat,
        response=world.flow.response,
        sub_pillar="2.2",
        score=Decimal("50.25"),
        source="หนังสือแจ้งผล",
        dated=timezone.localdate(),
    )
    _threads(world)
    consolidate_agreed(by=world.secretariat, response=world.flow.response)
    _committee(world, folder)
    _figures(world)
    _approve(world)
    _next_year(world)
    return world


def _parts(world: Assigned) -> None:
    world.answer("T1", FULL["T1"])
    world.move("submit")
    world.move("accept")
    world.move("nothing", world.part(name="T8"), reason="ไม่มีการสำรวจ")
    town = world.people.a2
    mayor = world.people.who(Role.COORDINATOR, "a2")
    world.move("decline", world.part(town, "T5.1"), by=mayor, reason="ไม่ใช่งานของเรา", suggested=world.people.a1)
    reassign_parts(by=world.secretariat, round_=world.round, moving=[world.part(town, "T5.1")], to=world.people.a1)
    terms = AssignmentTerms("R", due=world.day(10), note="ขยายเวลา")
    assignments.change_assignment(by=world.secretariat, assignment=world.part(town, "T6"), terms=terms)
    world.answer("T5.1", {"T5.1": "none"})
    own = Membership.objects.select_related("user", "province", "agency").get(user=world.coordinator)
    helper = _committee_member(world)
    name_stand_in(by=world.coordinator, coordinator=own, user=helper, first=world.day(1), last=world.day(3))
    later = {name: getattr(world.round, name) for name in DATE_FIELDS} | {"committee_on": world.day(13)}
    change_round_dates(by=world.people.who(Role.PROVINCE_ADMIN), round_=world.round, dates=later)


def _committee_member(world: Assigned) -> User:
    """Somebody whose role the log tells of."""
    user = UserFactory()
    grant_role(by=None, user=user, role=Role.COMMITTEE, province=world.people.a)
    return user


def pdf(text: str) -> bytes:
    """A small PDF; another text makes another content."""
    return committee.PDF + f"% {text}\n".encode()


def attach(world: Assigned, address: str, name: str) -> Attachment:
    """A file at a place of the provincial answer."""
    question = world.flow.question(address.partition("#")[0].partition("=")[0].partition("/")[0])
    upload = SimpleUploadedFile(name, pdf(name))
    given: dict[str, Any] = {"response": world.flow.response, "question": question, "address": address}
    return evidence.attach_evidence(by=world.secretariat, upload=upload, **given).attachment


def _evidence(world: Assigned) -> None:
    by = world.secretariat
    kept = attach(world, COURSE, "หลักสูตร.pdf")
    evidence.save_mark(by=by, attachment=kept, pages="1", quote="ข้อความที่สนับสนุน")
    other = evidence.save_mark(by=by, attachment=kept, pages="1", quote="อีกข้อความ")
    removal = evidence.delete_mark(by=by, mark=other)
    assert removal is not None
    evidence.restore_mark(by=by, attachment=kept, removal=removal)
    evidence.set_document_date(by=by, attachment=kept, document_date=date(2027, 3, 1))
    for name in ("นำออก.pdf", "กลับมา.pdf"):
        removed = attach(world, COURSE, name)
        evidence.remove_attachment(by=by, attachment=removed)
    evidence.restore_attachment(by=by, attachment=removed)


def _threads(world: Assigned) -> None:
    flow = world.flow
    about = ThreadSubject(flow.question("T1"))
    said = threads.start_thread(by=flow.governor, response=flow.response, text="ตรวจอีกครั้ง", about=about)
    threads.reply_to_thread(by=flow.secretariat, response=flow.response, thread=said, text="ตรวจแล้ว")
    threads.resolve_thread(by=flow.secretariat, response=flow.response, thread=said)


def _committee(world: Assigned, folder: Path) -> None:
    flow, by = world.flow, world.secretariat
    order = committee.make_order(by, world.people.a, powers="อำนาจหน้าที่ " * 60, ends_on=world.day(300))
    committee.seat_of(by, order, flow.who(Role.COMMITTEE))
    deputy = _committee_member(world)
    committee.make_delegation(world.people, folder, delegate=deputy)
    called_off = committee.make_meeting(by, world.round, number="0")
    cancel_meeting(by=by, meeting=called_off)
    meeting = committee.make_meeting(by, world.round)
    change_meeting(by=by, meeting=meeting, fields={"place": "ห้องประชุมใหญ่"})
    record_opinions(
        by=flow.who(Role.COMMITTEE), meeting=meeting, opinions={WHOLE: GivenOpinion("remark", "ขอให้ตรวจหลักฐาน")}
    )
    committee.table(flow, meeting, folder)
    committee.attend(by, meeting)
    record_attendance(by=by, meeting=meeting, seats=read_attendance(meeting).seats, guests=[Guest("แขก", "สพร.")])
    committee.decide(by, meeting)
    conclude_meeting(by=by, meeting=Meeting.objects.get(pk=meeting.pk), late_until=world.day(2))
    meeting.refresh_from_db()
    extend_late_additions(by=by, meeting=meeting, late_until=world.day(3))
    amend_meeting(by=by, meeting=meeting, subject="guests", values={"guests": [("แขก", "สำนักงาน")]}, reason="พิมพ์ผิด")


def _figures(world: Assigned) -> None:
    code = world.people.a.code
    rows = [f"2569,{code},total,total,71.00,7,3,official,ประกาศ", "2569,average,total,total,60.00,,,official,ประกาศ"]
    rows.append(f"2568,{code},total,total,0.00,,,official,ประกาศ")
    import_official_results(table=published("\n".join([",".join(COLUMNS), *rows])), name="2569.csv")
    row = "2569,response,,answered,ตอบ,Answered,90.00,,,%,official,ประกาศ"
    assert len(row.split(",")) == len(NATIONAL_COLUMNS), NATIONAL_COLUMNS
    import_benchmarks(table=published("\n".join([",".join(NATIONAL_COLUMNS), row])), name="national.csv")


def _approve(world: Assigned) -> None:
    flow = world.flow
    for again in (True, False):
        flow.answer_remarks()
        points: Any = {"points": lambda response: [], "reasons": {}}
        workflow.submit_response(by=flow.secretariat, response=flow.response, **points)
        workflow.approve_response(by=flow.governor, response=flow.response, compose=read_evidence_and_score)
        if again:
            workflow.reopen_response(by=flow.governor, response=flow.response, reason="พบข้อผิดพลาด")
            flow.save("T5.2", {"T5.2": "ไม่มี"})


def _next_year(world: Assigned) -> None:
    today = timezone.localdate()
    instrument = publish(NEXT)
    dates = {
        "period_from": instrument.period_from,
        "period_to": instrument.period_to,
        "opens_on": today,
        "agency_due": today + timedelta(days=7),
        "committee_on": today + timedelta(days=14),
        "closes_at": timezone.now() + timedelta(days=21),
    }
    by = world.people.who(Role.PROVINCE_ADMIN)
    made = open_next_round(by=by, previous=world.round, instrument=instrument, dates=dates, proofs=evidence_to_carry)
    provincial = Response.objects.get(round=made, agency=None)
    set_aside_carried(by=world.secretariat, carried=Carried.objects.filter(response=provincial).first())
