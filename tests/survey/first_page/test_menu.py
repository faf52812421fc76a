"""The main menu: the person's places, the same on every page, and help that leads to a paragraph from everywhere."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from copy import copy
from html import unescape
from unittest import mock
from urllib.parse import unquote

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import CENTRAL_ROLES, Role
from survey.first_page.page_places import _PAGES
from survey.guides.library import ADMIN_GUIDES, USER_GUIDES, read_guide
from survey.guides.topics import TOPICS
from survey.models import Response
from tests.matrix_urls import ROWS
from tests.matrix_world import World
from tests.people import People
from tests.test_matrix import patterns, signed_in
from tests.trial import Trial, make_trial

pytestmark = pytest.mark.slow

LINK = re.compile(r'<a class="nav-link( active)?"\s+href="([^"]+)"\s*(aria-current="(?:page|true)")?\s*>([^<]+)</a>')
HELP = re.compile(r'<a class="app-tool app-help" href="/help/([a-z-]+)/(?:#([^"]+))?">')
# What each role finds in the menu, in this order, in its own province.
MENUS = {
    Role.SECRETARIAT: "หน้าแรก กระดานติดตาม การมอบหมาย กรอกแบบ คลังเอกสาร รวมคำตอบ ตรวจความครบถ้วน คะแนนและแผน สรุป "
    "เอกสารและไฟล์ คณะกรรมการ บันทึกเหตุการณ์",
    Role.COORDINATOR: "หน้าแรก งานของหน่วยงาน กรอกแบบ คลังเอกสาร ตรวจความครบถ้วน",
    Role.COMMITTEE: "หน้าแรก กระดานติดตาม คำตอบ คลังเอกสาร ตรวจความครบถ้วน คะแนนและแผน สรุป เอกสารและไฟล์ คณะกรรมการ",
    Role.GOVERNOR: "หน้าแรก กระดานติดตาม คำตอบ คลังเอกสาร ตรวจความครบถ้วน คะแนนและแผน สรุป เอกสารและไฟล์ "
    "คณะกรรมการ บันทึกเหตุการณ์",
    Role.PROVINCE_ADMIN: "หน้าแรก กระดานติดตาม การมอบหมาย คำตอบ คลังเอกสาร ตรวจความครบถ้วน คะแนนและแผน สรุป "
    "เอกสารและไฟล์ คณะกรรมการ บันทึกเหตุการณ์ รอบสำรวจ ผู้ใช้ หน่วยงาน",
}


def pages(people: People) -> Iterator[tuple[str, Role, str]]:
    """Name, reader and HTML of every whole page that each role may open; what a page needs is undone after it."""
    base = World(people)
    base.trial  # noqa: B018 - the round is there from the beginning
    clients = {role: signed_in(people.who(role)) for role in MENUS}
    for name, row in ROWS.items():
        if row.method != "get" or row.public:
            continue
        with transaction.atomic():
            world = copy(base)
            address = reverse(name, kwargs=row.kwargs(world)) + row.query
            for role, client in clients.items():
                response = client.get(address) if row.lets_in(world, people.who(role)) else None
                if response is not None and response.streaming:
                    response.getvalue()  # a file is closed once it has been read
                elif response is not None and response.status_code == 200:
                    html = response.content.decode(errors="replace")
                    if 'class="app-header"' in html:
                        yield name, role, html
            transaction.set_rollback(True)


def labels(html: str) -> list[str]:
    return [unescape(label).strip() for _active, _url, _here, label in LINK.findall(html)]


def test_every_page_has_the_menu_of_its_reader_and_help(people: People) -> None:
    """The same menu on every page, one place of it the page's own, and help that leads to a paragraph."""
    faults, seen = [], Counter[Role]()
    for name, role, html in pages(people):
        seen[role] += 1
        here = [label for _active, _url, current, label in LINK.findall(html) if current]
        if " ".join(labels(html)) != (_averaged(MENUS[role]) if name == "nation:agency-round" else MENUS[role]):
            faults.append(f"{role} {name}: {' '.join(labels(html))}")
        if len(here) > 1 or (not here and _place(name) and role is not Role.COORDINATOR):
            faults.append(f"{role} {name}: at {here}")
        found = HELP.search(html)
        if found is None:
            faults.append(f"{role} {name}: no help")
        elif found[2] and unquote(unescape(found[2])) not in read_guide(found[1]).anchors:
            faults.append(f"{role} {name}: help leads nowhere: {found[0]}")
    assert faults == []
    assert all(seen[role] > 7 for role in MENUS), seen


def _averaged(menu: str) -> str:
    """The menu in a round that each agency answers: the averages, not the pages that would only lead to them."""
    for led in ("รวมคำตอบ", "ตรวจความครบถ้วน", "คะแนนและแผน", "สรุป"):
        menu = menu.replace(f" {led}", "")
    return menu.replace("กระดานติดตาม", "กระดานติดตาม หน่วยงานที่ตอบ")


