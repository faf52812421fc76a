"""A mark that proves nothing: it counts nowhere, every page says so, and the place says what to do."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from evidence.attaching import queries
from evidence.attaching.overview import evidence_overview
from evidence.checking.actions import check_file
from evidence.models import Attachment, Mark, MarkState
from reports.content.draft_source import draft_source
from scoring.engine.queries import get_score_sheet
from survey.approval.actions import submit_response
from survey.approval.review import current_open_points
from survey.models import Response
from survey.workflow.refusal import TransitionRefused
from tests.evidence.checking.texts import read_as
from tests.evidence.conftest import World, pdf
from tests.flow import make_flow
from tests.people import People

Browse = Callable[[User], Client]
ONE = "คณะกรรมการมีมติเห็นชอบให้จัดตั้งศูนย์ประสานงานข้อมูล จำนวน 3 แห่ง"
TWO = "จังหวัดจัดอบรมเจ้าหน้าที่ด้านดิจิทัล จำนวน 120 คน"
INVENTED = "จัดซื้อรถดับเพลิงและเรือท้องแบน"
PANEL = {"HTTP_HX_REQUEST": "true"}


def fresh(response: Response) -> Response:
    return Response.objects.select_related("round__instrument").get(pk=response.pk)


def marked(world: World, quote: str, pages: str = "1") -> Attachment:
    world.answer({"E1": ["done"]})
    attachment = world.attach(content=pdf(pages=3))
    read_as(attachment, ONE, TWO, "")
    world.mark(attachment, pages, quote)
    return attachment


def kinds(response: Response) -> list[str]:
    return [point.kind for point in current_open_points(fresh(response)) if point.address == "E1=done"]


def panel(world: World, client: Client) -> str:
    return client.get(reverse("evidence:slot", args=[world.response.pk, "E1"]) + "?at=E1%3Ddone").content.decode()


@pytest.mark.parametrize(
    ("quote", "pages", "counts", "kind"),
    [
        ("จัดตั้งศูนย์ประสานงานข้อมูล", "1", True, []),
        ("จัดอบรมเจ้าหน้าที่ด้านดิจิทัล", "1", True, []),  # on another page
        (INVENTED, "1", False, ["no_quote"]),
        (INVENTED, "3", False, ["no_area"]),
    ],
)
def test_what_counts(world: World, quote: str, pages: str, counts: bool, kind: list[str]) -> None:
    marked(world, quote, pages)
    response = fresh(world.response)
    place = next(p for g in evidence_overview(response, "th").groups for p in g.places if p.address == "E1=done")
    assert ("E1=done" in queries.marked_addresses(response)) is counts
    assert ("E1=done" in queries.marked_addresses_by_response([response.pk]).get(response.pk, ())) is counts
    assert draft_source(response).evidence["E1=done"][0].counts is counts
    assert (place.status == "marked", bool(place.lacking)) == (counts, not counts)
    assert kinds(response) == kind


def test_one_quote_that_is_not_there_is_told_beside_one_that_is(world: World) -> None:
    attachment = marked(world, "จัดตั้งศูนย์ประสานงานข้อมูล")
    world.mark(attachment, quote=INVENTED)
    assert "E1=done" in queries.marked_addresses(fresh(world.response))
    assert kinds(world.response) == ["no_quote"]


def test_what_is_still_being_checked_counts_and_blocks_nothing(world: World, browse: Browse) -> None:
    world.answer({"E1": ["done"]})
    world.mark(world.attach())
    assert "E1=done" in queries.marked_addresses(fresh(world.response))
    assert kinds(world.response) == []
    client = browse(world.secretary)
    assert "กำลังตรวจข้อความ" in panel(world, client)
    for name in ("evidence:listing", "survey:check"):
        assert "กำลังตรวจข้อความ" in client.get(reverse(name, args=[world.response.pk])).content.decode()
    assert client.get(reverse("survey:check", args=[world.response.pk]) + "?kind=checking").status_code == 200


def test_every_page_says_what_the_mark_lacks(world: World, browse: Browse) -> None:
    attachment = marked(world, INVENTED)
    client = browse(world.secretary)
    for url in (
        reverse("evidence:listing", args=[world.response.pk]) + "?show=unproven",
        reverse("survey:fill", args=[world.response.pk, attachment.question.section]),
        reverse("survey:check", args=[world.response.pk]),
        reverse("survey:answers", args=[world.response.pk]),
    ):
        assert "ไม่พบข้อความที่คัดไว้" in client.get(url).content.decode(), url
    text = panel(world, client)
    assert f"ไม่พบข้อความนี้ในหน้า 1 ของไฟล์ {attachment.name}" in text
    assert "data-lack=" in text
    Mark.objects.update(state=MarkState.LOST)
    Response.objects.filter(pk=world.response.pk).update(version=99, head="x")  # what is kept of it is another's
    assert "ไม่พบข้อความนี้ในฉบับใหม่" in panel(world, client)
    assert kinds(world.response) == ["lost_quote"]


def test_the_page_on_which_it_stands_is_taken_over_in_one_press(world: World, browse: Browse) -> None:
    attachment = marked(world, "จัดอบรมเจ้าหน้าที่ด้านดิจิทัล")
    client = browse(world.secretary)
    text = panel(world, client)
    assert "ใช้หน้า 2" in text
    mark = Mark.objects.get()
    url = reverse("evidence:mark", args=[world.response.pk, attachment.public_id, mark.pk])
    sent = {"pages": "2", "quote": mark.quote, "areas": ""}
    assert client.post(url, sent, **PANEL).status_code == 200
    mark.refresh_from_db()
    assert (mark.pages, mark.state) == ("2", MarkState.EXACT)
    assert "ตรวจแล้ว" in panel(world, client)


def test_the_nearest_passage_is_offered_and_the_reader_is_offered_nothing(world: World, browse: Browse) -> None:
    marked(world, "จัดตั้งศูนย์ประสานงานข้อมูล จำนวน 4 แห่ง")
    text = panel(world, browse(world.secretary))
    assert "ข้อความที่ใกล้เคียงที่สุดอยู่ในหน้า 1" in text
    assert 'value="จัดตั้งศูนย์ประสานงานข้อมูล จำนวน 3 แห่ง"' in text
    assert "ใช้ข้อความนี้" not in panel(world, browse(world.reader))


def test_the_panel_asks_one_query_more(
    world: World, browse: Browse, django_assert_max_num_queries: Callable[..., object]
) -> None:
    marked(world, INVENTED)
    client = browse(world.secretary)
    panel(world, client)
    with django_assert_max_num_queries(10):
        panel(world, client)


def test_a_note_makes_a_picture_count(world: World, browse: Browse) -> None:
    attachment = marked(world, INVENTED, "3")
    client, mark = browse(world.secretary), Mark.objects.get()
    assert 'name="note"' in panel(world, client)
    url = reverse("evidence:mark", args=[world.response.pk, attachment.public_id, mark.pk])
    client.post(url, {"pages": "3", "quote": "", "note": "ตราจังหวัดและลายมือชื่อผู้ว่า"}, **PANEL)
    assert "E1=done" in queries.marked_addresses(fresh(world.response))
    for text in (
        panel(world, client),
        client.get(reverse("evidence:listing", args=[world.response.pk])).content.decode(),
    ):
        assert "ตราจังหวัดและลายมือชื่อผู้ว่า" in text
        assert "“”" not in text


def test_the_score_and_the_submission_see_only_what_is_proven(people: People) -> None:
    flow, place = make_flow(people), "T5.1=used"
    flow.fill()
    flow.save("T5.1", {"T5.1": "used", "T5.1.1": "https://example.org"})
    file = read_as(flow.prove(place), "ข้อความ")

    def standing(quote: str) -> tuple[Decimal | None, list[str]]:
        Mark.objects.update(quote=quote, state="")
        check_file(file.pk)
        response = fresh(flow.response)
        repair = next(one for one in get_score_sheet(response).criteria if one.id == "repair")
        return repair.points, [p.kind for p in current_open_points(response) if p.address == place]

    assert standing("ข้อความ") == (Decimal(90), [])
    points, kinds_there = standing(INVENTED)
    assert points is not None
    assert points < 90
    assert kinds_there == ["no_quote"]
    with pytest.raises(TransitionRefused):
        submit_response(by=flow.secretariat, response=fresh(flow.response), points=current_open_points, reasons={})
