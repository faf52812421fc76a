"""Help in the application: guides rendered safely, their links alive, found by their words, without a network."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import unquote

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from accounts.roles import Role
from survey.guides.library import ADMIN_GUIDES, USER_GUIDES, read_guide
from survey.guides.rendering import heading_anchor, render_guide
from survey.guides.searching import comparable, search_guides
from tests.people import People


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


@pytest.mark.parametrize("slug", [*USER_GUIDES, *ADMIN_GUIDES])
def test_every_link_and_picture_of_a_guide_is_alive(people: People, client: Client, slug: str) -> None:
    client.force_login(people.who(Role.PROVINCE_ADMIN))
    html = client.get(f"/help/{slug}/").content.decode()
    article = html[html.index('<article class="guide-text">') : html.index("</article>")]
    for address in re.findall(r'href="([^"]+)"', article):
        page, _hash, anchor = unquote(unescape(address)).partition("#")
        if "://" in page:
            continue
        target = page.removeprefix("/help/").rstrip("/") if page else slug
        assert target in USER_GUIDES + ADMIN_GUIDES, address
        assert not anchor or anchor in read_guide(target).anchors, address
    for picture in re.findall(r'src="([^"]+)"', article):
        name = re.sub(r"\.[0-9a-f]{12}(\.\w+)$", r"\1", picture.rpartition("/")[2])
        assert finders.find(f"guides/{name}"), picture
    assert not re.search(r'src="https?:', html)  # works without a network


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
    for slug in ("glossary", "house", "..", "nothing"):
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
