"""Pages of administration that are kept by their rows show each change at once, and to each person what is theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any, Final

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import AccountEvent, Agency, Invitation, Membership, Province, User
from accounts.roles import Role
from reports.models import Job, JobState, ReportKind, SystemRun
from scoring.models import OfficialResult, SchemeVersion
from survey.models import CommitteeMember, CommitteeOrder, DataFile, Event, Instrument, Response, Round
from tests.factories import MembershipFactory
from tests.flow import Flow, make_flow
from tests.kept_pages import forget, page_text
from tests.people import People

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.any_database]

CENTRAL: Final = ("central/people/", "year-files/", "schemes/", "results/import/", "jobs/", "system/")
PROVINCIAL: Final = ("people/", "agencies/", "committee/", "round/")
Change = tuple[str, Callable[[], object]]


@pytest.fixture(autouse=True)
def _no_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reports.system.state_texts.duration_text", lambda time: "นานแล้ว")
    monkeypatch.setattr("dgready.thai.format_datetime", lambda *_more, **_named: "วันนี้")
    monkeypatch.setattr("reports.system.views.state.part_rows", _without_disks)


def _without_disks(*given: Any) -> list[Any]:
    from reports.system.state_texts import part_rows

    return [row for row in part_rows(*given) if not row.key.startswith("disk.")]


@pytest.fixture
def flow(people: People) -> Flow:
    """A draft that is answered."""
    flow = make_flow(people)
    flow.fill()
    return flow


def _invite(province: Province) -> Invitation:
    told = {"email": "new@example.org", "token_hash": "t", "expires_at": timezone.now() + timedelta(days=1)}
    return Invitation.objects.create(role=Role.COMMITTEE, province=province, **told)


def _of_people(flow: Flow) -> Iterator[Change]:
    province, people = flow.province, flow.people
    who = flow.who(Role.COMMITTEE)
    invited = Invitation.objects.filter(province=province)

    def set_person(**values: object) -> None:
        User.objects.filter(pk=who.pk).update(**values)

    yield "people/", lambda: set_person(first_name="กรรมการใหม่")
    yield "central/people/", lambda: set_person(email="other@example.org")
    yield "people/", lambda: Membership.objects.filter(user=who).update(valid_to=date(2999, 1, 1))
    yield "people/", lambda: MembershipFactory(user=who, role=Role.SECRETARIAT, province=province)
    yield "agencies/", lambda: Agency.objects.filter(pk=people.a1.pk).update(name_th="หน่วยงานชื่อใหม่")
    yield "agencies/", lambda: Agency.objects.filter(pk=people.a1.pk).update(code="A9")
    yield "agencies/", lambda: MembershipFactory(user=who, role=Role.COORDINATOR, province=province, agency=people.a1)
    yield "central/people/", lambda: Province.objects.filter(pk=province.pk).update(name_th="จังหวัดชื่อใหม่")
    yield "people/", lambda: _invite(province)
    yield "people/", lambda: invited.update(to_be_sent=True)
    yield "people/", lambda: invited.update(sent_at=timezone.now(), to_be_sent=False)
    yield "people/", lambda: invited.update(expires_at=timezone.now())
    yield "people/", lambda: invited.update(withdrawn_at=timezone.now())
    yield "central/people/", lambda: set_person(is_active=False)


def _of_files(flow: Flow) -> Iterator[Change]:
    by, year = flow.secretariat, flow.round.year

    def event(verb: str, **after: object) -> AccountEvent:
        return AccountEvent.objects.create(by=by, verb=verb, data={"before": {}, "after": after})

    def imported() -> AccountEvent:
        return event("import_results", file="ผล.csv", added=1, changed=0, rows=[{"id": 1}])

    def undo() -> None:
        of = AccountEvent.objects.get(verb="import_results").pk
        event("undo_import_results", of=of, file="ผล.csv", removed=[1], changed=0, rows=[])

    def version(number: int, **more: Any) -> SchemeVersion:
        told = {"key": flow.round.instrument.scheme_key, "year": year, "made_at": timezone.now(), "text": "", **more}
        return SchemeVersion.objects.create(version=number, checksum=str(number) * 64, **told)

    def file() -> DataFile:
        told = {"key": "trial", "year": year, "version": 3, "text": "", "checksum": "f" * 64}
        return DataFile.objects.create(kind="scheme", loaded_by=by, loaded_at=timezone.now(), **told)

    yield "year-files/", lambda: Instrument.objects.update(title_th="แบบชื่อใหม่")
    yield "year-files/", file
    yield "year-files/", lambda: event("load_data_file", key="trial", year=year, version=3)
    yield "schemes/", lambda: version(7)
    yield "schemes/", lambda: Round.objects.update(scheme_sha256="7" * 64)
    yield (
        "schemes/",
        lambda: OfficialResult.objects.create(
            year=year, province=flow.province, kind="total", code="total", score=50, origin="official"
        ),
    )
    yield "results/import/", imported
    yield "results/import/", undo
    yield "results/import/", lambda: User.objects.filter(pk=by.pk).update(last_name="นามสกุลใหม่")


def _of_work(flow: Flow) -> Iterator[Change]:
    now = timezone.now()
    job = {"response": flow.response, "by": flow.secretariat, "created_at": now, "kind": ReportKind.RESULT}
    response = Response.objects.get(pk=flow.response.pk)

    def order() -> None:
        given = {"number": "1/2570", "signed_on": date(2026, 1, 1), "starts_on": date(2026, 1, 1)}
        row = CommitteeOrder.objects.create(province=flow.province, by=flow.secretariat, at=now, **given)
        CommitteeMember.objects.create(order=row, name="กรรมการ", post="นายแพทย์", starts_on=date(2026, 1, 1))

    yield "jobs/", lambda: Job.objects.create(state=JobState.QUEUED, **job)
    yield "system/", lambda: Job.objects.update(state=JobState.RUNNING)
    yield "jobs/", lambda: Job.objects.update(state=JobState.FAILED)
    yield "system/", lambda: SystemRun.objects.create(kind="backup", started_at=now, ended_at=now, ok=True)
    yield "system/", lambda: SystemRun.objects.create(kind="backup", started_at=now, ended_at=now, ok=False)
    yield "committee/", order
    yield "committee/", lambda: CommitteeMember.objects.update(post="ผู้อำนวยการ")
    yield "committee/", lambda: CommitteeOrder.objects.update(ends_on=date(2026, 2, 1))
    yield "round/", lambda: Response.objects.create(round=flow.round, agency=flow.people.a2)
    yield "round/", lambda: Round.objects.update(period_to=flow.round.period_to + timedelta(days=9))
    yield "round/", lambda: Response.objects.filter(pk=response.pk).update(state="submitted")
    assert Event.objects.filter(response=response).exists()


def test_every_change_is_shown_at_once(flow: Flow) -> None:
    readers = _readers(flow)
    before = _pages(flow, readers)
    assert all(before.values())
    for shown_on, change in (*_of_people(flow), *_of_files(flow), *_of_work(flow)):
        change()
        kept = _pages(flow, readers)
        forget()
        anew = _pages(flow, readers)
        differing = [name for name in kept if kept[name] != anew[name]]
        assert not differing, f"what is kept is not what is, after a change of {shown_on}"
        assert kept[shown_on] != before[shown_on], f"{shown_on} does not show its change"
        before = kept


def test_what_is_kept_for_one_is_not_shown_to_another(flow: Flow) -> None:
    people = flow.people
    people_of = {place: _signed_in(people.who(Role.PROVINCE_ADMIN, place)) for place in "ab"}
    address = {place: f"/p/{province.code}/people/" for place, province in (("a", people.a), ("b", people.b))}
    alone = {}
    for place, reader in people_of.items():
        forget()
        alone[place] = page_text(reader, address[place])
    together = {place: page_text(reader, address[place]) for place, reader in people_of.items()}
    assert together == alone
    assert alone["a"] != alone["b"]
    assert page_text(people_of["b"], address["a"]) == ""
    Job.objects.create(response=flow.response, by=flow.secretariat, created_at=timezone.now(), kind=ReportKind.RESULT)
    seen = {place: page_text(reader, "/jobs/").count("job-") for place, reader in people_of.items()}
    assert seen["a"] > seen["b"]


def _signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _readers(flow: Flow) -> dict[str, Client]:
    centre, admin = _signed_in(flow.people.who(Role.CENTRAL_ADMIN)), _signed_in(flow.who(Role.PROVINCE_ADMIN))
    return {**dict.fromkeys(CENTRAL, centre), **dict.fromkeys(PROVINCIAL, admin)}


def _pages(flow: Flow, readers: dict[str, Client]) -> dict[str, str]:
    province = f"/p/{flow.province.code}/"
    addresses = {name: f"/{name}" for name in CENTRAL} | {name: f"{province}{name}" for name in PROVINCIAL}
    addresses["round/"] = f"{province}{flow.round.year}/"
    return {name: page_text(reader, addresses[name]) for name, reader in readers.items()}
