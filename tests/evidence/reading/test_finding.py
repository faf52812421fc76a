"""Quotes, search, dates and suggestions on pages that are already read."""

from __future__ import annotations

from array import array
from datetime import date

import pytest

from evidence.reading.approximate import find_approximate
from evidence.reading.document_dates import document_date
from evidence.reading.pages import DocumentText, PageText, Rectangle, TextSource, pack, unpack
from evidence.reading.passages import passages_of
from evidence.reading.place_terms import place_terms
from evidence.reading.quality import BROKEN_BELOW, CLEAN_FROM, page_quality
from evidence.reading.quotes import QuoteState, find_quote
from evidence.reading.searching import search
from evidence.reading.suggesting import LEAST_SHARE, PlaceTerms, suggest
from tests.evidence.reading.topics import FILLER
from tests.trial import TRIAL, form

FIRST = "คำสั่งจังหวัดตัวอย่าง ที่ 12/2567\nเรื่อง แต่งตั้งคณะทำงานด้านข้อมูล\nงบประมาณรวม 2,450,000 บาท ใช้ในปี 2567\n"
SECOND = "ข้อ 2 ให้คณะทำงานจัดทำบัญชีข้อมูลของจังหวัด\nและรายงานผลทุกเดือน\nสั่ง ณ วันที่ ๑๕ มกราคม พ.ศ. ๒๕๖๗\n"


def pages(*texts: str, quality: float = 1.0) -> DocumentText:
    return DocumentText(tuple(PageText(n, text, quality=quality) for n, text in enumerate(texts, start=1)))


DOCUMENT = pages(FIRST, SECOND)


@pytest.mark.parametrize(
    ("quote", "named", "state"),
    [
        ("แต่งตั้งคณะทำงานด้านข้อมูล", [1], QuoteState.EXACT),
        ("แต่งตั้ง คณะทำงาน ด้านข้อมูล", [1], QuoteState.NORMALISED),
        ("จัดทำบัญชีข้อมูลของจังหวัดและรายงานผลทุกเดือน", [2], QuoteState.NORMALISED),
        ("จัดทําบัญชีข้อมูล", [2], QuoteState.EXACT),
        ("งบประมาณรวม ๒,๔๕๐,๐๐๐ บาท", [1], QuoteState.NORMALISED),
        ("แต่งตั้งคณะทำงาน … ใช้ในปี 2567", [1], QuoteState.NORMALISED),
        ("บัญชีข้อมูลของจังหวัด", [1], QuoteState.ELSEWHERE),
        ("บัญชีข้อมูลของจังหวัด", [], QuoteState.EXACT),
        ("ให้ยกเลิกบัญชีข้อมูลของจังหวัด", [2], QuoteState.MISSING),
        ("งบประมาณรวม 2,450,001 บาท", [1], QuoteState.MISSING),
        ("จดทำบญชขอมลของจงหวด", [2], QuoteState.MISSING),  # the page is clean: its marks count
        ("   ", [1], QuoteState.MISSING),
    ],
)
def test_quotes_are_found_or_not(quote: str, named: list[int], state: QuoteState) -> None:
    assert find_quote(DOCUMENT, quote, named).state is state


def test_a_quote_on_another_page_is_offered_with_its_place() -> None:
    check = find_quote(DOCUMENT, "บัญชีข้อมูลของจังหวัด", [1])
    assert not check.state.is_found
    assert [(found.page, found.quote) for found in check.elsewhere] == [(2, "บัญชีข้อมูลของจังหวัด")]


def test_a_broken_page_is_searched_without_marks_but_with_its_numbers() -> None:
    broken = pages("รวมทังสิน 138.89 ลานบาท แผนงานพืนฐานดานการสราง", quality=0.5)
    found = find_quote(broken, "รวมทั้งสิ้น 138.89 ล้านบาท", [1])
    assert (found.state, found.found and found.found.quote) == (QuoteState.NORMALISED, "รวมทังสิน 138.89 ลานบาท")
    assert find_quote(broken, "รวมทั้งสิ้น 138.88 ล้านบาท", [1]).state is QuoteState.MISSING
    assert find_quote(broken, "แผนงานเร่งด่วนเพื่อการอื่นทั้งหมด", [1]).state is QuoteState.MISSING


def test_a_page_without_text_is_not_called_missing() -> None:
    picture = DocumentText((PageText(1, "", TextSource.NONE, quality=0.0),))
    assert find_quote(picture, "ข้อความใดก็ได้", [1]).state is QuoteState.UNREAD


def test_a_quote_over_the_end_of_a_page() -> None:
    split = pages("เรื่องอื่น ให้ทุกหน่วยงานจัดทำแผนและ", "- 2 -\nรายงานความก้าวหน้าทุกไตรมาส")
    found = find_quote(split, "ให้ทุกหน่วยงานจัดทำแผนและรายงานความก้าวหน้าทุกไตรมาส", [1, 2])
    assert (found.state, found.found and found.found.page) == (QuoteState.NORMALISED, 1)


def test_places_are_given_line_by_line() -> None:
    text = "กข\nคง\n"
    planes = [[10, 20, 30, 10, 20, 30], [5, 5, 5, 15, 15, 15], [20, 30, 30, 20, 30, 30], [10, 10, 10, 20, 20, 20]]
    page = PageText(1, text, boxes=array("H", [100 * edge for plane in planes for edge in plane]))
    assert page.rectangles(1, 4) == [Rectangle(0.2, 0.05, 0.3, 0.1), Rectangle(0.1, 0.15, 0.2, 0.2)]
    assert unpack(pack(DocumentText((page,)))).pages == (page,)


