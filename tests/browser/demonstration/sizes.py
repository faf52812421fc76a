"""The demonstration's pages on a phone: none is taller than 5,000 px on opening, none scrolls sideways, none is cut.

Reading pages are left out of the height: they open whole so that they can be read through.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.roles import Role
from demo.sample_file import load_sample
from demo.sample_users import users_with_role
from survey.instrument.queries import compiled_instrument
from survey.models import Assignment, Response, Round
from tests.browser.arriving import arriving, settle
from tests.browser.looking import PHONE, assert_accessible

Open = Callable[..., Page]
TALLEST = 5_000
TALLER = {"1.2": 5_700}  # eleven rows of one table, with DGA's own long words for the fourth option of each
MEASURE = """() => {
  const root = document.documentElement;
  const frame = (table) => {
    for (let part = table.parentElement; part; part = part.parentElement)
      if (["auto", "scroll"].includes(getComputedStyle(part).overflowX)) return part;
  };
  const reached = (table) => {
    if (!table.offsetParent || table.getBoundingClientRect().right <= innerWidth + 1) return true;
    const part = frame(table);
    return part && part.tabIndex >= 0 && (part.hasAttribute("aria-labelledby") || part.hasAttribute("aria-label"));
  };
  const cut = [...document.querySelectorAll("main table")].filter((table) => !reached(table)).map((t) => t.className);
  return { height: root.scrollHeight, wide: root.scrollWidth - root.clientWidth, cut };
}"""


def pages_of_the_secretariat(round_: Round) -> Iterator[str]:
    """The addresses of all pages that list or fold something, and of every page of the form."""
    response = Response.objects.get(round=round_, agency=None)
    place = [round_.province.code, round_.year]
    part = Assignment.objects.filter(round=round_).select_related("agency").latest("pk")
    for name in ("check", "journal", "brief", "versions", "threads", "consolidate"):
        yield reverse(f"survey:{name}", args=[response.pk])
    yield reverse("evidence:listing", args=[response.pk])
    yield reverse("evidence:listing", args=[response.pk]) + "?show=missing"
    yield reverse("scoring:score", args=[response.pk])
    yield reverse("survey:province-journal", args=[round_.province.code])
    for name in ("round", "board", "assignments", "meetings"):
        yield reverse(f"survey:{name}", args=place)
    yield reverse("survey:board-agency", args=[*place, part.agency.code])
    for section in compiled_instrument(round_.instrument).sections:
        yield reverse("survey:fill", args=[response.pk, section.id])


def pages_of_the_administrators(round_: Round) -> dict[Role, list[str]]:
    """The lists that administrators open, by role."""
    place = [round_.province.code]
    return {
        Role.CENTRAL_ADMIN: [
            *map(reverse, ("accounts:provinces", "accounts:central-people", "scoring:schemes")),
            reverse("survey:rounds", args=place),
        ],
        Role.PROVINCE_ADMIN: [reverse(f"accounts:{name}", args=place) for name in ("people", "agencies")],
    }


def faults_of(page: Page, path: str, *, tallest: int = TALLEST) -> Iterator[str]:
    """What is wrong with the size of a page."""
    reply = page.goto(path)
    assert reply is not None
    assert reply.ok, path
    settle(page)
    size = page.evaluate(MEASURE)
    if folder := os.environ.get("DGREADY_SHOTS"):
        name = path.strip("/").replace("/", "_").replace("?", "-")
        page.screenshot(path=Path(folder) / f"size-{name}.png", full_page=True)
        print(size["height"], path)
    if size["height"] > TALLER.get(path.rstrip("/").rpartition("/")[2], tallest):
        yield f"{path} is {size['height']} px tall"
    if size["wide"] > 0:
        yield f"{path} scrolls sideways by {size['wide']} px"
    if size["cut"]:
        yield f"{path} cuts tables: {size['cut']}"


def pages_fit_a_phone(round_: Round, open_page: Open) -> None:
    """Opens all of them; changes nothing."""
    page = open_page(users_with_role(load_sample(), Role.SECRETARIAT)[0], width=PHONE)
    faults = [fault for path in pages_of_the_secretariat(round_) for fault in faults_of(page, path)]
    for coordinator in users_with_role(load_sample(), Role.COORDINATOR):
        own = open_page(coordinator, width=PHONE)
        faults += faults_of(own, reverse("survey:desk", args=[round_.province.code, round_.year]))
    for role, paths in pages_of_the_administrators(round_).items():
        own = open_page(users_with_role(load_sample(), role)[0], width=PHONE)
        faults += [fault for path in paths for fault in faults_of(own, path)]
    response = Response.objects.get(round=round_, agency=None)
    reader = open_page(users_with_role(load_sample(), Role.GOVERNOR)[0], width=PHONE)
    for pillar in compiled_instrument(round_.instrument).pillars:
        read = reverse("survey:answers", args=[response.pk]) + f"?pillar={pillar.number}"
        faults += faults_of(reader, read, tallest=100_000)
    assert_accessible(reader)
    assert not faults, "\n".join(faults)
    reach_every_cell(page, round_)


def reach_every_cell(page: Page, round_: Round) -> None:
    """Every cell of the assignment matrix can be brought into sight and pressed on a phone."""
    page.goto(reverse("survey:assignments", args=[round_.province.code, round_.year]))
    assert_accessible(page)
    cells = page.locator(".matrix tbody td > a")
    assert cells.count() > 100
    for number in (0, cells.count() // 2, cells.count() - 1):
        cells.nth(number).scroll_into_view_if_needed()
        expect(cells.nth(number)).to_be_in_viewport()
    target = cells.nth(cells.count() - 1).get_attribute("href") or ""
    with arriving(page):
        cells.nth(cells.count() - 1).click()
    assert page.url.endswith(target)
