"""The report for the meeting."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from reports.content.agenda import gather_agenda
from reports.documents import committee
from reports.errors import ReportError
from reports.jobs import makers
from reports.models import Job, ReportKind
from survey.answering.opening import ensure_response
from survey.committee import queries as committees
from survey.committee.actions.amendments import amend_meeting
from survey.committee.actions.attendance import Guest, record_attendance
from survey.committee.actions.conclusion import conclude_meeting
from survey.committee.actions.meetings import SubPillarDecision, record_resolutions
from survey.committee.actions.opinions import GivenOpinion, record_opinions
from survey.committee.agenda import AgendaPart, usual_agenda, written_agenda
from survey.committee.attendance import read_attendance
from survey.models import Carried, Meeting, Response, Round
from tests.committee import D, attend, decide, make_meeting, make_order, seat_of
from tests.flow import Flow
from tests.reports.conftest import fresh, make_job, read_back, squeezed


def test_the_paper_says_when_where_and_what(filled: Flow, tmp_path: Path) -> None:
    meeting = make_meeting(filled.secretariat, filled.round, agenda="เปิดประชุม\nพิจารณาคำตอบร่าง")
    job = make_job(filled, ReportKind.COMMITTEE, params={"meeting": meeting.pk})
    job.response = fresh(filled.response)
    name = makers.make_job_file(job, tmp_path / "file", lambda done, total: None)
    assert name == f"dgready-{filled.province.code}-{filled.round.year}-draft-committee.pdf"
    text = squeezed(read_back(tmp_path / "file"))
    for words in ("ศาลากลางจังหวัด", "พิจารณาคำตอบร่าง", "คำตอบร่างโดยย่อ", "ฉบับร่างยังไม่อนุมัติ"):
        assert squeezed(words) in text, words


def test_every_subject_has_its_questions_and_score(filled: Flow) -> None:
    make_meeting(filled.secretariat, filled.round)
    agenda = gather_agenda(fresh(filled.response), None)
    assert tuple(s.code for s in agenda.subjects) == committees.sub_pillars_to_decide(filled.round)
    assert all(s.questions for s in agenda.subjects)
    assert agenda.report.score is not None
    assert {s.estimate for s in agenda.subjects} != {None}
    assert not agenda.has_resolutions


def test_resolutions_stand_in_it_once_they_are_written(filled: Flow) -> None:
    meeting = make_meeting(filled.secretariat, filled.round)
    first = committees.sub_pillars_to_decide(filled.round)[0]
    decide(filled.secretariat, meeting, **{f"s{first.replace('.', '_')}": SubPillarDecision(D.CHANGES, "เพิ่มเอกสาร")})
    agenda = gather_agenda(fresh(filled.response), meeting.pk)
    assert agenda.has_resolutions
    assert agenda.subjects[0].note == "เพิ่มเอกสาร"
    assert "เพิ่มเอกสาร" in committee.committee_html(agenda)


def test_english(filled: Flow) -> None:
    make_meeting(filled.secretariat, filled.round)
    assert 'lang="en"' in committee.committee_html(gather_agenda(fresh(filled.response), None, "en"))


def test_a_meeting_that_is_gone_and_a_contribution_have_no_paper(filled: Flow) -> None:
    with pytest.raises(ReportError):
        gather_agenda(fresh(filled.response), 99)
    contribution = ensure_response(by=None, round_=filled.round, agency=filled.people.a1)
    with pytest.raises(ReportError):
        gather_agenda(fresh(contribution), None)


def test_what_changed_since_last_year_stands_in_it(filled: Flow) -> None:
    assert gather_agenda(fresh(filled.response), None).changes is None
    now = filled.round
    names = ("instrument", "period_from", "period_to", "opens_on", "agency_due", "committee_on", "closes_at")
    before = Round.objects.create(province=now.province, year=now.year - 1, **{n: getattr(now, n) for n in names})
    earlier = Response.objects.create(round=before)
    values: dict[str, dict[str, Any]] = {
        "T1": {"T1": "doing", "T1.2": "2026-09"},
        "T8": {"T8": "no"},
        "T4": {"T4/kiosk/state": "no", "T4/van/state": "yes", "T4/van/amount": "3"},
    }
    for item_id, value in values.items():
        given = {"relation": "same", "value": value, "from_response": earlier}
        Carried.objects.create(response=filled.response, question=filled.question(item_id), **given)
    agenda = gather_agenda(fresh(filled.response), None)
    assert agenda.changes is not None
    assert (agenda.changes.year, agenda.changes.same) == (now.year - 1, 1)
    codes = [one.code for one in agenda.changes.questions]
    assert len(codes) == 2
    first = agenda.changes.questions[0].differences
    assert ("09/2569", "") in {(d.before, d.after) for d in first}
    html = committee.committee_html(agenda)
    assert f"คำตอบที่ต่างจากปี {now.year - 1}" in html
    assert "09/2569" in html


def record_of(filled: Flow) -> Meeting:
    """A concluded meeting with a register, a substitute, an absence, a guest, opinions and an amendment."""
    by, member = filled.secretariat, filled.who(Role.COMMITTEE)
    order = make_order(by, filled.province, number="2911/2567", quorum=2)
    seat_of(by, order, member, "คลังจังหวัดเอ")
    meeting = make_meeting(by, filled.round, number="3/2570", agenda="ระเบียบวาระที่ 1 เรื่องที่ประธานแจ้ง")
    first = committees.sub_pillars_to_decide(filled.round)[0]
    record_opinions(by=member, meeting=meeting, opinions={first: GivenOpinion("disagree", "ตัวเลขไม่ตรง")})
    chair, second, third, *others = read_attendance(meeting).seats
    seats = [
        replace(chair, presence="represented", substitute_name="รองผู้ว่าฯ ตัวอย่าง", substitute_post="รองผู้ว่าราชการจังหวัด"),
        replace(second, presence="came"),
        replace(third, presence="absent", reason="ติดราชการ"),
        *[replace(seat, presence="came") for seat in others],
    ]
    record_attendance(by=by, meeting=meeting, seats=seats, guests=[Guest("ผู้สังเกตการณ์", "สำนักงานพัฒนารัฐบาลดิจิทัล")])
    decide(by, meeting, **{f"s{first.replace('.', '_')}": SubPillarDecision(D.CHANGES, "เพิ่มเอกสาร")})
    conclude_meeting(by=by, meeting=meeting)
    amend_meeting(by=by, meeting=meeting, subject="meeting", values={"place": "ห้องประชุมเล็ก"}, reason="จดสถานที่ผิด")
    return meeting


def test_the_minutes_print_the_whole_record(filled: Flow, tmp_path: Path) -> None:
    meeting = record_of(filled)
    job = make_job(filled, ReportKind.MINUTES, params={"meeting": meeting.pk})
    job.response = fresh(filled.response)
    assert makers.make_job_file(job, tmp_path / "file", lambda done, total: None).endswith("-minutes.pdf")
    text = squeezed(read_back(tmp_path / "file"))
    for words in (
        "รายงานการประชุม",
        "ครั้งที่ 3/2570",
        "คำสั่งเลขที่ 2911/2567",
        "ผู้มาแทน: รองผู้ว่าฯ ตัวอย่าง รองผู้ว่าราชการจังหวัด",
        "ผู้ไม่มาประชุม",
        "(ติดราชการ)",
        "ผู้สังเกตการณ์",
        "ครบองค์ประชุม",
        "เห็นชอบโดยให้แก้ไข",
        "สิ่งที่ให้แก้ไข: เพิ่มเอกสาร",
        "คลังจังหวัดเอ: ไม่เห็นด้วย",
        "ตัวเลขไม่ตรง",
        "การแก้ไขรายงาน",
        "ห้องประชุมเล็ก",
        "จดสถานที่ผิด",
        "ผู้จดรายงานการประชุม",
        "ผู้ตรวจรายงานการประชุม",
        "หัวหน้าสำนักงานจังหวัดเอ",
    ):
        assert squeezed(words) in text, words
    assert "ฉบับร่าง" not in text


def test_the_resolutions_print_by_themselves(filled: Flow) -> None:
    meeting = record_of(filled)
    html = committee.committee_html(gather_agenda(fresh(filled.response), meeting.pk), committee.RESOLUTIONS)
    for words in ("มติที่ประชุม", "เพิ่มเอกสาร", "ครบองค์ประชุม", "2911/2567", "จดสถานที่ผิด"):
        assert words in html
    assert "ตัวเลขไม่ตรง" not in html  # what members think stands in the minutes
    english = committee.committee_html(gather_agenda(fresh(filled.response), meeting.pk, "en"), committee.MINUTES)
    assert 'lang="en"' in english


def test_before_the_conclusion_no_paper_tells_what_members_think(filled: Flow) -> None:
    """Whoever may read papers may download what the secretariat made."""
    by, member = filled.secretariat, filled.who(Role.COMMITTEE)
    seat_of(by, make_order(by, filled.province), member, "คลังจังหวัดเอ")
    meeting = make_meeting(by, filled.round)
    record_opinions(by=member, meeting=meeting, opinions={"": GivenOpinion("remark", "ขอเอกสารเพิ่ม")})
    response = fresh(filled.response)
    papers = (committee.AGENDA, committee.TABLE, committee.MINUTES)
    before = gather_agenda(response, meeting.pk)
    assert not any("ขอเอกสารเพิ่ม" in committee.committee_html(before, paper) for paper in papers)
    attend(by, meeting)
    decide(by, meeting)
    conclude_meeting(by=by, meeting=meeting)
    assert "ขอเอกสารเพิ่ม" in committee.committee_html(gather_agenda(response, meeting.pk), committee.MINUTES)


def test_the_agenda_has_five_parts_with_what_was_written_and_the_draft_answers(
    filled: Flow, client: Client, tmp_path: Path
) -> None:
    by = filled.secretariat
    first = committees.sub_pillars_to_decide(filled.round)[0]
    earlier = make_meeting(by, filled.round, number="2/2570", days=-3)
    decide(by, earlier, **{f"s{first.replace('.', '_')}": SubPillarDecision(D.CHANGES, "เพิ่มเอกสารแผน")})
    conclude_meeting(by=by, meeting=earlier)
    meeting = make_meeting(by, filled.round, number="3/2570", agenda="วาระที่ 1 ประธานแจ้ง\nผลตรวจเยี่ยม\nวาระที่ 5 นัดหมาย")
    client.force_login(by)
    args = [filled.province.code, filled.round.year, meeting.pk]
    assert "ระเบียบวาระ (PDF)" in client.get(reverse("survey:meeting", args=args)).content.decode()
    client.post(reverse("survey:meeting-paper", args=args), {"kind": "agenda", "table": "1"})
    job = Job.objects.get()
    assert (job.kind, job.params) == (ReportKind.AGENDA, {"meeting": meeting.pk})
    job.response = fresh(filled.response)
    assert makers.make_job_file(job, tmp_path / "file", lambda done, total: None).endswith("-agenda.pdf")
    text = squeezed(read_back(tmp_path / "file"))
    places = [text.rindex(squeezed(f"ระเบียบวาระที่ {n}")) for n in range(1, 6)]
    assert places == sorted(places)
    parts = [text[start:end] for start, end in zip(places, [*places[1:], len(text)], strict=True)]
    assert squeezed("ผลตรวจเยี่ยม") in parts[0]
    assert squeezed("ครั้งที่ 2/2570") in parts[1]
    assert squeezed("เพิ่มเอกสารแผน") in parts[2]
    assert squeezed("นัดหมาย") in parts[4]
    for subject in gather_agenda(job.response, meeting.pk).subjects:
        assert squeezed(f"{subject.code} {subject.name}") in parts[3], subject.code
        assert subject.estimate is None or f"{subject.estimate:.2f}" in parts[3], subject.code
        assert all(squeezed(q.answer)[:12] in parts[3] for q in subject.questions), subject.code


def test_the_minutes_tell_the_resolution_on_each_part(filled: Flow) -> None:
    by = filled.secretariat
    meeting = make_meeting(by, filled.round, agenda=usual_agenda())
    said = written_agenda([AgendaPart(1, "", ("ที่ประชุมรับทราบ",)), AgendaPart(5, "", ("นัดประชุมครั้งหน้า",))])
    record_resolutions(by=by, meeting=meeting, decided={}, proceedings=said)
    decide(by, meeting)
    conclude_meeting(by=by, meeting=meeting)
    html = committee.committee_html(gather_agenda(fresh(filled.response), meeting.pk), committee.MINUTES)
    parts = html.split("<h2>ระเบียบวาระที่ ")[1:]
    assert [part[0] for part in parts] == ["1", "2", "3", "4", "5"]
    assert "ที่ประชุมรับทราบ" in parts[0]
    assert "ไม่ได้บันทึก" in parts[1]
    assert all(f"{code} " in parts[3] for code in committees.sub_pillars_to_decide(filled.round))
    assert "นัดประชุมครั้งหน้า" in parts[4]
    assert "ผู้ตรวจรายงานการประชุม" in parts[4]


def test_without_a_meeting_there_are_no_minutes(filled: Flow, tmp_path: Path) -> None:
    job = make_job(filled, ReportKind.MINUTES)
    job.response = fresh(filled.response)
    with pytest.raises(ReportError):
        makers.make_job_file(job, tmp_path / "file", lambda done, total: None)
