"""Help in the application: guides rendered safely, their links alive, found by their words, without a network."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import unquote

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from accounts.roles import Role
from survey.guides.glossary import parse_glossary
from survey.guides.library import (
    ADMIN_GUIDES,
    ROLE_GUIDES,
    USER_GUIDES,
    anchor_in,
    read_glossary,
    read_guide,
)
from survey.guides.rendering import heading_anchor, render_guide
from survey.guides.searching import comparable, search_guides
from survey.guides.topics import TOPICS
from tests.people import People

pytestmark = pytest.mark.any_database


def rendered(source: str) -> str:
    return render_guide(
        "x",
        source,
        link=lambda page, anchor: None if page == "gone.md" else f"/help/{page}#{anchor}",
        picture=lambda name: f"/pictures/{name}",
    ).html


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "a <img src=x onerror=alert(1)> b",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,AAAA)",
        "![x](javascript:alert(1))",
        '<a href="/" onclick="x()">y</a>',
        "[x](vbscript:x)",
    ],
)
def test_nothing_in_a_guide_acts_on_the_page(source: str) -> None:
    html = rendered(f"# T\n\n{source}\n")
    assert not re.search(r"<(script|iframe|object|embed)", html)
    assert not re.search(r"<[^>]*\son\w+\s*=", html)
    assert not re.search(r'(href|src)="(javascript|data|vbscript):', html)


def test_headings_links_and_pictures_get_addresses_of_the_application() -> None:
    html = rendered(
        "# ชื่อ\n\n## กรอก แบบ\n\nข้อความ [ไป](other.md#x) [ลา](gone.md)\n\n"
        '<img src="img/a.png" alt="ภาพ" width="260">\n\n## กรอก แบบ\n\n| a | b |\n|---|---|\n| 1 | 2 |\n'
    )
    assert '<h2 id="กรอก-แบบ">' in html
    assert '<h2 id="กรอก-แบบ-1">' in html
    assert '<a href="/help/other.md#x">ไป</a> ลา' in html
    assert 'src="/pictures/a.png"' in html
    assert 'width="260"' in html
    assert "<h1" not in html
    assert '<table class="table">' in html


def test_anchors_are_those_of_the_usual_renderers() -> None:
    assert heading_anchor("คะแนน (2567): A_b-c!") == "คะแนน-2567-a_b-c"


SHOWN = [*((slug, "th") for slug in (*USER_GUIDES, *ADMIN_GUIDES)), *((slug, "en") for slug in USER_GUIDES)]


@pytest.mark.parametrize(("slug", "language"), SHOWN)
def test_every_link_and_picture_of_a_guide_is_alive(people: People, client: Client, slug: str, language: str) -> None:
    client.force_login(people.who(Role.PROVINCE_ADMIN))
    client.cookies["django_language"] = language
    html = client.get(f"/help/{slug}/").content.decode()
    article = html[html.index('<article class="guide-text">') : html.index("</article>")]
    for address in re.findall(r'href="([^"]+)"', article):
        page, _hash, anchor = unquote(unescape(address)).partition("#")
        if "://" in page or page == "/help/glossary/":
            continue
        target = page.removeprefix("/help/").rstrip("/") if page else slug
        assert target in USER_GUIDES + ADMIN_GUIDES, address
        assert not anchor or anchor in read_guide(target, language).anchors, address
    for picture in re.findall(r"<img[^>]*>", article):
        name = re.sub(r"\.[0-9a-f]{12}(\.\w+)$", r"\1", re.findall(r'src="[^"]*/([^"/]+)"', picture)[0])
        assert finders.find(f"guides/{name}"), picture
        assert re.search(r'alt="[^"]{5,}"', picture), picture
    assert not re.search(r'src="https?:', html)  # works without a network


@pytest.mark.parametrize("slug", USER_GUIDES)
def test_both_languages_say_the_same_in_the_same_places(slug: str) -> None:
    thai, english = read_guide(slug), read_guide(slug, "en")
    assert [s.level for s in thai.sections] == [s.level for s in english.sections]
    pictures = [re.findall(r'src="([^"]+)"', guide.html) for guide in (thai, english)]
    assert sorted(pictures[0]) == sorted(pictures[1])
    assert not re.search(r"[\u0e00-\u0e7f]", " ".join(s.title for s in english.sections))
    assert [thai.html.count(tag) for tag in ("<tr>", "<ol>")] == [english.html.count(tag) for tag in ("<tr>", "<ol>")]


def test_each_role_has_a_guide_in_both_languages_with_pictures_where_they_help() -> None:
    assert set(ROLE_GUIDES) == set(Role)
    for slug in {*ROLE_GUIDES.values(), "auditor"}:
        assert read_guide(slug).html.count("<img") >= 3, slug


def test_help_on_a_page_leads_to_the_same_place_in_english() -> None:
    for anchors in TOPICS.values():
        for guide, anchor in anchors.items():
            for language in ("th", "en"):
                found = anchor_in(guide, anchor, language)
                assert not anchor or found in read_guide(guide, language).anchors
    assert anchor_in("secretariat", "กรอกแบบ", "en") == "fill-in-the-form"


def test_english_readers_get_their_own_guide_in_english_first(people: People, client: Client) -> None:
    client.force_login(people.who(Role.GOVERNOR))
    client.cookies["django_language"] = "en"
    page = client.get("/help/")
    assert [guide.title for guide in page.context["own"]] == ["Guide for the governor and delegates"]
    assert client.get("/help/", {"q": "delegation"}).context["found"][0].guide.slug == "governor"
    assert '<article class="guide-text">' in client.get("/help/evidence/").content.decode()  # in Thai, said to be Thai


def test_the_glossary_is_thai_and_english_without_names_of_code(people: People, client: Client) -> None:
    client.force_login(people.who(Role.COORDINATOR))
    assert "/help/glossary/" in client.get("/help/").content.decode()
    html = client.get("/help/glossary/").content.decode()
    assert '<th scope="row" lang="th">รอบสำรวจ</th>' in html
    assert '<td lang="en">round</td>' in html
    terms = [term for group in read_glossary() for term in group.terms]
    assert len(terms) > 150
    assert not [term for term in terms if "`" in term.meaning or "survey." in term.meaning]
    assert parse_glossary("## A\n| ไทย | thai | `a.b.C` | a thing, `x` said; its row is `a.b.D` |\n")[0].terms[
        0
    ].meaning == ("A thing, x said")


@pytest.mark.parametrize("role", Role, ids=lambda role: role.value)
def test_each_role_has_its_guide_with_steps_to_begin(people: People, client: Client, role: Role) -> None:
    client.force_login(people.who(role))
    own = client.get("/help/").context["own"]
    assert [guide for guide in own if "เริ่มที่นี่" in guide.anchors and "<ol>" in guide.html]
    for guide in own:
        assert client.get(f"/help/{guide.slug}/").status_code == 200


def test_guides_of_the_installation_are_for_administrators(people: People, client: Client) -> None:
    for role, status in ((Role.PROVINCE_ADMIN, 200), (Role.SECRETARIAT, 404)):
        client.force_login(people.who(role))
        assert client.get("/help/deploy/").status_code == status
        assert ("/help/deploy/" in client.get("/help/").content.decode()) == (status == 200)
    for slug in ("house", "..", "nothing"):
        assert client.get(f"/help/{slug}/").status_code == 404


def test_words_are_found_in_the_middle_of_thai_text(people: People, client: Client) -> None:
    client.force_login(people.who(Role.COORDINATOR))
    found = client.get("/help/", {"q": "แนบหลักฐาน"}).context["found"]
    assert found
    assert found[0].guide.slug == "coordinator"  # one's own guide first
    assert "แนบหลักฐาน" in found[0].excerpt
    assert not client.get("/help/", {"q": "ไม่มีคำนี้แน่นอน"}).context["found"]
    assert client.get("/help/", {"q": "ส่งกลับ เหตุผล"}).context["found"]
    page = client.get("/help/", {"q": '<b>"'}).content.decode()
    assert "<b>" not in page


def test_a_heading_counts_more_than_text() -> None:
    guides = [
        render_guide("a", "# A\n\n## อื่น\n\nหลักฐาน\n", link=lambda p, a: None, picture=str),
        render_guide("b", "# B\n\n## หลักฐาน\n\nคำ\n", link=lambda p, a: None, picture=str),
    ]
    assert [one.guide.slug for one in search_guides(guides, "หลักฐาน")] == ["b", "a"]
    assert search_guides(guides, "  ") == []
    assert comparable("น\u0e4d\u0e32") == comparable("น\u0e33")
