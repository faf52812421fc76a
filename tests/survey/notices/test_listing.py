"""The page of notices: kept by its rows and the day, few queries whatever their number, its filter named."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from accounts.models import Province, User
from survey.models import Notice
from survey.notices import actions as notices
from survey.notices.queries import listed_notices, notice_lines
from tests.assigned import Assigned
from tests.kept_pages import forget, page_text
from tests.survey.notices.told import tell

CURRENT = ' aria-current="true">'


def _changes(world: Assigned) -> Iterator[Callable[[], object]]:
    reader, rows = world.secretariat, Notice.objects.filter(user=world.secretariat)
    round_ = world.flow.round
    day = {"day": timezone.localdate().isoformat(), "what": "P1"}

    yield lambda: notices.notify(users=[reader], kind="comment", key="c", round_=round_, data={"who": "ก", "text": "ข"})
    yield lambda: rows.filter(key="c").update(data={"who": "ค", "text": "ง"})
    yield lambda: rows.filter(key="c").update(at=timezone.now() - timedelta(days=40))
    yield lambda: rows.filter(key="c").update(url="/r/1/threads/")
    yield lambda: rows.filter(key="c").update(kind="changed")
    yield lambda: notices.mark_notices_read(by=reader, notice=rows.get(key="c"))
    yield lambda: Province.objects.filter(pk=world.people.a.pk).update(name_th="จังหวัดชื่อใหม่")
    yield lambda: notices.notify(users=[reader], kind="assignment.due", key="d", data=day)
    yield lambda: notices.set_digest_preference(user=reader, digest=False)
    yield lambda: notices.set_digest_preference(user=reader, digest=True)
    yield lambda: tell(reader, 40)
    yield lambda: notices.mark_notices_read(by=reader)
    yield lambda: rows.delete()


def _pages(user: User, language: str = "th") -> list[str]:
    reader = Client()
    reader.force_login(user)
    reader.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return [page_text(reader, f"/notices/{asked}") for asked in ("", "?unread=1", "?page=2")]


@pytest.mark.django_db
def test_every_change_is_shown_at_once_and_to_nobody_else(world: Assigned) -> None:
    tell(world.coordinator, 2)
    others = _pages(world.coordinator)
    before = _pages(world.secretariat)
    for number, change in enumerate(_changes(world)):
        change()
        kept = _pages(world.secretariat)
        forget()
        assert kept == _pages(world.secretariat), f"what is kept is not what is, after change {number}"
        assert kept != before, f"change {number} is not shown"
        before = kept
    assert _pages(world.coordinator) == others
    with translation.override("th"):  # what a request sets would stay
        assert _pages(world.coordinator, "en") != others


@pytest.mark.django_db
def test_the_days_that_are_left_are_counted_from_today(world: Assigned) -> None:
    tell(world.coordinator, kind="assignment.due")
    rows = list(listed_notices(world.coordinator, unread_only=True)[0:9])
    told = [notice_lines(rows, date(2026, 6, day))[0].text for day in (29, 30)]
    assert ("อีก 2 วัน" in told[0], "อีก 1 วัน" in told[1]) == (True, True)


@pytest.mark.django_db
def test_the_filter_that_is_shown_is_marked(world: Assigned, client: Client) -> None:
    client.force_login(world.secretariat)
    for address, current in (("/notices/", '<a href="/notices/"'), ("/notices/?unread=1", '<a href="?unread=1"')):
        page = client.get(address).content.decode()
        assert current + CURRENT in page
        assert page.count(CURRENT) == 1, "one of the two is shown"


@pytest.mark.django_db
def test_as_many_queries_for_one_notice_as_for_many(world: Assigned, client: Client) -> None:
    client.force_login(world.secretariat)
    client.get("/notices/")
    counted = []
    for new in (1, 2, 73):
        tell(world.secretariat, new, start=Notice.objects.count())
        client.get("/notices/")
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/notices/").status_code == 200
        counted.append(len(queries))
    assert counted[0] == counted[1] == counted[2] <= 10
