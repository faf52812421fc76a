"""Saving decisions: answer, sources, evidence and journal together, and what is told when something moved."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from django.db import transaction

from survey.answering.actions import NotEditable
from survey.consolidating import actions
from survey.consolidating.merge_choices import MergeChoices, propose_choices, unite_contributions
from survey.consolidating.merge_decision import MergeDecision, make_decision
from survey.consolidating.queries import read_consolidation
from survey.consolidating.round_consolidation import RoundConsolidation
from survey.contributing.actions import move_part
from survey.instrument.schema import AnswerValue
from survey.models import Answer, Assignment, Consolidation, Event, Notice
from survey.verifying.verify import verify_journal
from tests.flow import Flow
from tests.proven import codes
from tests.survey.agencies import assign, contribution, coordinator, give, verbs

pytestmark = pytest.mark.django_db
NO: dict[str, AnswerValue] = {"T8": "no"}
YES: dict[str, AnswerValue] = {"T8": "yes", "T8.1": "3", "T8.1.of": "5"}


def book(flow: Flow) -> RoundConsolidation:
    return read_consolidation(flow.response)


def decided(flow: Flow, item_id: str, picks: Mapping[str, str] | None = None) -> MergeDecision:
    found = book(flow)
    comparison = found.compare(item_id)
    base = propose_choices(comparison)
    choices = MergeChoices({**base.picks, **(picks or {})}, base.typed, base.rows)
    return make_decision(found, comparison, choices)


def came_from(flow: Flow, code: str) -> str:
    return f"from:{contribution(flow.round, code).pk}"


def seen(decision: MergeDecision) -> dict[int, int]:
    return {s.contribution: s.revision for s in decision.sources}


def save(flow: Flow, decision: MergeDecision, base: int = 0, **more: object) -> actions.SavedConsolidation:
    given = {"by": flow.secretariat, "seen": seen(decision), **more}
    return actions.save_consolidation(response=flow.response, decision=decision, base_revision=base, **given)  # type: ignore[arg-type]


def test_a_decision_is_an_answer_with_sources_and_events(flow: Flow) -> None:
    a, b = give(flow.round, "A", "T2", {"T2": ["evening"]}), give(flow.round, "B", "T2", {"T2": ["weekend"]})
    saved = save(flow, decided(flow, "T2", {"T2": "union"}), note="รวมทั้งสองหน่วยงาน")
    assert saved.answer is not None
    assert saved.answer.value == {"T2": ["evening", "weekend"]}
    row = Consolidation.objects.get(response=flow.response)
    assert (row.method, row.by, row.note, row.revision) == ("merge", flow.secretariat, "รวมทั้งสองหน่วยงาน", 1)
    sources = {s.contribution_id: (s.revision, s.addresses) for s in row.sources.all()}
    assert sources == {a.pk: (1, ["T2"]), b.pk: (1, ["T2"])}
    assert verbs(flow.response) == ["response.open", "answer.save", "consolidation.save"]
    event = Event.objects.get(verb="consolidation.save")
    assert event.data["sources"] == [
        {"contribution": a.pk, "revision": 1, "addresses": ["T2"]},
        {"contribution": b.pk, "revision": 1, "addresses": ["T2"]},
    ]
    flow.response.refresh_from_db()
    assert flow.response.version == event.seq
    assert verify_journal().ok


def test_the_newest_decision_stands_and_older_ones_are_in_the_journal(flow: Flow) -> None:
    give(flow.round, "A", "T8", NO)
    give(flow.round, "B", "T8", YES)
    save(flow, decided(flow, "T8", {"T8": came_from(flow, "A")}))
    second = decided(flow, "T8", {"T8": came_from(flow, "B")})
    save(flow, second, base=1)
    assert Consolidation.objects.get().revision == 2
    assert verbs(flow.response).count("consolidation.save") == 2
    assert Answer.objects.get(response=flow.response).value == YES


def test_a_stale_revision_writes_nothing(flow: Flow) -> None:
    give(flow.round, "A", "T8", NO)
    decision = decided(flow, "T8")
    flow.save("T8", YES)
    saved = save(flow, decision, base=0)
    assert saved.conflict
    assert saved.answer is not None
    assert saved.answer.value == YES
    assert not Consolidation.objects.exists()
    assert "consolidation.save" not in verbs(flow.response)


def test_a_contribution_that_moved_meanwhile_is_not_taken_unseen(flow: Flow) -> None:
    give(flow.round, "A", "T8", NO)
    before = seen(decided(flow, "T8"))
    give(flow.round, "A", "T8", YES)
    with pytest.raises(actions.ContributionsChanged) as moved:
        save(flow, decided(flow, "T8"), seen=before)
    assert moved.value.contributions == (contribution(flow.round, "A").pk,)
    assert not Consolidation.objects.exists()


def test_what_is_open_is_not_saved_and_a_closed_answer_does_not_change(flow: Flow) -> None:
    give(flow.round, "A", "T8", NO)
    give(flow.round, "B", "T8", YES)
    with pytest.raises(ValueError, match="open"):
        save(flow, decided(flow, "T8"))
    decision = decided(flow, "T8", {"T8": "none"})
    flow.close()
    with pytest.raises(NotEditable):
        save(flow, decision)


def test_when_the_evidence_fails_nothing_is_saved(flow: Flow) -> None:
    give(flow.round, "A", "T8", NO)

    def fails(decision: MergeDecision) -> int:
        raise LookupError

    with pytest.raises(LookupError), transaction.atomic():
        save(flow, decided(flow, "T8"), adopt=fails)
    assert not Answer.objects.filter(response=flow.response).exists()
    assert verbs(flow.response) == ["response.open"]


# -- changed since --------------------------------------------------------------------------------


def news(flow: Flow, item_id: str = "T8") -> list[tuple[str, str]]:
    return [(n.answer.agency_code, n.kind) for n in book(flow).changes_since_decision(item_id)]


def test_a_later_change_or_a_new_contribution_is_news(flow: Flow) -> None:
    give(flow.round, "A", "T8", NO)
    save(flow, decided(flow, "T8"))
    assert news(flow) == []
    give(flow.round, "A", "T8", YES)
    give(flow.round, "B", "T8", NO)
    assert news(flow) == [("A", "changed"), ("B", "new")]
    pulled = decided(flow, "T8", {"T8": came_from(flow, "A")})
    save(flow, pulled, base=1)
    assert news(flow) == []
    assert Answer.objects.get(response=flow.response).value == YES


def test_pulling_in_begins_where_the_last_decision_stood(flow: Flow) -> None:
    give(flow.round, "A", "T5.2", {"T5.2": "ข้อเสนอเดิม"})
    give(flow.round, "B", "T5.2", {"T5.2": "อีกข้อเสนอ"})
    save(flow, decided(flow, "T5.2", {"T5.2": came_from(flow, "A")}))
    give(flow.round, "A", "T5.2", {"T5.2": "ข้อเสนอใหม่"})
    found = book(flow)
    begin = propose_choices(found.compare("T5.2"), found.decisions["T5.2"].choices)
    assert begin.picks == {"T5.2": came_from(flow, "A")}
    assert make_decision(found, found.compare("T5.2"), begin).values == {"T5.2": "ข้อเสนอใหม่"}


def test_drafts_and_what_was_not_used_are_no_news_until_handed_in(flow: Flow) -> None:
    give(flow.round, "A", "T8", NO)
    assign(flow.round, "A", "T8")
    part = assign(flow.round, "B", "T8", Assignment.State.OPEN)
    give(flow.round, "B", "T8", YES)
    save(flow, decided(flow, "T8", {"T8": came_from(flow, "A"), "T8.1": "none", "T8.1.of": "none"}))
    give(flow.round, "B", "T8", NO)
    assert news(flow) == []
    Assignment.objects.filter(pk=part.pk).update(state=Assignment.State.SUBMITTED)
    assert news(flow) == [("B", "changed")]


def test_a_declined_part_does_not_count_and_is_news_where_it_was_used(flow: Flow) -> None:
    give(flow.round, "A", "T8", NO)
    part = assign(flow.round, "A", "T8")
    save(flow, decided(flow, "T8"))
    Assignment.objects.filter(pk=part.pk).update(state=Assignment.State.DECLINED)
    assert news(flow) == [("A", "declined")]
    assert book(flow).compare("T8").agreement == "nobody"


def test_handing_in_again_what_was_used_is_told(flow: Flow) -> None:
    give(flow.round, "A", "T8", NO)
    part = assign(flow.round, "A", "T8", Assignment.State.OPEN)
    by = coordinator(part.agency)
    move_part(by=by, part=part, name="submit")
    assert not Notice.objects.filter(kind="changed").exists()
    save(flow, decided(flow, "T8"))
    move_part(by=by, part=part, name="withdraw")
    move_part(by=by, part=part, name="submit")
    assert not Notice.objects.filter(kind="changed").exists()
    move_part(by=by, part=part, name="withdraw")
    give(flow.round, "A", "T8", YES)
    move_part(by=by, part=part, name="submit", evidence_reasons={"T8": "รอเอกสาร"})
    notice = Notice.objects.filter(kind="changed", user=flow.secretariat).get()
    assert notice.data == {"agency": str(part.agency), "what": "T8"}
    assert notice.url.endswith("?show=news")


def test_an_edit_by_hand_after_consolidation_is_told(flow: Flow) -> None:
    give(flow.round, "A", "T8", NO)
    save(flow, decided(flow, "T8"))
    assert not book(flow).edited_since_decision("T8")
    flow.save("T8", YES)
    assert book(flow).edited_since_decision("T8")


# -- parts of a question --------------------------------------------------------------------------


def test_values_off_a_contributions_path_do_not_count(flow: Flow) -> None:
    give(flow.round, "A", "T2", {"T2": ["evening"]})
    give(flow.round, "A", "T1", {"T1": "none", "T1.1": "ไม่มีงบ"})  # skips T2 and T3
    assert book(flow).compare("T2").agreement == "nobody"


def test_parts_of_one_question_given_to_two_agencies_complete_each_other(flow: Flow) -> None:
    give(flow.round, "A", "T8", {"T8": "yes", "T8.1": "3"})
    give(flow.round, "B", "T8", {"T8": "yes", "T8.1.of": "5"})
    assign(flow.round, "A", "T8", part="T8.1")
    assign(flow.round, "B", "T8", part="T8.1.of")
    assert book(flow).compare("T8").agreement == "agree"
    event = actions.consolidate_agreed(by=flow.secretariat, response=flow.response)
    assert event.data["taken"] == ["T8"]
    assert Answer.objects.get(response=flow.response).value == YES


# -- all that agree -------------------------------------------------------------------------------


def test_all_that_agree_are_taken_and_the_rest_is_listed_with_its_reason(flow: Flow) -> None:
    for code in "AB":
        give(flow.round, code, "T5.2", {"T5.2": "ข้อเสนอแนะเดียวกัน"})
        give(flow.round, code, "T0.mail", {"T0.mail": f"{code.lower()}@example.org"})
        give(flow.round, code, "T8", YES)
        give(flow.round, code, "T1", {"T1": "doing", "T1.2": "2027-01"}, unsure=code == "B")
        give(flow.round, code, "T5.1", {"T5.1": "none"})
        give(flow.round, code, "T4", {"T4/kiosk/state": "no"} | ({"T4/van/state": "no"} if code == "B" else {}))
    assign(flow.round, "A", "T6", Assignment.State.OPEN)
    give(flow.round, "A", "T6", {"T6": ["r1"], "T6#r1/T6.name": "หลักสูตร"})
    flow.save("T5.1", {"T5.1": "trial"})
    event = actions.consolidate_agreed(by=flow.secretariat, response=flow.response)
    assert event.data["taken"] == ["T5.2"]
    assert event.data["left"] == {
        "T0.mail": "differ",
        "T1": "unsure",
        "T4": "partly",
        "T5.1": "province",
        "T6": "drafts",
        "T8": "numbers",
    }
    assert Consolidation.objects.get().method == "agreed"
    assert Answer.objects.get(response=flow.response, question__item_id="T5.1").value == {"T5.1": "trial"}
    again = actions.consolidate_agreed(by=flow.secretariat, response=flow.response)
    assert again.data["taken"] == []
    assert codes(by_hand=("part.unknown",)) == []


def test_an_answer_that_stands_already_gets_its_sources_and_keeps_its_rows(flow: Flow) -> None:
    row = {"T6.name": "หลักสูตร ก", "T6.form": "room"}
    stands = {"T6": ["rmine"], **{f"T6#rmine/{k}": v for k, v in row.items()}}
    flow.save("T6", stands)
    give(flow.round, "A", "T6", {"T6": ["r1"], **{f"T6#r1/{k}": v for k, v in row.items()}})
    event = actions.consolidate_agreed(by=flow.secretariat, response=flow.response)
    assert event.data["taken"] == ["T6"]
    answer = Answer.objects.get(response=flow.response)
    assert (answer.value, answer.revision) == (stands, 1)
    (source,) = Consolidation.objects.get().sources.all()
    assert "T6#rmine/T6.name" in source.addresses


def test_uniting_rows_of_two_agencies(flow: Flow) -> None:
    for code in "AB":
        give(flow.round, code, "T6", {"T6": ["r1"], "T6#r1/T6.name": f"หลักสูตร {code}", "T6#r1/T6.form": "room"})
    found = book(flow)
    comparison = found.compare("T6")
    decision = make_decision(found, comparison, unite_contributions(comparison))
    save(flow, decision)
    value = Answer.objects.get(response=flow.response).value
    assert [value[f"T6#{r}/T6.name"] for r in value["T6"]] == ["หลักสูตร A", "หลักสูตร B"]
    assert len(decision.used_sources) == 2