def test_approximate_matching_finds_the_nearest_place() -> None:
    assert find_approximate("abcdefgh", "cdef", 0) is not None
    hit = find_approximate("xxxxkittenxxxx", "sitting", 3)
    assert hit is not None
    assert (hit.distance, "xxxxkittenxxxx"[hit.start : hit.end]) == (3, "kitten")
    assert find_approximate("xxxxxxxxxxxx", "sitting", 3) is None


@pytest.mark.parametrize(
    ("text", "day", "reason"),
    [
        ("เรื่อง\nสั่ง ณ วันที่ 15 มกราคม พ.ศ. 2567", date(2024, 1, 15), "signed"),
        ("ประกาศ ณ วันที่ ๑ ม.ค. ๖๗", date(2024, 1, 1), "signed"),
        ("วันที่ 3 มีนาคม 2568\nอ้างถึง หนังสือ ลงวันที่ 1 มกราคม 2560", date(2025, 3, 3), "dated"),
        ("สัง ณ วันที 15 มกราคม พ . ศ . 2567", date(2024, 1, 15), "signed"),
        ("ให้ไว้ ณ วันที่ 9 กุมภาพนธ์ 2567", date(2024, 2, 9), "signed"),
        ("Date: 5 March 2024", date(2024, 3, 5), "dated"),
        ("05/06/2567", date(2024, 6, 5), "heading"),
    ],
)
def test_the_date_that_a_document_bears(text: str, day: date, reason: str) -> None:
    found = document_date(pages(text))
    assert found is not None
    assert (found.day, found.reason) == (day, reason)


@pytest.mark.parametrize("text", ["หนังสือ ลงวันที่ 1 มกราคม 2560", "31 กุมภาพันธ์ 2567", "ไม่มีวันที่", "ปี 2567"])
def test_dates_of_others_and_none_are_not_the_document_s(text: str) -> None:
    assert document_date(pages(text)) is None


def test_search_ranks_and_says_what_to_highlight() -> None:
    texts = {7: DOCUMENT, 9: pages("แผนงานก่อสร้างถนน\nรายงานประจำเดือน")}
    hits = search("บัญชี ข้อมูล", texts)
    best = hits[0]
    assert (best.document, best.page) == (7, 2)
    assert [best.text[start:end] for start, end in best.marks] == ["บัญชีข้อมูล"]
    assert {hit.document for hit in search('"ก่อสร้างถนน"', texts)} == {9}
    assert search("ไม่มีคำนี้เลยฟหกด", {9: texts[9]}) == []


def test_words_inside_longer_words_count_less() -> None:
    texts = {1: pages("ตารางนัดหมายประจำวัน"), 2: pages("โรคตาในผู้สูงอายุ")}
    assert search("ตา", texts)[0].document == 2


def test_suggestions_have_place_and_reasons() -> None:
    place = PlaceTerms("จัดทำบัญชีข้อมูล", "จังหวัดมีบัญชีข้อมูลหรือไม่", period=(date(2024, 1, 1), date(2024, 12, 31)))
    found = suggest(place, [pages("\n".join(FILLER[:4])), DOCUMENT])
    assert (found[0].document, found[0].page) == (1, 2)
    assert "จัดทำบัญชีข้อมูล" in found[0].quote
    said = [reason.th for reason in found[0].reasons]
    assert said == [
        "ตรงกับข้อความของตัวเลือกทุกคำ",
        "มีคำของคำถาม: จังหวัด",
        "เอกสารลงวันที่ 15 มกราคม 2567 อยู่ในช่วงที่สำรวจ",
    ]


def test_a_document_about_something_else_gets_no_suggestion() -> None:
    assert suggest(PlaceTerms("ผู้ช่วยตอบคำถามด้วยปัญญาประดิษฐ์"), [pages("\n".join(FILLER))]) == []
    assert LEAST_SHARE > 0


def test_what_counts_as_proof_is_looked_for_too() -> None:
    option = "มีการดำเนินการแล้วเสร็จ"
    without = suggest(PlaceTerms(option), [DOCUMENT])
    found = suggest(PlaceTerms(option, proof="คำสั่งแต่งตั้งคณะทำงาน"), [DOCUMENT])
    assert without == []
    assert found[0].page == 1
    assert any("หลักฐานที่ใช้ได้" in reason.th for reason in found[0].reasons)


def test_passages_end_where_paragraphs_do() -> None:
    page = pages("1. ให้ทุกส่วนราชการรายงานผลการดำเนินงานตามแผน\nภายในเดือนถัดไป\n2. ให้สำนักงานจังหวัดรวบรวม\n").pages[0]
    assert [each.text.replace("\n", "|") for each in passages_of(page)] == [
        "1. ให้ทุกส่วนราชการรายงานผลการดำเนินงานตามแผน|ภายในเดือนถัดไป",
        "2. ให้สำนักงานจังหวัดรวบรวม",
    ]


GOOD = " ".join(FILLER[:3])


@pytest.mark.parametrize(
    "broken",
    [
        GOOD.translate({ord(c): None for c in "่้๊๋"}),
        GOOD.encode("cp874").decode("latin-1"),
        "".join(c + ("\uf8f0" if n % 6 == 0 else "") for n, c in enumerate(GOOD)),
        GOOD[::-1],
    ],
)
def test_broken_layers_are_told_from_whole_ones(broken: str) -> None:
    assert page_quality(GOOD) >= CLEAN_FROM
    assert page_quality("Plain English text of a page, with more than a few letters.") == 1.0
    assert page_quality(broken) < BROKEN_BELOW


def test_what_counts_as_proof_is_looked_for() -> None:
    place = place_terms(form(TRIAL), "T1=done", proof="ฉบับลงนาม")
    assert place is not None
    for words in ("เพิ่มจุดบริการอีก 3 แห่ง", "แผนที่ประกาศใช้แล้ว", "ฉบับลงนาม"):
        assert words in place.proof
