"""The state of the installation: every part's level, its page, and what /readyz tells of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import AccountLetter, User
from accounts.models.post import GivenUp
from accounts.roles import Role
from dgready import health
from evidence.models import File, ScanState
from reports import tasks
from reports.models import FileFault, Heartbeat, Job, JobState, ReportKind, SystemRun
from reports.system import heartbeats, state
from reports.system.heartbeats import beat_in_thread, last_heartbeats, record_heartbeat
from reports.system.runs import record_run
from reports.system.state import DiskSpace, Level, read_system_state, system_levels
from reports.system.state_texts import part_rows
from survey.models import Letter, Notice
from tests.people import People

pytestmark = pytest.mark.django_db
GB = 1 << 30


def ago(**time: float) -> Any:
    return timezone.now() - timedelta(**time)


def beat(kind: str, **time: float) -> None:
    record_heartbeat(kind, "host")
    Heartbeat.objects.filter(name=f"{kind}@host").update(at=ago(**time))


def job(**time: float) -> Job:
    return Job.objects.create(kind=ReportKind.RESULT, state=JobState.QUEUED, created_at=ago(**time))


def letter(user: User, key: str = "x", *, made: timedelta, **more: Any) -> Letter:
    at = timezone.now() - made
    return Letter.objects.create(
        key=key, user=user, subject=f"จดหมาย {key}", body="x", made_at=at, message_id=key, **{"next_try_at": at, **more}
    )


def account_letter(*, next_try_at: Any = timezone.now, **more: Any) -> AccountLetter:
    time = {name: more.pop(name) for name in ("minutes", "hours") if name in more}
    given = {"kind": AccountLetter.Kind.PASSWORD_RESET, "email": "x@example.org", "key": "a", "message_id": "a"}
    due = next_try_at() if callable(next_try_at) else next_try_at
    return AccountLetter.objects.create(made_at=ago(**time), next_try_at=due, **given, **more)


def stored_file(scan_state: ScanState, **time: float) -> None:
    file = File.objects.create(sha256="0" * 64, size=1, kind="pdf", media_type="application/pdf", stored="x")
    File.objects.filter(pk=file.pk).update(scan_state=scan_state, created_at=ago(**time))


def drill(**time: float) -> None:
    run = record_run(kind="drill", started=ago(**time), ok=True, detail={"faults": 0})
    SystemRun.objects.filter(pk=run.pk).update(ended_at=ago(**time))


@pytest.fixture
def admin(people: People) -> User:
    return people.who(Role.CENTRAL_ADMIN)


@pytest.fixture
def well(admin: User) -> None:
    """Everything is as it should be."""
    for kind in ("worker", "beat"):
        record_heartbeat(kind)
    for kind in ("verify", "verify_files", "anchor", "backup"):
        record_run(kind=kind, started=ago(minutes=1), ok=True, detail={"faults": 0, "total": 3, "pass_checked": 3})


def test_all_is_well(well: None) -> None:
    levels = {key: level for key, level in system_levels().items() if not key.startswith("disk.")}
    assert set(levels.values()) == {"ok"}
    waiting = {"jobs", "letters", "notices", "scans", "given_up", "infected", "file_faults"}
    assert levels.keys() == waiting | {"worker", "beat", "verify", "verify_files", "anchor", "backup", "drill"}


def test_nothing_has_ever_run(admin: User) -> None:
    levels = system_levels()
    assert (levels["worker"], levels["beat"]) == ("fail", "fail")
    assert {levels[key] for key in ("verify", "verify_files", "anchor", "backup")} == {"warn"}
    assert levels["drill"] == "ok"  # by hand, once a year: nobody waits for the first


TROUBLES: dict[str, tuple[str, str, Callable[[User], object]]] = {
    "a late worker": ("worker", "warn", lambda u: beat("worker", minutes=5)),
    "a dead worker": ("worker", "fail", lambda u: beat("worker", minutes=40)),
    "a dead clock": ("beat", "fail", lambda u: beat("beat", minutes=40)),
    "a job that waits": ("jobs", "warn", lambda u: job(minutes=10)),
    "a job that waits long": ("jobs", "fail", lambda u: job(hours=1)),
    "a letter that is not sent": ("letters", "warn", lambda u: letter(u, made=timedelta(minutes=20))),
    "a letter tried for hours": (
        "letters",
        "fail",
        lambda u: letter(u, made=timedelta(hours=3), next_try_at=timezone.now() + timedelta(minutes=9), fault="away"),
    ),
    "a notice that no letter told": (
        "notices",
        "fail",
        lambda u: Notice.objects.create(user=u, kind="role", key="x", at=ago(days=3)),
    ),
    "a letter given up": (
        "given_up",
        "warn",
        lambda u: letter(u, made=timedelta(hours=3), next_try_at=None, fault="refused: 550"),
    ),
    "an invitation that is not sent": ("letters", "warn", lambda u: account_letter(minutes=20)),
    "an invitation given up": (
        "given_up",
        "warn",
        lambda u: account_letter(hours=3, next_try_at=None, given_up=GivenUp.REFUSED, fault="refused: 550"),
    ),
    "a file that nothing scans": ("scans", "fail", lambda u: stored_file(ScanState.WAITING, hours=3)),
    "a virus": ("infected", "warn", lambda u: stored_file(ScanState.INFECTED, hours=3)),
    "a proof with faults": (
        "verify",
        "fail",
        lambda u: record_run(kind="verify", started=ago(), ok=False, detail={"faults": 2}),
    ),
    "a file that is missing": (
        "file_faults",
        "fail",
        lambda u: FileFault.objects.create(store="evidence", name="x", expected="0", first_at=ago(), last_at=ago()),
    ),
    "a drill with differences": (
        "drill",
        "fail",
        lambda u: record_run(kind="drill", started=ago(), ok=False, detail={"faults": 2}),
    ),
    "an old drill": ("drill", "warn", lambda u: drill(days=401)),
    "a failed backup": ("backup", "fail", lambda u: record_run(kind="backup", started=ago(), ok=False, detail={})),
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_what_is_not_well_is_told_with_what_to_do(well: None, admin: User, trouble: str) -> None:
    key, level, make = TROUBLES[trouble]
    Heartbeat.objects.filter(name__startswith=f"{key}@").delete()
    make(admin)
    found = read_system_state()
    levels = {part.key: part.level.value for part in found.parts}
    assert levels.pop(key) == level
    assert {part for part, one in levels.items() if one != "ok" and not part.startswith("disk.")} == set()
    (row,) = [row for row in part_rows(found, {}) if row.key == key]
    assert row.advice
    assert row.level == level


def test_old_runs_are_late_and_then_failed(well: None, monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()
    for days, level in ((1, "ok"), (2, "warn"), (9, "fail")):
        monkeypatch.setattr(state.timezone, "now", lambda days=days: now + timedelta(days=days))
        assert {system_levels()[key] for key in ("verify", "anchor", "backup")} == {level}


@pytest.mark.parametrize(
    ("free", "size", "level"),
    [
        (50 * GB, 100 * GB, Level.OK),
        (9 * GB, 100 * GB, Level.WARN),
        (2 * GB, 100 * GB, Level.FAIL),
        (1 * GB, 4 * GB, Level.WARN),
        (GB // 4, 4 * GB, Level.FAIL),
    ],
)
def test_the_disk(free: int, size: int, level: Level) -> None:
    assert state._level_of_disk(DiskSpace(free, size)) == level


# -- page and address ------------------------------------------------------------------------------


def test_the_page_says_it_in_words_and_costs_the_same_whatever_there_is(
    well: None, admin: User, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(admin)
    address = reverse("reports:system")
    page = client.get(address).content.decode()
    assert "ปกติ" in page
    for number in range(30):
        job(hours=2)
        letter(admin, f"l{number}", made=timedelta(days=1), next_try_at=None, fault="refused: 550 no such user")
        FileFault.objects.create(
            store="evidence", name=str(number), expected="0" * 64, what="แผน.pdf", first_at=ago(), last_at=ago()
        )
        record_run(kind="verify", started=ago(), ok=False, detail={"faults": 3})
    with django_assert_max_num_queries(10):
        reply = client.get(address)
    page = reply.content.decode()
    assert len(reply.content) < 150_000
    for words in ("ต้องแก้", "ไฟล์ที่รอสร้าง", "แผน.pdf", "journal verify", "อีเมลที่ส่งไม่สำเร็จ"):
        assert words in page, words
    letters = reverse("survey:letters")
    assert f'href="{letters}"' in page
    assert "550 no such user" in client.get(letters).content.decode()
    summary = re.search(r'<p class="state-summary is-(\w+)"', page)
    assert summary is not None
    assert summary[1] == "fail"
    assert f'href="{address}"' in client.get("/").content.decode()  # the menu


def test_a_store_that_does_not_answer_is_on_the_page(
    well: None, admin: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> None:
        raise OSError("away")

    monkeypatch.setitem(health.CHECKS, "store", away)
    client.force_login(admin)
    assert "ไม่ตอบ" in client.get(reverse("reports:system")).content.decode()


def test_readyz_tells_levels_and_keeps_its_status(admin: User, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in health.CHECKS:
        monkeypatch.setitem(health.CHECKS, name, lambda: None)
    reply = client.get("/readyz")
    assert reply.status_code == 200
    told = reply.json()["state"]
    assert told["worker"] == "fail"
    assert {"beat", "jobs", "letters", "notices", "verify", "backup"} <= told.keys()
    assert any(key.startswith("disk.") for key in told)
    assert "state" not in client.get("/readyz", HTTP_X_FORWARDED_FOR="203.0.114.7").json()  # nobody outside


# -- heartbeats ------------------------------------------------------------------------------------


def test_the_newest_sign_of_life_of_any_machine_counts_and_old_machines_are_forgotten() -> None:
    beat("worker", hours=1)
    record_heartbeat("worker", "other")
    assert timezone.now() - last_heartbeats()["worker"] < timedelta(minutes=1)
    Heartbeat.objects.filter(name="worker@host").update(at=ago(days=3))
    record_heartbeat("worker", "other")
    assert list(Heartbeat.objects.values_list("name", flat=True)) == ["worker@other"]


def test_the_embedded_clock_and_worker_show_signs_of_life(eager: None) -> None:
    tasks.heartbeat.delay()
    assert last_heartbeats().keys() == {"worker", "beat"}


def test_there_is_one_thread_which_survives_a_database_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    signs: list[str] = []

    def record(kind: str) -> None:
        signs.append(kind)
        raise DatabaseError("away")

    alive = iter([True, True, True, False])
    monkeypatch.setattr(heartbeats, "record_heartbeat", record)
    monkeypatch.setattr(heartbeats, "BEAT_SECONDS", 0.1)
    monkeypatch.setattr(heartbeats, "connection", type("none", (), {"close": staticmethod(lambda: None)}))
    threads = {beat_in_thread("worker", lambda: next(alive)) for _time in range(2)}
    assert len(threads) == 1
    threads.pop().join(5)
    assert signs == ["worker"] * 3
