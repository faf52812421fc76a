"""What becomes of a passage: found, found elsewhere, missing, on a picture; and what is offered instead."""

from __future__ import annotations

from array import array

import pytest

from dgready.typed.pages import page_numbers
from evidence.checking.nearest import find_offers
from evidence.checking.rule import KnownText, Passage, check_passage
from evidence.reading.pages import DocumentText, PageText, TextSource
from tests.evidence.checking.texts import document

ONE = "คณะกรรมการมีมติเห็นชอบให้จัดตั้งศูนย์ประสานงานข้อมูล จำนวน 3 แห่ง ภายในปี 2568"
TWO = "จังหวัดจัดอบรมเจ้าหน้าที่ด้านดิจิทัล จำนวน 120 คน ผู้เข้าอบรมผ่านเกณฑ์ร้อยละ 95"
BOTH = document(ONE, TWO)
SCAN = document(ONE, "")
READ_BY_PICTURE = document(PageText(1, "ประกาศจังหวัดเรื่องแนวปฏิบัติ", TextSource.PICTURE, quality=0.7), TWO)
INVENTED = "จัดซื้อรถดับเพลิงและเรือท้องแบนสิบลำ"


def state(
    text: DocumentText | None, pages: str, quote: str = "", kind: str = "pdf", earlier: str = "", **more: str
) -> str:
    return check_passage(Passage(pages, quote, **more), KnownText(kind, text), earlier).state


@pytest.mark.parametrize(
    ("text", "pages", "quote", "expected"),
    [
        (BOTH, "1", "เห็นชอบให้จัดตั้งศูนย์ประสานงานข้อมูล", "exact"),
        (BOTH, "1", "เห็นชอบ ให้จัดตั้ง\nศูนย์ประสานงานข้อมูล จำนวน ๓ แห่ง", "normalised"),
        (BOTH, "1-2", "ร้อยละ 95", "exact"),
        (BOTH, "1, 9", "ภายในปี 2568", "exact"),
        (BOTH, "1", "ผ่านเกณฑ์ร้อยละ 95", "elsewhere"),
        (BOTH, "7", "ผ่านเกณฑ์ร้อยละ 95", "elsewhere"),
        (BOTH, "1", INVENTED, "missing"),
        (BOTH, "1", "จัดตั้งศูนย์ประสานงานข้อมูล จำนวน 4 แห่ง", "missing"),
        (BOTH, "1", "ข้อมูล จำนวน 3 แห่ง ภายในปี 2568 จังหวัดจัดอบรมเจ้าหน้าที่", "normalised"),  # over the page's end
        (BOTH, "2", "ข้อมูล จำนวน 3 แห่ง ภายในปี 2568 จังหวัดจัดอบรมเจ้าหน้าที่", "normalised"),
        (SCAN, "2", INVENTED, "unread"),
        (SCAN, "2", "จัดตั้งศูนย์ประสานงานข้อมูล", "elsewhere"),
        (READ_BY_PICTURE, "1", "เรื่องแนวปฏิบัติ", "exact"),
        (READ_BY_PICTURE, "1", INVENTED, "unread"),
        (READ_BY_PICTURE, "2", INVENTED, "missing"),
        (None, "1", INVENTED, "unread"),
        (document(ONE, cut=True), "5", INVENTED, "unread"),
        (document(PageText(1, "¡¢£ ÊÓ¹Ñ¡§Ò¹", quality=0.3)), "1", INVENTED, "unread"),
    ],
)
def test_a_quote(text: DocumentText | None, pages: str, quote: str, expected: str) -> None:
    assert state(text, pages, quote) == expected


@pytest.mark.parametrize(
    ("text", "kind", "more", "expected"),
    [
        (SCAN, "pdf", {"quote": INVENTED, "note": "ตราจังหวัดและลายมือชื่อ"}, "seen"),
        (SCAN, "pdf", {"areas": "2:1,1,9,9"}, "seen"),
        (SCAN, "pdf", {"note": "ตราจังหวัด"}, "seen"),
        (BOTH, "pdf", {"quote": INVENTED, "areas": "2:1,1,9,9"}, "missing"),  # there is a text that says otherwise
        (BOTH, "pdf", {"quote": INVENTED, "note": "ตราจังหวัด"}, "missing"),
        (BOTH, "pdf", {"areas": "2:1,1,9,9"}, "seen"),
        (BOTH, "pdf", {"note": "ตราจังหวัด"}, "missing"),
        (document(ONE, PageText(2, " ")), "pdf", {"quote": INVENTED}, "missing"),  # looked at, and blank
        (document(ONE, PageText(2, " ")), "docx", {"quote": INVENTED}, "unread"),
    ],
)
def test_what_stands_for_a_quote_on_a_picture(
    text: DocumentText, kind: str, more: dict[str, str], expected: str
) -> None:
    assert state(text, "2", kind=kind, **more) == expected


