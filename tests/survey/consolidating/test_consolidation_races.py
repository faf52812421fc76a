"""Two of the secretariat at once: one decision stands, the other is told; nothing is doubled."""

from __future__ import annotations

import pytest

from survey.consolidating import actions
from survey.consolidating.merge_choices import MergeChoices, propose_choices
from survey.consolidating.merge_decision import MergeDecision, make_decision
from survey.consolidating.queries import read_consolidation
from survey.models import Answer, Comment, Consolidation, Event
from survey.threads import actions as threads
from survey.verifying.verify import verify_journal
from tests.flow import Flow, make_flow
from tests.people import make_people
from tests.survey.agencies import contribution, give
from tests.survey.approval.test_workflow_races import at_once, fresh

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
YES = {"T8": "yes", "T8.1": "3", "T8.1.of": "5"}


@pytest.fixture
def flow(transactional_db: None) -> Flow:
    return make_flow(make_people())


def decision(flow: Flow, code: str) -> MergeDecision:
    book = read_consolidation(flow.response)
    comparison = book.compare("T8")
    pick = f"from:{contribution(flow.round, code).pk}"
    return make_decision(book, comparison, MergeChoices({**propose_choices(comparison).picks, "T8": pick}))


def test_of_two_decisions_at_once_one_stands(flow: Flow) -> None:
    give(flow.round, "PO", "T8", YES)
    give(flow.round, "SO", "T8", {"T8": "no"})

    def saving(code: str):
        made, response = decision(flow, code), fresh(flow)
        seen = {s.contribution: s.revision for s in made.sources}
        return lambda: actions.save_consolidation(
            by=flow.secretariat, response=response, decision=made, base_revision=0, seen=seen
        )

    given = at_once(saving("PO"), saving("SO"), saving("PO"))
    assert any(isinstance(g, actions.SavedConsolidation) and g.conflict for g in given)
    row = Consolidation.objects.get()
    answer = Answer.objects.get(response=flow.response)
    assert row.revision == answer.revision == 1
    stands = {s.contribution_id for s in row.sources.all() if s.addresses}
    assert stands == {contribution(flow.round, "PO" if answer.value == YES else "SO").pk}
    assert verify_journal().ok


def test_taking_all_that_agree_twice_at_once(flow: Flow) -> None:
    for code in ("PO", "SO"):
        give(flow.round, code, "T2", {"T2": ["evening"]})
    one, two = fresh(flow), fresh(flow)
    given = at_once(
        lambda: actions.consolidate_agreed(by=flow.secretariat, response=one),
        lambda: actions.consolidate_agreed(by=flow.secretariat, response=two),
    )
    taken = [len(g.data["taken"]) for g in given if isinstance(g, Event)]
    assert sorted(taken) == [0, 1]
    assert Answer.objects.get(response=flow.response).revision == 1
    assert verify_journal().ok


def test_a_contribution_saved_while_it_is_consolidated_shows_as_changed(flow: Flow) -> None:
    give(flow.round, "PO", "T8", YES)
    made, response = decision(flow, "PO"), fresh(flow)
    seen = {s.contribution: s.revision for s in made.sources}
    at_once(
        lambda: actions.save_consolidation(
            by=flow.secretariat, response=response, decision=made, base_revision=0, seen=seen
        ),
        lambda: give(flow.round, "PO", "T8", {"T8": "no"}),
    )
    assert [n.kind for n in read_consolidation(flow.response).changes_since_decision("T8")] == ["changed"]
    assert verify_journal().ok


def test_closing_a_thread_twice_at_once_is_one_event(flow: Flow) -> None:
    first = threads.start_thread(by=flow.governor, response=flow.response, text="ถาม")
    one, two = fresh(flow), fresh(flow)
    at_once(
        lambda: threads.resolve_thread(by=flow.secretariat, response=one, thread=Comment.objects.get(pk=first.pk)),
        lambda: threads.resolve_thread(by=flow.governor, response=two, thread=Comment.objects.get(pk=first.pk)),
    )
    assert Event.objects.filter(verb="comment.resolve").count() == 1
    assert verify_journal().ok
