"""The sample province's year 2567 by its real calendar: thirty agencies, real processes, and what goes wrong in them.

Opened on 5 June, endorsed by the committee on 3 July, added to until 4 July, approved on 5 July before midnight.
Four people work in browsers (desk and phone), the other agencies post the same forms without one. In between the
worker is killed while people answer, while it sends letters and while it prints, and the mail server goes down.
What the server said it took is kept in a ledger; at the end the database and the mail server are counted against it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser

from accounts.models import User
from accounts.roles import Role
from tests.browser import province as acts
from tests.browser.conftest import PATIENCE, watch
from tests.browser.looking import DESKTOP, HEIGHTS, PHONE
from tests.browser.province import CODE, World, day
from tests.browser.real.agencies import consolidate, hand_in, review
from tests.browser.real.approval import add_late, approve, hand_over, meet, submit
from tests.browser.real.common import Open
from tests.browser.real.counting import count_everything
from tests.browser.real.opening import assign_from_excel, by_hand, first_answers, open_the_round
from tests.browser.real.reminders import (
    remind_and_never_hear_the_answer,
    remind_while_killed_in_mid_sentence,
    remind_while_the_mail_server_is_down,
    remind_while_the_worker_dies,
)
from tests.browser.steps import Person, enter
from tests.factories import ProvinceFactory
from tests.installation import installed
from tests.reports.documents.test_certificate import authority

__all__ = ["authority"]
pytestmark = [pytest.mark.postgres, pytest.mark.redis, pytest.mark.slow]


@pytest.fixture
def world(
    transactional_db: None, tmp_path: Path, authority: tuple[Path, Path, Path], monkeypatch: pytest.MonkeyPatch
) -> Iterator[World]:
    """The province before its year, everything running."""
    schemes = tmp_path / "schemes"
    instrument = acts.publish_past(schemes)
    province = ProvinceFactory(code=CODE, name_th="หนองคาย", name_en="Nong Khai")
    more = {
        "SCHEME_DIRS": str(schemes),
        "SIGNING_KEY": str(authority[0]),
        "SIGNING_CERT": str(authority[1]),
    }
    with installed(tmp_path / "var", more) as at:
        at.clock.set(day(6, 5, 8))
        monkeypatch.setattr(timezone, "now", at.clock.now)  # this process reads the same clock
        yield World(at, instrument, province, acts.people(province))


# The clock goes on by days while a page asks whether its file is made: the session it asks with has ended.
ENDED = "Response Status Error Code 401 from /jobs/"


@pytest.fixture
def sit_down(browser: Browser, world: World) -> Iterator[Open]:
    """Puts somebody at a browser of their own; afterwards no page may have had a fault."""
    contexts, faults = [], list[str]()

    def opened(user: User, width: int) -> Person:
        context = browser.new_context(
            viewport={"width": width, "height": HEIGHTS[width]},
            locale="th-TH",
            timezone_id="Asia/Bangkok",
            base_url=world.at.url,
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        watch(page, faults)
        enter(page, user)
        return Person(page)

    yield opened
    for context in contexts:
        context.close()
    faults = [fault for fault in faults if not fault.startswith(ENDED)]
    assert not faults, "faults on the page:\n" + "\n".join(faults)


def test_the_real_year(world: World, sit_down: Open, tmp_path: Path, authority: tuple[Path, Path, Path]) -> None:
    clock = Stopwatch()
    admin = sit_down(world.people[Role.PROVINCE_ADMIN], DESKTOP)
    open_the_round(world, admin)
    office = sit_down(world.people[Role.SECRETARIAT], DESKTOP)
    expected = assign_from_excel(world, office, tmp_path)
    acts.hire(world)
    clock.lap("opened and assigned")

    world.at.clock.set(day(6, 10))
    desk = sit_down(world.coordinators["SO"], DESKTOP)
    phone = sit_down(world.coordinators["PH"], PHONE)
    first_answers(world)
    clock.lap("thirty agencies answer; the worker is killed")
    by_hand(world, desk, phone, tmp_path)
    clock.lap("coordinators at their browsers")

    remind_while_the_worker_dies(world)
    remind_while_the_mail_server_is_down(world)
    remind_and_never_hear_the_answer(world)
    remind_while_killed_in_mid_sentence(world)
    clock.lap("reminders through three kills and an outage")

    hand_in(world)
    clock.lap("handed in")
    review(world, office, phone)
    clock.lap("reviewed")
    consolidate(world, office)
    clock.lap("consolidated")
    meet(world, office)
    clock.lap("endorsed")
    add_late(world, office)
    submit(world, office)
    approve(world, sit_down)
    clock.lap("approved")
    hand_over(world, office, authority[2])
    clock.lap("handed over")
    count_everything(world, expected)
    clock.lap("counted")


class Stopwatch:
    """Says how long each act took."""

    def __init__(self) -> None:
        self.last = time.monotonic()

    def lap(self, name: str) -> None:
        """An act is over."""
        now = time.monotonic()
        print(f"{now - self.last:6.1f} s  {name}")
        self.last = now
