"""Coding reasons: each text once, suggestions as shown, nothing overwritten, everything undone."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from nation.facts.folding import fold_reason
from nation.models import CodedReason, CodingAct, ReasonCode
from nation.reasons import actions
from nation.reasons.actions import Choice
from nation.reasons.queries import read_coded_reasons, read_suggestions, read_written_reasons
from nation.reasons.views.coding import field_of
from survey.models import Response
from tests.nation.many_provinces import Values, make_provinces
from tests.people import People

TEXTS = ("ไม่มีงบประมาณ", "ไม่ มีงบประมาณ", "งบประมาณไม่เพียงพอ", "ขาดบุคลากร")
YEAR, ITEM = 2570, "T1.1"


def none_because(number: int) -> Values:
    return {"T1": {"T1": "none", "T1.1": TEXTS[number % len(TEXTS)]}}


@pytest.fixture
def central(people: People) -> User:
    return people.who(Role.CENTRAL_ADMIN)


@pytest.fixture
def codes(central: User) -> dict[str, ReasonCode]:
    make_provinces(4, none_because)
    labels = {"money": "ขาดงบประมาณ", "people": "ขาดบุคลากร"}
    return {key: actions.add_code(by=central, year=YEAR, label_th=label, key=key) for key, label in labels.items()}


def page(client: Client, user: User, query: str = "") -> str:
    client.force_login(user)
    return client.get(reverse("nation:reason", args=[YEAR, ITEM]) + query).content.decode()


def test_each_text_stands_once_with_its_provinces(codes: dict[str, ReasonCode]) -> None:
    written = read_written_reasons(YEAR)[ITEM]
    assert (written[0].text, written[0].count) == ("ไม่มีงบประมาณ", 2)
    assert sorted(one.count for one in written) == [1, 1, 2]


def test_what_is_not_submitted_is_not_read(codes: dict[str, ReasonCode]) -> None:
    Response.objects.update(state=Response.State.DRAFT)
    assert read_written_reasons(YEAR) == {}


def test_saving_a_page_codes_the_texts_and_undo_puts_them_back(
    client: Client, central: User, codes: dict[str, ReasonCode]
) -> None:
    page(client, central)
    folded = fold_reason(TEXTS[0])
    url, data = reverse("nation:reason", args=[YEAR, ITEM]), {f"code-{field_of(folded)}": "money"}
    assert client.post(url, data).status_code == 302
    assert read_coded_reasons(YEAR)[ITEM, folded][0] == "money"
    act = CodingAct.objects.get()
    html = client.get(url).content.decode()
    undo = reverse("nation:reason-undo", args=[YEAR, ITEM, act.pk])
    assert undo in html
    client.post(undo)
    assert read_coded_reasons(YEAR) == {}
    client.post(undo)  # a second time changes nothing
    assert CodingAct.objects.get().undone_at is not None


def test_what_another_person_chose_meanwhile_is_not_overwritten(central: User, codes: dict[str, ReasonCode]) -> None:
    folded = fold_reason(TEXTS[0])
    where = {"by": central, "year": YEAR, "item": ITEM}
    actions.code_reasons(**where, choices={folded: Choice("", "money")})
    outcome = actions.code_reasons(**where, choices={folded: Choice("", "people")})
    assert (outcome.changed, outcome.conflicts) == (0, (folded,))
    assert read_coded_reasons(YEAR)[ITEM, folded][0] == "money"


def test_undo_leaves_what_was_changed_since(central: User, codes: dict[str, ReasonCode]) -> None:
    one, other = fold_reason(TEXTS[0]), fold_reason(TEXTS[3])
    where = {"by": central, "year": YEAR, "item": ITEM}
    actions.code_reasons(**where, choices={one: Choice("", "money"), other: Choice("", "money")})
    act = CodingAct.objects.get()
    actions.code_reasons(**where, choices={other: Choice("money", "people")})
    assert actions.undo_coding(by=central, act=act).conflicts == (other,)
    assert {folded: key for (_i, folded), (key, _l) in read_coded_reasons(YEAR).items()} == {other: "people"}


def test_all_suggestions_are_used_as_they_were_shown(
    client: Client, central: User, codes: dict[str, ReasonCode]
) -> None:
    client.force_login(central)
    url = reverse("nation:reason-suggested", args=[YEAR, ITEM])
    shown = client.get(url)
    assert not CodedReason.objects.exists()
    assert client.post(url, {"signed": shown.context["signed"]}).status_code == 302
    keys = {folded: key for (_i, folded), (key, _l) in read_coded_reasons(YEAR).items()}
    assert keys[fold_reason(TEXTS[0])] == "money"
    assert keys[fold_reason(TEXTS[3])] == "people"
    assert client.post(url, {"signed": shown.context["signed"] + "x"}).status_code == 302
    assert CodingAct.objects.count() == 1


def test_last_years_codes_are_suggested(central: User, codes: dict[str, ReasonCode]) -> None:
    earlier = actions.add_code(by=central, year=YEAR - 1, label_th="ขาดบุคลากร", key="people")
    folded = fold_reason("เจ้าหน้าที่ย้ายออกหมด")
    CodedReason.objects.create(year=YEAR - 1, item=ITEM, folded=folded, code=earlier, by=central)
    found = read_suggestions(YEAR, ITEM, [folded], list(codes.values()), None)
    assert (found[folded].code, found[folded].why) == ("people", "last_year")


def test_the_list_takes_last_years_codes_and_gives_up_only_unused_ones(client: Client, central: User) -> None:
    actions.add_code(by=central, year=YEAR - 1, label_th="ขาดเครื่องมือ", key="tools")
    client.force_login(central)
    client.post(reverse("nation:reason-codes-take", args=[YEAR]))
    code = ReasonCode.objects.get(year=YEAR)
    assert code.key == "tools"
    dropped = client.post(reverse("nation:reason-code-drop", args=[YEAR, code.pk]))
    assert not ReasonCode.objects.filter(year=YEAR, active=True).exists()
    assert (
        reverse("nation:reason-code-restore", args=[YEAR, code.pk]) in client.get(dropped["Location"]).content.decode()
    )
    client.post(reverse("nation:reason-code-restore", args=[YEAR, code.pk]))
    CodedReason.objects.create(year=YEAR, item=ITEM, folded="x", code=code, by=central)
    client.post(reverse("nation:reason-code-drop", args=[YEAR, code.pk]))
    assert ReasonCode.objects.filter(year=YEAR, active=True).exists()
    same = client.post(reverse("nation:reason-codes", args=[YEAR]), {"label_th": "ขาดเครื่องมือ"})
    assert same.status_code == 422


def test_a_code_that_is_not_in_the_list_is_refused(client: Client, central: User, codes: dict[str, ReasonCode]) -> None:
    client.force_login(central)
    data = {f"code-{field_of(fold_reason(TEXTS[0]))}": "unknown"}
    assert client.post(reverse("nation:reason", args=[YEAR, ITEM]), data).status_code == 422


def test_pages_cost_the_same_with_one_three_and_76_provinces(client: Client, central: User) -> None:
    actions.add_code(by=central, year=YEAR, label_th="ขาดงบประมาณ", key="money")
    client.force_login(central)
    urls = [reverse("nation:reasons", args=[YEAR]), reverse("nation:reason", args=[YEAR, ITEM])]
    counts = []
    for more in (1, 2, 73):
        make_provinces(more, lambda n, of=more: {"T1": {"T1": "none", "T1.1": f"เหตุผลที่ {n} ของ {of} จังหวัด"}})
        client.get(urls[1])  # the form is compiled once
        asked = []
        for url in urls:
            with CaptureQueriesContext(
                connection,
            ) as queries:
                html = client.get(url).content
            asked.append(len(queries))
            assert len(html) < 150_000
        counts.append(asked)
    assert counts[0] == counts[1] == counts[2]
    assert max(counts[2]) <= 10
