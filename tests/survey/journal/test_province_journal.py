"""The journal's page: filters that combine, pages, files without formulas; and the nightly proof that alarms."""

from __future__ import annotations

import csv
import json
from datetime import datetime, timedelta
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from accounts.roles import Role
from reports import tasks
from reports.proof import nightly_journal
from reports.proof.verify import verify_all
from reports.workbooks.cells import BUDDHIST_MOMENT
from survey.journal import event_texts as describe
from survey.journal.views import province as journal
from survey.models import Answer, Event, Letter, Notice
from survey.notices import delivery
from survey.threads import actions as threads
from tests.assigned import Assigned, make_assigned
from tests.crowd import make_crowd
from tests.people import People

FORMULA = '=HYPERLINK("http://example.org")'


@pytest.fixture
def world(people: People) -> Assigned:
    """Answers by two people, a comment that begins like a formula, steps of a part."""
    made = make_assigned(people)
    made.flow.save("T8", {"T8": "yes"})
    made.flow.save("T5.2", {"T5.2": FORMULA})
    made.submitted()
    made.move("return", reason="ขอเอกสาร")
    threads.start_thread(by=people.who(Role.GOVERNOR), response=made.flow.response, text="+1+1 ตรวจอีกครั้ง")
    return made


@pytest.fixture
def url(world: Assigned) -> str:
    return f"/p/{world.people.a.code}/journal/"


@pytest.fixture
def site(world: Assigned, client: Client) -> Client:
    client.force_login(world.secretariat)
    return client


def shown(client: Client, url: str, **asked: Any) -> list[Event]:
    answer = client.get(url, asked)
    assert answer.status_code == 200
    return [line.event for day in answer.context["log"].make()["days"] for line in day.entries]


def test_events_are_read_by_their_keys_until_one_is_added(world: Assigned, site: Client, url: str) -> None:
    def reads() -> list[str]:
        with CaptureQueriesContext(connection) as found:
            shown(site, url)
        return [q["sql"] for q in found.captured_queries if "survey_event" in q["sql"]]

    first = shown(site, url)
    assert len(reads()) == 1
    world.flow.save("T8", {"T8": "no"})
    assert len(reads()) == 3  # whose and of which verbs; the newest in short; what these tell
    [newest, *others] = shown(site, url)
    assert (newest.verb, others) == ("answer.save", first)


def test_a_new_event_costs_few_queries_however_it_is_filtered(
    world: Assigned, site: Client, url: str, django_assert_max_num_queries: Any
) -> None:
    shown(site, url)
    asked = ({"question": "T8"}, {"person": world.secretariat.pk, "verb": "answer.save", "question": "T8"})
    for value, filters in zip(("no", "yes"), asked, strict=True):
        world.flow.save("T8", {"T8": value})
        with django_assert_max_num_queries(10):
            assert shown(site, url, **filters)


def test_everything_newest_first_with_its_words(world: Assigned, site: Client, url: str) -> None:
    found = shown(site, url)
    assert len(found) == Event.objects.count()
    assert [e.at for e in found] == sorted((e.at for e in found), reverse=True)
    page = site.get(url).content.decode()
    for word in (
        "บันทึกคำตอบ",
        str(describe.verb_label("part.return")),
        "ขอเอกสาร",
        world.people.a1.name_th,
        found[0].hash[:12],
    ):
        assert word in page


def test_filters_combine(world: Assigned, site: Client, url: str) -> None:
    office, agency = world.secretariat, world.coordinator
    mine = shown(site, url, person=office.pk)
    assert mine
    assert {e.by for e in mine} == {office}
    assert {e.verb for e in shown(site, url, verb="answer.save")} == {"answer.save"}
    both = shown(site, url, person=office.pk, verb="answer.save", question="T8")
    assert [(e.by, e.question.item_id if e.question else "") for e in both] == [(office, "T8")]
    assert shown(site, url, person=agency.pk, question="T8") == []
    today = timezone.localdate()
    assert len(shown(site, url, since=today, until=today, person=office.pk)) == len(mine)
    assert shown(site, url, since=today + timedelta(days=1)) == []
    assert shown(site, url, until=today - timedelta(days=1)) == []


def test_a_day_is_a_day_in_thailand(world: Assigned, site: Client, url: str) -> None:
    late = timezone.make_aware(datetime.combine(timezone.localdate(), datetime.min.time())) - timedelta(seconds=1)
    Event.objects.filter(verb="comment.add").update(at=late)
    yesterday = timezone.localdate() - timedelta(days=1)
    assert [e.verb for e in shown(site, url, until=yesterday)] == ["comment.add"]


@pytest.mark.parametrize(
    "asked",
    [
        {"person": "x"},
        {"person": "9" * 30},
        {"year": "25x"},
        {"year": "1900"},
        {"since": "2026-13-01"},
        {"verb": "\x00"},
        {"question": "'; --"},
        {"page": "99999"},
    ],
)
def test_nonsense_breaks_nothing(asked: dict[str, str], world: Assigned, site: Client, url: str) -> None:
    assert site.get(url, asked).status_code == 200


def test_pages_keep_the_filters(world: Assigned, site: Client, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "PER_PAGE", 2)
    first = shown(site, url, person=world.secretariat.pk)
    second = shown(site, url, person=world.secretariat.pk, page=2)
    assert (len(first), len(second)) == (2, 2)
    assert not {e.pk for e in first} & {e.pk for e in second}
    page = site.get(url, {"person": world.secretariat.pk}).content.decode()
    assert f"person={world.secretariat.pk}&amp;page=2" in page or f"page=2&amp;person={world.secretariat.pk}" in page
    assert f"export.csv?person={world.secretariat.pk}" in page


