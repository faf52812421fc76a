"""24 to 28 June: parts are handed in, reviewed and consolidated."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from playwright.sync_api import expect

from accounts.roles import Role
from survey.models import (
    Answer,
    Comment,
    Event,
    Notice,
    Response,
)
from tests.browser import province as acts
from tests.browser.arriving import arriving
from tests.browser.province import World, day
from tests.browser.real.common import S, at_once, go
from tests.browser.real.reminders import morning, owing, post, written
from tests.browser.steps import Person, address
from tests.installation import until

LATE = tuple(row["code"] for row in acts.agency_rows()[-2:])  # these hand in after the day
ASKED = ("ENERGY", "SOCIAL", "PRD")  # these are asked something they must answer first


def hand_in(world: World) -> None:
    """The secretariat asks three agencies; everybody answers the rest and submits, two of them a day late."""
    world.at.clock.set(day(6, 23, 14))
    for code in ASKED:
        response = world.response(code)
        question = Answer.objects.filter(response=response).earliest("pk").question.item_id
        acts.comment(world, world.office(), code, question, f"ต้องตอบ {code}", must="1")
    world.at.clock.set(day(6, 24, 10))
    at_once(lambda code: submit_parts(world, code), [c for c in world.coordinators if c not in LATE])
    morning(world, 6, 25)
    until(lambda: written(6, 25), "the day's word is written")
    overdue = Notice.objects.filter(kind="part.overdue").values_list("user__email", flat=True)
    assert sorted(overdue) == sorted(world.coordinators[code].email for code in LATE)
    post(world, 1)
    at_once(lambda code: submit_parts(world, code), LATE)
    assert not owing(world)


def submit_parts(world: World, code: str) -> None:
    """Answers what is left, replies to what must be answered, and submits part by part."""
    caller = world.caller(world.coordinators[code])
    mine = [p for p in world.parts(code) if p.state == S.OPEN]
    answered = set(Answer.objects.filter(response=world.response(code)).values_list("question__item_id", flat=True))
    acts.answer(world, code, [q for p in mine for q in world.asked(p) if q not in answered])
    for part in mine:
        done = acts.step(world, caller, part, "submit")
        if not done and reply_to_demands(world, code, caller):
            done = acts.step(world, caller, part, "submit")
        if not done:
            done = acts.step(world, caller, part, "nothing", reason="หน่วยงานไม่มีข้อมูลในเรื่องนี้")
        assert done, (code, str(part))


def reply_to_demands(world: World, code: str, caller: Any) -> int:
    """Replies to what must be answered first, which is enough to hand in, then closes it; how many."""
    response = world.response(code)
    rows = Comment.objects.filter(response=response, must_answer=True, resolved_at=None).select_related("question")
    for first in rows:
        page = caller.get(reverse("survey:threads-item", args=[response.pk, first.question.item_id]))
        form = page.form(f"threads/{first.pk}/reply/")
        text = f"ตอบแล้วโดย {code}"
        assert caller.post(form.action, form.filled(text=text)).status == 200
        world.ledger.comment(text)
        page = caller.get(page.url)
        form = page.form(f"threads/{first.pk}/resolve/")
        assert caller.post(form.action, form.fields).status == 200
    return len(rows)


def review(world: World, office: Person, phone: Person) -> None:
    """One part is returned and mended from a phone, one is handed on; the rest is accepted agency by agency."""
    world.at.clock.set(day(6, 26))
    page = go(office, f"{world.base}board/", world.people[Role.SECRETARIAT])
    part = next(p for p in world.parts("PH") if p.state == S.SUBMITTED and not p.if_any and world.asked(p))
    page = go(office, f"{world.base}parts/{part.pk}/")
    card = page.locator("#decide")
    card.get_by_text("ส่งกลับให้แก้ไข").first.click()
    card.get_by_label("สิ่งที่ขอให้แก้ไข").fill("ขอให้ตรวจอีกครั้ง")
    card.get_by_role("button", name="ส่งกลับ", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="ส่งกลับให้แก้ไขแล้ว")).to_be_visible()
    world.ledger.step("return", part.pk)
    page = go(office, f"{world.base}board/PH/")
    expect(page.locator(f"#part-{part.pk}")).to_contain_text("ขอให้ตรวจอีกครั้ง")
    passed = next(p for p in world.parts("PH") if p.state == S.DECLINED and p.suggested_id)
    page.locator(f"#part-{passed.pk}").get_by_role("button", name="มอบให้").click()
    expect(page.locator(f"#part-{passed.pk}")).to_have_count(0)
    mended = [q for q in world.asked(part) if acts.answer(world, "PH", [q], other=1)]
    assert mended
    page = go(phone, f"{world.base}desk/", world.coordinators["PH"])
    card = page.locator(f"#part-{part.pk}")
    expect(card).to_contain_text("ขอให้ตรวจอีกครั้ง")
    with arriving(page):
        card.get_by_role("link", name="ตรวจแล้วส่ง").click()
    for why in page.locator("textarea[required]:visible").all():
        why.fill("รอเอกสาร")
    page.get_by_role("button", name="ส่งส่วนนี้").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("ส่งส่วนนี้แล้ว")
    world.ledger.step("submit", part.pk)
    for code in world.coordinators:
        accept(world, code)


def accept(world: World, code: str) -> None:
    """Accepts all that the agency has submitted."""
    found = [p.pk for p in world.parts(code) if p.state == S.SUBMITTED]
    if not found:
        return
    caller = world.office()
    while boxes := re.findall(
        r'name="part"\s+value="([^"]+)"', (page := caller.get(f"{world.base}waiting/?agency={code}")).text
    ):
        form = page.form("waiting/decide/")
        hidden = [(name, value) for name, value in form.fields if name != "part"]
        chosen = [*hidden, ("do", "accept"), *(("part", box) for box in boxes)]
        assert caller.post(form.action, chosen).status == 200
    for pk in found:
        world.ledger.step("accept", pk)


def consolidate(world: World, office: Person) -> None:
    """What agrees is taken with one click; the rest is united question by question."""
    world.at.clock.set(day(6, 28))
    response = world.response()
    page = go(office, address("survey:consolidate", response), world.people[Role.SECRETARIAT])
    office.go("survey:consolidate-agreed", response)
    page.get_by_role("main").locator("form button.btn-primary").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    office.look("what was taken at once")
    taken = Event.objects.get(response=response, verb="consolidation.agreed").data["taken"]
    assert taken
    one = next(iter(waiting_questions(world)))
    office.go("survey:consolidate-item", response, one)
    done = [question for question in waiting_questions(world) if decide(world, question)]
    print(f"          taken at once {len(taken)}, decided {len(done)}, left {waiting_questions(world)}")
    assert not waiting_questions(world)


def waiting_questions(world: World) -> list[str]:
    """Questions that wait for a decision."""
    from survey.consolidating.overview import consolidation_overview
    from survey.consolidating.queries import read_consolidation

    return [e.question.id for e in consolidation_overview(read_consolidation(world.response())) if e.is_open]


def decide(world: World, question: str, first: Iterable[str] = ()) -> bool:
    """Unites the contributions; where that gives no whole answer, takes the first that does. `first`: before all."""
    caller, response = world.office(), world.response()
    path = reverse("survey:consolidate-item", args=[response.pk, question])
    contributions = Response.objects.filter(round=response.round, answers__question__item_id=question)
    keys = contributions.exclude(agency=None).order_by("pk").values_list("pk", flat=True)
    for take in (*first, "all", *map(str, keys)):
        page = caller.get(f"{path}?take={take}")
        form = next(form for form in page.forms() if "_revision" in dict(form.fields))
        got = caller.send(form, _do="save")
        if got.status in (302, 303):
            return True
        assert got.status == 422, (question, take, got.status)
    raise AssertionError(f"no contribution to {question} is a whole answer")
