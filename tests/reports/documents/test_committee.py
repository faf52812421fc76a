"""The report for the meeting."""

from pathlib import Path
from typing import Any

import pytest

from reports.content.agenda import gather_agenda
from reports.documents import committee
from reports.errors import ReportError
from reports.jobs import makers
from reports.models import ReportKind
from survey.answering.opening import ensure_response
from survey.committee import queries as committees
from survey.committee.actions.meetings import SubPillarDecision
from survey.models import Carried, Response, Round
from tests.committee import D, decide, make_meeting
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