def _place(name: str) -> str:
    """The place a page belongs to, by name; what only the centre has aside."""
    place = _PAGES[max((known for known in _PAGES if name.startswith(known)), key=len)].place
    return "" if place in ("provinces", "all-people") else place


def test_every_page_has_a_place_and_a_topic_of_its_own() -> None:
    """An address that nobody thought of would fall to the beginning of its app."""
    nowhere = {"survey:", "accounts:", ""}
    names = {name for name, _pattern in patterns()}
    lost = {n for n in names if max((k for k in _PAGES if n.startswith(k)), key=len) in nowhere}
    assert {n for n in lost if n.startswith("survey:")} == {
        "survey:glossary",
        "survey:guide",
        "survey:help",
        "survey:nav",
        "survey:notice",
        "survey:place",
        "survey:present",
        "survey:verify",
        "survey:verify-typed",
    }


def test_every_topic_is_a_paragraph() -> None:
    faults = []
    for topic, anchors in TOPICS.items():
        for guide, anchor in anchors.items():
            if guide not in USER_GUIDES or (anchor and anchor not in read_guide(guide).anchors):
                faults.append(f"{topic}: {guide}#{anchor}")
    assert faults == []
    assert {place.topic for place in _PAGES.values()} <= TOPICS.keys()
    assert not set(USER_GUIDES) & set(ADMIN_GUIDES)


@pytest.mark.django_db
def test_places_of_a_response_are_reached_by_way_of_the_round(client: Client) -> None:
    trial = make_trial()
    client.force_login(trial.secretariat)
    html = client.get(reverse("survey:notices")).content.decode()
    [address] = [url for _a, url, _h, label in LINK.findall(html) if label.strip() == "กรอกแบบ"]
    assert client.get(address)["Location"] == f"/r/{trial.response.pk}/"
    for key in ("nothing", "board"):
        assert client.get(f"/p/{trial.province.code}/{trial.round.year}/go/{key}/").status_code == 404


def test_a_coordinator_reaches_the_form_of_the_agency(people: People, client: Client) -> None:
    world = World(people)
    world.part  # noqa: B018
    client.force_login(people.who(Role.COORDINATOR))
    address = f"/p/{people.a.code}/{world.trial.round.year}/go/own-form/"
    assert client.get(address)["Location"].endswith("/desk/")
    made = Response.objects.create(round=world.trial.round, agency=people.a1)
    assert client.get(address)["Location"] == f"/r/{made.pk}/"
    client.force_login(people.who(Role.COORDINATOR, "a2"))
    assert client.get(address)["Location"].endswith("/desk/")


@pytest.mark.django_db
def test_the_menu_costs_the_form_nothing(client: Client) -> None:
    """Neither while the frame of the page is made, nor when it is kept."""
    trial = make_trial()
    client.force_login(trial.secretariat)
    counts = []
    for section in trial.compiled.sections[:2]:
        with (
            mock.patch("survey.templatetags.layout.newest_round", side_effect=AssertionError("asked for the round")),
            CaptureQueriesContext(connection) as queries,
        ):
            html = client.get(f"/r/{trial.response.pk}/fill/{section.id}/").content.decode()
        asked = [query["sql"] for query in queries.captured_queries]
        # PostgreSQL knows the response's query, which joins the round, by name.
        counts.append(sum('"survey_round"' in sql or "EXECUTE dgready_survey_response_" in sql for sql in asked))
        assert [label for _a, _u, here, label in LINK.findall(html) if here] == ["กรอกแบบ"]
    assert counts == [1, 1]  # with the response itself


@pytest.mark.parametrize("role", [*CENTRAL_ROLES, *MENUS], ids=lambda role: role.value)
def test_on_a_phone_the_menu_has_a_button_that_needs_no_script(people: People, client: Client, role: Role) -> None:
    client.force_login(people.who(role))
    html = client.get("/").content.decode()
    button = html.index('<summary class="app-nav-button">')
    assert html.index("</details>", button) < html.index('class="app-nav-list"')


def test_the_pages_of_a_contribution_belong_to_its_agency_or_to_the_board(people: People, client: Client) -> None:
    trial: Trial = World(people).trial
    contribution = Response.objects.create(round=trial.round, agency=people.a1)
    address = f"/r/{contribution.pk}/fill/{trial.compiled.sections[0].id}/"
    for user, expected in ((people.who(Role.COORDINATOR), "กรอกแบบ"), (trial.secretariat, "กระดานติดตาม")):
        client.force_login(user)
        html = client.get(address).content.decode()
        assert [label for _a, _u, here, label in LINK.findall(html) if here] == [expected]
