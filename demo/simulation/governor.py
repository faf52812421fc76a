"""Submission and approval in a simulated year: the governor returns the answer once, then approves it."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from django.utils import timezone

from accounts.models import Province, User
from demo.simulation import discussions
from demo.simulation.people import SimulationPeople
from demo.simulation.simulation import Simulation
from survey.approval import actions as workflow
from survey.approval.point_groups import points_by_group
from survey.committee.actions import delegations
from survey.committee.actions.delegations import DelegationDocument
from survey.instrument.queries import questions_by_item_id
from survey.models import Answer, Delegation, FrozenResponse, SubmissionGuard
from survey.threads.comments import NewComment

OPEN_POINT_REASON: Final = "ตัวอย่าง: อยู่ระหว่างดำเนินการ จะเสนอให้คณะกรรมการทราบในการประชุมครั้งถัดไป"
OVERRIDE_REASON: Final = "ตัวอย่าง: ดำเนินการตามมติและข้อสังเกตแล้ว จึงขอเสนอก่อนครบกำหนด"
EVIDENCE_REQUEST: Final = "ตัวอย่าง: ขอเอกสารเพิ่มเติมประกอบคำตอบข้อนี้ก่อนอนุมัติ"
RETURN_NOTE: Final = "ตัวอย่าง: ส่งกลับให้ตรวจอีกครั้งก่อนอนุมัติ"
ORDER_NUMBER: Final = "ตัวอย่าง 1/{}"
DELEGATION_SHARE: Final = 0.4  # of the simulated years, how many a delegate approves


def submit_response(simulation: Simulation) -> None:
    """Submits the answer to the governor, with one reason for each group of open points and each guard that fails."""
    response = simulation.response()
    groups = points_by_group(simulation.instrument, simulation.callbacks.points(response))
    event = workflow.submit_response(
        by=simulation.secretary,
        response=response,
        points=simulation.callbacks.points,
        reasons=dict.fromkeys(groups, OPEN_POINT_REASON),
        overrides=dict.fromkeys(SubmissionGuard.values, OVERRIDE_REASON),
    )
    simulation.print_line(f"submitted with {len(event.data['open_points'])} open points, each with a reason")


def return_response(simulation: Simulation) -> None:
    """The governor returns the answer with comments; the secretariat adds evidence, replies and resolves them."""
    response, rng = simulation.response(), simulation.rng("governor")
    rows = questions_by_item_id(simulation.round.instrument)
    answers = Answer.objects.filter(response=response).exclude(value={}).order_by("question__order")
    question = rng.choice(list(answers.values_list("question__item_id", flat=True)))
    workflow.return_response(
        by=simulation.people.governor,
        response=response,
        comments=[NewComment(rows[question], EVIDENCE_REQUEST)],
        text=RETURN_NOTE,
    )
    added = simulation.attach_evidence(
        by=simulation.secretary, response=simulation.response(), questions=[question], surely=True
    )
    closed = discussions.resolve_open_comments(simulation, simulation.secretary)
    simulation.print_line(
        f"the governor returned it over {question}; {added} papers added, {len(closed)} remarks answered"
    )


def approve_response(simulation: Simulation) -> FrozenResponse:
    """The governor, or by chance a delegate, approves what was submitted; answers, evidence and score are frozen."""
    by = simulation.people.governor
    if simulation.rng("delegate").random() < DELEGATION_SHARE:
        by = _create_delegation(simulation)
    response = simulation.response()
    frozen = workflow.approve_response(
        by=by, response=response, compose=simulation.callbacks.compose, seen=response.version
    )
    simulation.print_line(f"approved{'' if by == simulation.people.governor else ' by the delegate'}: {frozen.sha256}")
    return frozen


def _create_delegation(simulation: Simulation) -> User:
    """A member of the committee who may approve from today, on the strength of a sample order."""
    today = timezone.localdate()
    with TemporaryDirectory() as folder:
        order = Path(folder) / "order.pdf"
        order.write_bytes(simulation.files[0].content)
        delegations.create_delegation(
            by=simulation.people.governor,
            province=simulation.round.province,
            delegate=simulation.people.committee,
            starts_on=today,
            ends_on=max(today, timezone.localdate(simulation.round.closes_at)),
            document=DelegationDocument(ORDER_NUMBER.format(simulation.round.year), order),
        )
    return User.objects.get(pk=simulation.people.committee.pk)  # its roles are read anew


def revoke_delegations(province: Province, people: SimulationPeople) -> None:
    """Revokes what made-up governors delegated in an earlier simulation."""
    for delegation in Delegation.objects.filter(province=province, revoked_at=None, by=people.governor):
        delegations.revoke_delegation(by=people.governor, delegation=delegation)