def table(client: Client, url: str, **asked: Any) -> list[list[str]]:
    answer = client.get(f"{url}export.csv", asked)
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.reader(StringIO(text)))


def test_the_csv_has_the_same_selection_oldest_first(world: Assigned, site: Client, url: str) -> None:
    head, *rows = table(site, url)
    assert head[:3] == ["เวลา", "ผู้ทำ", "อีเมล"]
    assert len(rows) == Event.objects.count()
    assert [r[0] for r in rows] == sorted(r[0] for r in rows)
    assert all(r[0].endswith("+07:00") for r in rows)
    _head, *some = table(site, url, verb="answer.save", question="T8")
    assert [r[5] for r in some] == ["T8"]
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert any(cell.startswith("'+1+1") for row in rows for cell in row)


def test_the_workbook_has_text_and_no_formulas(world: Assigned, site: Client, url: str) -> None:
    answer = site.get(f"{url}export.xlsx")
    sheet = load_workbook(BytesIO(answer.content)).worksheets[0]
    assert sheet.max_row == Event.objects.count() + 1
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert any(str(cell.value).startswith("+1+1") and cell.data_type == "s" for cell in cells)
    moments = [row[0] for row in sheet.iter_rows(min_row=2)]
    assert all(cell.is_date and cell.number_format == BUDDHIST_MOMENT for cell in moments)
    assert moments[0].value.date() == timezone.localdate()


@pytest.mark.parametrize(
    ("role", "place", "status"),
    [
        (Role.SECRETARIAT, "", 200),
        (Role.PROVINCE_ADMIN, "", 200),
        (Role.GOVERNOR, "", 200),
        (Role.CENTRAL_ADMIN, "", 200),
        (Role.COMMITTEE, "", 404),
        (Role.COORDINATOR, "", 404),
        (Role.SECRETARIAT, "b", 404),
    ],
)
def test_only_who_may(world: Assigned, client: Client, url: str, role: Role, place: str, status: int) -> None:
    client.force_login(world.people.who(role, place))
    for path in (url, f"{url}export.csv", f"{url}export.xlsx"):
        assert client.get(path).status_code == status


def test_every_verb_there_is_has_thai_words(world: Assigned) -> None:
    for verb in Event.objects.order_by().values_list("verb", flat=True).distinct():
        assert describe.verb_label(verb) != verb


@pytest.mark.slow
def test_thirty_agencies_cost_no_more_queries(db: None, client: Client, django_assert_max_num_queries: Any) -> None:
    crowd = make_crowd(30)
    client.force_login(crowd.secretariat)
    url = f"/p/{crowd.round.province.code}/journal/"
    client.get(url)
    with django_assert_max_num_queries(10):
        assert len(client.get(url).content) <= 100_000


# -- the night ------------------------------------------------------------------------------------


def night(monkeypatch: pytest.MonkeyPatch, hour: int = 3, days: int = 0) -> None:
    moment = datetime.combine(timezone.localdate() + timedelta(days=days), datetime.min.time())
    when = timezone.make_aware(moment) + timedelta(hours=hour)
    monkeypatch.setattr(timezone, "now", lambda: when)


def tamper() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE survey_answer SET note = 'x' WHERE revision = 1")


def test_a_night_in_which_everything_holds_tells_nobody(world: Assigned, monkeypatch: pytest.MonkeyPatch) -> None:
    night(monkeypatch)
    tasks.verify_journal_nightly()
    assert not Notice.objects.filter(kind="journal.fault").exists()


def test_tampering_alarms_the_administrators_by_notice_and_mail(
    world: Assigned, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tamper()
    night(monkeypatch, hour=1)
    tasks.verify_journal_nightly()
    assert not Notice.objects.filter(kind="journal.fault").exists()  # not yet night's work
    night(monkeypatch)
    tasks.verify_journal_nightly()
    told = {n.user for n in Notice.objects.filter(kind="journal.fault")}
    assert told == {world.people.who(Role.PROVINCE_ADMIN), world.people.who(Role.CENTRAL_ADMIN)}
    notice = Notice.objects.filter(kind="journal.fault").first()
    assert notice is not None
    assert notice.data["count"] == Answer.objects.filter(note="x").count()
    assert notice.url == f"/p/{world.people.a.code}/journal/"
    assert caplog.text.count("[answer.changed]") == notice.data["count"]
    alarms = Letter.objects.filter(key__startswith="at-once:journal")
    assert {a.user for a in alarms} == told
    delivery.send_due_letters()
    sent = [m for m in mail.outbox if "พบความผิดปกติ" in m.subject]
    assert {m.to[0] for m in sent} == {u.email for u in told}


def test_once_a_night_and_again_the_next_while_it_does_not_hold(
    world: Assigned, monkeypatch: pytest.MonkeyPatch
) -> None:
    tamper()
    for hour in (2, 3, 9):
        night(monkeypatch, hour)
        tasks.verify_journal_nightly()
    assert Notice.objects.filter(kind="journal.fault").count() == 2
    night(monkeypatch, days=1)
    tasks.verify_journal_nightly()
    assert Notice.objects.filter(kind="journal.fault").count() == 4


def test_a_proof_that_was_cut_off_is_made_again(world: Assigned, monkeypatch: pytest.MonkeyPatch) -> None:
    tamper()
    night(monkeypatch)
    with monkeypatch.context() as patched:
        patched.setattr(nightly_journal, "prove_tonight", lambda: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            tasks.verify_journal_nightly()
    tasks.verify_journal_nightly()
    assert Notice.objects.filter(kind="journal.fault").count() == 2
    assert json.loads(json.dumps(verify_all().json())).keys() == {
        "ok",
        "responses",
        "events",
        "files",
        "unproved",
        "faults",
    }
