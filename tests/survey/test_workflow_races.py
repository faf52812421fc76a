"""Two people at once, in threads of their own."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection, connections

from survey import verify
from survey.actions import answers, workflow
from survey.models import Event, FrozenResponse, Response
from survey.states import Refused
from tests.flow import Flow, make_flow, outside
from tests.people import make_people

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def submitted(transactional_db: None) -> Flow:
    flow = make_flow(make_people())
    flow.submit()
    return flow


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Runs all at the same moment; what each gave, or the exception it raised."""
    start = threading.Barrier(len(acts))
    given: list[object] = [None] * len(acts)

    def run(number: int, act: Callable[[], object]) -> None:
        start.wait()
        try:
            given[number] = act()
        except (Refused, answers.NotEditable) as refused:
            given[number] = refused
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(n, act)) for n, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return given


def fresh(flow: Flow) -> Response:
    return Response.objects.select_related("round").get(pk=flow.response.pk)


@pytest.mark.postgres
def test_of_two_approvals_at_once_one_wins_and_the_other_is_told(submitted: Flow) -> None:
    assert connection.vendor == "postgresql"

    def approval(response: Response) -> Callable[[], object]:
        return lambda: workflow.approve(by=submitted.governor, response=response, compose=outside)

    given = at_once(*(approval(fresh(submitted)) for _ in range(4)))
    assert len([g for g in given if isinstance(g, FrozenResponse)]) == 1
    told = [g for g in given if isinstance(g, Refused)]
    assert len(told) == 3
    assert all(r.why == "state" and submitted.governor.get_full_name() in str(r) for r in told)
    assert Event.objects.filter(verb="response.approve").count() == 1
    assert verify.verify().ok


@pytest.mark.postgres
def test_approval_and_withdrawal_at_once(submitted: Flow) -> None:
    one, two = fresh(submitted), fresh(submitted)
    given = at_once(
        lambda: workflow.approve(by=submitted.governor, response=one, compose=outside),
        lambda: workflow.withdraw(by=submitted.secretariat, response=two),
    )
    assert sum(isinstance(g, Refused) for g in given) == 1
    state = fresh(submitted).state
    assert (state == "approved") == (FrozenResponse.objects.count() == 1)
    assert verify.verify().ok


@pytest.mark.postgres
def test_a_save_never_slips_in_behind_a_submission(submitted: Flow) -> None:
    workflow.withdraw(by=submitted.secretariat, response=submitted.response)
    one, two = fresh(submitted), fresh(submitted)
    submitted.response = two
    at_once(
        lambda: workflow.submit(by=submitted.secretariat, response=one, points=lambda r: [], reasons={}),
        lambda: submitted.save("T8", {"T8": "yes"}),
    )
    last = Event.objects.order_by("-seq").first()
    assert last is not None
    assert last.verb == "response.submit"
    assert verify.verify().ok
