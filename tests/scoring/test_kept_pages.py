"""Pages that are kept by what they are made of show each change at once, and to each person what is theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from evidence.models import Attachment, File, Mark, MarkState, ScanState, Verdict
from evidence.reviewing.actions import judge_attachment
from reports.letters import actions as letters
from reports.letters.shipped import shipped_text
from reports.models import Download, Job, JobState, LetterKind, ReportKind
from scoring.models import Benchmark, OfficialResult
from scoring.planning.actions.scenarios import save_scenario
from scoring.planning.what_if.changes import ScenarioChanges
from survey.answering.opening import ensure_response
from survey.models import Assignment, Carried, Response, Round
from survey.threads.actions import start_thread
from tests.flow import Flow, make_flow
from tests.kept_pages import Written, change_and_read, forget, page_text
from tests.people import MembershipFactory, People

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.any_database]


@pytest.fixture(autouse=True)
def _no_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("survey.approval.views.brief.time_left", lambda *_until: "นับถอยหลัง")


@pytest.fixture
def flow(people: People) -> Flow:
    """A draft that is answered, with evidence and a part for an agency."""
    flow = make_flow(people)
    flow.fill()
    flow.prove()
    Assignment.objects.create(round=flow.round, agency=people.a1, question=flow.question("T1"))
    return flow


Change = tuple[str, Callable[[], object]]


def _score_changes(flow: Flow) -> Iterator[Change]:
    """What may change of scores, with the page that must show it."""
    year = flow.round.year

    def official(score: str, edition: int = 0) -> OfficialResult:
        told = {"score": Decimal(score), "origin": "official", "source": "made up for tests", "edition": edition}
        figure = {"year": year - 1, "province": flow.province, "kind": "total", "code": "total"}
        return OfficialResult.objects.create(**figure, **told)

    def change(rows: type[OfficialResult] | type[Benchmark], **values: object) -> int:
        return rows.objects.filter(year=year - 1).update(**values)

    def figure() -> Benchmark:
        told = {"label_th": "มีระบบ", "label_en": "has one", "count": 41, "base": 76, "unit": "provinces"}
        of_form = {"kind": "pillar", "code": "1", "option": "one", "linked_year": year, "linked": ["1"]}
        return Benchmark.objects.create(year=year - 1, origin="official", source="made up", **of_form, **told)

    def scenario() -> None:
        save_scenario(by=flow.secretariat, response=flow.response, name="ลองดู", changes=ScenarioChanges())

    def judge() -> None:
        by = MembershipFactory(province=flow.province, role=Role.SECRETARIAT).user
        judge_attachment(by=by, attachment=Attachment.objects.get(), verdict=Verdict.INSUFFICIENT, reason="ไม่ชัด")

    def later() -> None:
        flow.round.closes_at += timedelta(days=40)
        flow.round.save(update_fields=["closes_at"])

    yield "fill/", lambda: flow.save("T1", {"T1": "none", "T1.1": "เปลี่ยนแล้ว"})
    yield "score/", judge
    yield "years/", lambda: official("50")
    yield "years/", lambda: change(OfficialResult, score=Decimal("51.25"))
    yield "brief/", lambda: official("61.75", edition=1)
    yield "years/", figure
    yield "years/", lambda: change(Benchmark, label_th="มีแล้ว")
    yield "years/", lambda: ensure_response(by=flow.secretariat, round_=flow.round, agency=flow.people.a1)
    yield "whatif/", scenario
    yield "plan/", later


def _paper_changes(flow: Flow) -> Iterator[Change]:
    """What may change of agencies, files, letters and remarks, with the page that must show it."""
    by, now = flow.secretariat, timezone.now()
    file = {"file_name": "result.pdf", "sha256": "a" * 64, "size": 9, "state": JobState.DONE, "finished_at": now}
    job = Job(response=flow.response, by=by, created_at=now, kind=ReportKind.RESULT, **file)

    def rename() -> None:
        flow.people.a1.name_th = "หน่วยงานชื่อใหม่"
        flow.people.a1.save()

    def change_job() -> None:
        job.file_name = "other.pdf"
        job.save()
        Download.objects.create(job=job, by=by, at=now)

    def word() -> None:
        text = replace(shipped_text(LetterKind.INVITE), subject="เรื่องใหม่")
        letters.save_text(by=by, province=flow.province, letter=LetterKind.INVITE, text=text, base=0)

    def ask() -> None:
        start_thread(by=by, response=flow.response, text="โปรดตรวจ", must_answer=True)

    yield "letters/", rename
    yield "reports/", job.save
    yield "reports/", change_job
    yield "letters/", word
    yield "/", ask


def _evidence_changes(flow: Flow) -> Iterator[Change]:
    """What may change of evidence: its page compares the rows, others ask how far the journal has come."""
    first = Attachment.objects.order_by("pk")[0]
    places, marks = Attachment.objects.filter(pk=first.pk), Mark.objects.filter(attachment=first)
    gone = {"removed_at": timezone.now(), "removed_by": flow.secretariat}

    def change(rows: Callable[[], object]) -> Change:
        return "evidence/", Written(flow.response, rows)

    yield "evidence/", lambda: flow.prove("T2=evening", name="อีกไฟล์.pdf")
    yield change(lambda: marks.update(state=MarkState.LOST))
    yield change(lambda: marks.delete())
    yield change(lambda: File.objects.update(scan_state=ScanState.INFECTED))
    yield change(lambda: places.update(name="ชื่อใหม่.pdf"))
    yield change(lambda: places.update(**gone))


def test_every_change_is_shown_at_once(flow: Flow) -> None:
    reader = _signed_in(flow.secretariat)
    before, addresses = _pages(flow, reader), _addresses(flow)
    for shown_on, change in (*_score_changes(flow), *_paper_changes(flow), *_evidence_changes(flow)):
        at_once = change_and_read(change, partial(page_text, reader, addresses.get(shown_on, "/")))
        kept = _pages(flow, reader)
        forget()
        assert kept == _pages(flow, reader), f"what is kept is not what is, after a change of {shown_on}"
        assert at_once in (None, kept.get(shown_on)), f"{shown_on} does not compare the rows it shows"
        assert shown_on == "fill/" or kept[shown_on] != before[shown_on], f"{shown_on} does not show its change"
        before = kept


def test_what_is_kept_for_one_is_not_shown_to_another(flow: Flow) -> None:
    people: list[User] = [flow.who(role) for role in (Role.SECRETARIAT, Role.COMMITTEE, Role.GOVERNOR)]
    alone = {}
    for person in people:
        forget()
        alone[person.pk] = _pages(flow, _signed_in(person))
    for person in people:
        assert _pages(flow, _signed_in(person)) == alone[person.pk]


def test_last_years_answers_on_the_desk_are_those_of_now(flow: Flow) -> None:
    agency, question = flow.people.a1, flow.question("T1")
    before = Round.objects.get(pk=flow.round.pk)
    before.pk, before.year = None, flow.round.year - 1
    before.save()
    Round.objects.filter(pk=flow.round.pk).update(previous=before)
    flow.round.refresh_from_db()
    told = {"question": question, "relation": "same", "from_response": Response.objects.create(round=before)}
    carried = Carried.objects.create(response=flow.response, value={"T1.1": "ของจังหวัด"}, **told)
    reader = _signed_in(flow.who(Role.COORDINATOR))
    address = f"/p/{flow.province.code}/{flow.round.year}/desk/"

    assert "ของจังหวัด" in page_text(reader, address) == page_text(reader, address)
    Carried.objects.filter(pk=carried.pk).update(value={"T1.1": "แก้แล้ว"})
    assert "แก้แล้ว" in page_text(reader, address)
    own = ensure_response(by=flow.secretariat, round_=flow.round, agency=agency)
    Carried.objects.update_or_create(response=own, question=question, defaults={"value": {"T1.1": "ของตนเอง"}, **told})
    page = page_text(reader, address)
    assert "ของตนเอง" in page
    assert "แก้แล้ว" not in page


_KEPT = ("score/", "evidence/", "consolidate/T1/", "years/", "whatif/", "plan/", "brief/", "reports/")


def _signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _pages(flow: Flow, reader: Client) -> dict[str, str]:
    """The kept pages as this person gets them, without what differs each time; empty where there is none."""
    return {name: page_text(reader, address) for name, address in _addresses(flow).items()}


def _addresses(flow: Flow) -> dict[str, str]:
    response, of_round = f"/r/{flow.response.pk}/", f"/p/{flow.province.code}/{flow.round.year}/"
    addresses = {name: f"{response}{name}" for name in _KEPT}
    return addresses | {"letters/": f"{of_round}letters/", "/": "/"}