def test_a_picture_by_itself_is_marked_by_telling_what_is_to_be_seen() -> None:
    label = document(PageText(1, "จุดบริการอินเทอร์เน็ตสาธารณะ", TextSource.PICTURE, quality=0.8))
    assert state(label, "1", "ป้ายจุดบริการหน้าศาลากลาง", kind="jpeg") == "seen"
    assert state(label, "1", "จุดบริการอินเทอร์เน็ต", kind="jpeg") == "exact"
    assert state(None, "1", "ป้ายจุดบริการหน้าศาลากลาง", kind="png") == "seen"


def test_what_is_not_read_yet_is_not_judged() -> None:
    assert check_passage(Passage("1", INVENTED), None).state == ""
    half = KnownText("pdf", SCAN, is_settled=False)
    assert check_passage(Passage("2", INVENTED), half).state == ""
    assert check_passage(Passage("1", "จัดตั้งศูนย์ประสานงานข้อมูล"), half).state == "exact"


def test_a_passage_that_a_new_version_lost_stays_lost_until_it_is_found() -> None:
    assert state(BOTH, "1", INVENTED, earlier="lost") == "lost"
    assert state(BOTH, "1", "จัดตั้งศูนย์ประสานงานข้อมูล", earlier="lost") == "exact"


@pytest.mark.parametrize(
    ("quote", "expected"),
    [
        ("ผ่านเกณฑ์ร้อยละ 95", [(2, "ผ่านเกณฑ์ร้อยละ 95", True)]),
        ("จัดตั้งศูนย์ประสานงานข้อมูล จำนวน 4 แห่ง", [(1, "จัดตั้งศูนย์ประสานงานข้อมูล จำนวน 3 แห่ง", False)]),
        ("อบรมเจ้าหน้าที่ดิจิทัลของจังหวัด จำนวน 120 คน", [(2, "อบรมเจ้าหน้าที่ด้านดิจิทัล จำนวน 120 คน", False)]),
        (INVENTED, []),
        ("จัดตั้งศูนย์ประสานงานข้อมูล", []),  # it stands where it is said to
        ("3", []),
    ],
)
def test_what_is_offered_instead(quote: str, expected: list[tuple[int, str, bool]]) -> None:
    assert [(one.page, one.quote, one.is_same) for one in find_offers(BOTH, quote, "1")] == expected


def test_words_far_from_the_page_are_found_by_search() -> None:
    pages = [*["รายงานการประชุมประจำเดือน เรื่องอื่น ๆ"] * 9, ONE]
    (offer,) = find_offers(document(*pages), "ศูนย์ประสานข้อมูลที่คณะกรรมการเห็นชอบ", "1")
    assert (offer.page, offer.is_same) == (10, False)
    assert offer.quote == ONE


def test_an_offer_joins_the_lines_of_its_page() -> None:
    lines = document("เห็นชอบแผนพัฒนาดิจิทัลของจังหวัด โดยมีการดำเนิน\nการแล้วเสร็จ (Plan)\nจำนวน 12 โครงการ")
    (offer,) = find_offers(lines, "แผนพัฒนาดิจิทัลจังหวัด มีการดำเนินการแล้วเสร็จ (Plan) จำนวน 13 โครงการ", "1")
    assert "ดำเนินการแล้วเสร็จ (Plan) จำนวน 12 โครงการ" in offer.quote


def test_an_offer_has_its_place_on_the_page() -> None:
    boxes = array("H", [0] * len(TWO) + [100] * len(TWO) + [5000] * len(TWO) + [300] * len(TWO))
    (offer,) = find_offers(document(ONE, PageText(2, TWO, boxes=boxes)), "ผ่านเกณฑ์ร้อยละ 95", "1")
    assert [(box.left, box.top) for box in offer.rectangles] == [(0, 0.01)]


def test_pages_of_a_reference() -> None:
    assert page_numbers("3-5, 8", last=10) == [3, 4, 5, 8]
    assert page_numbers("2-100000", last=4) == [2, 3, 4]
    assert page_numbers("9", last=4) == []
