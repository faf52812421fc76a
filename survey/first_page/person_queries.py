"""Reads of the first page that are the person's own: their agencies and where to begin, and a province's set-up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone

from accounts.access import agency_ids_with_capability
from accounts.models import Agency, Invitation, Membership, Province, User
from accounts.roles import Capability, Role
from dgready.prepared_select import PreparedSelect
from evidence.attaching.queries import marked_addresses
from survey.answering.queries import response_path
from survey.approval.review import open_points_of, read_review_state
from survey.assigning.part_progress import ContributionCounts
from survey.assigning.queries import ANSWERING_ROLES, OPEN_STATES, assignment_target, sort_assignments
from survey.assigning.targets import AssignmentTarget, covered_questions
from survey.first_page.facts import OwnAgency, PersonInRound, ProvinceSetUp, RoundFacts
from survey.first_page.queries import PartRows, count_parts
from survey.instrument.queries import compiled_instrument
from survey.models import Assignment, Instrument, Notice, Response, Round
from survey.rounds.newcomers import JOINED_KIND


def person_in_round(user: User, round_: Round, facts: RoundFacts, agencies: tuple[OwnAgency, ...]) -> PersonInRound:
    """What a person may do in a round; no query."""

    def may(capability: Capability) -> bool:
        return user.has(capability, province_id=round_.province_id)

    return PersonInRound(
        may_assign=may(Capability.ASSIGN),
        may_edit=may(Capability.ANSWER_EDIT),
        may_submit=may(Capability.SUBMIT),
        may_endorse=may(Capability.ENDORSE),
        may_approve=may(Capability.APPROVE),
        may_manage=may(Capability.ROUND_MANAGE),
        is_member=any(g.role == Role.COMMITTEE and g.province_id == round_.province_id for g in user.grants),
        agencies=agencies,
    )


def count_open_points(round_: Round, response: Response) -> int:
    """How many points of the provincial answer are open, remarks included. Three queries at most."""
    response.round = round_
    return len(open_points_of(response, read_review_state(response)))


def own_agency_ids(user: User) -> frozenset[int]:
    """The agencies a person answers for."""
    return agency_ids_with_capability(user, Capability.CONTRIBUTION_EDIT)


def read_own_agencies(
    user: User, rounds: Sequence[Round], responses: Mapping[tuple[int, int | None], Response], parts: PartRows
) -> dict[int, tuple[OwnAgency, ...]]:
    """The person's agencies by round, with the parts they were given. Two queries, or none without an agency."""
    own_ids = own_agency_ids(user)
    if not own_ids or not rounds:
        return {}
    agencies = _AGENCIES.all(sorted(own_ids))
    joined = _JOINED.all(user.pk, [round_.pk for round_ in rounds])
    before = {(round_id, data.get("agency_id")): int(data.get("count", 0)) for round_id, data in joined}
    found: dict[int, tuple[OwnAgency, ...]] = {}
    for round_ in rounds:
        rows = parts.get(round_.pk, ())
        found[round_.pk] = tuple(
            OwnAgency(
                agency.code,
                str(agency),
                count_parts(round_, [row for row in rows if row[0] == agency.pk]),
                contribution=contribution.pk if contribution else None,
                must_answer=getattr(contribution, "must_answer", 0),
                rejected=getattr(contribution, "rejected", 0),
                before=before.get((round_.pk, agency.pk), 0),
            )
            for agency in agencies
            if agency.province_id == round_.province_id
            for contribution in [responses.get((round_.pk, agency.pk))]
        )
    return found


_AGENCIES: PreparedSelect[Agency] = PreparedSelect(lambda keys: Agency.objects.filter(pk__in=keys))
_JOINED: PreparedSelect[tuple[int, dict[str, Any]]] = PreparedSelect(
    lambda user, rounds: Notice.objects.filter(user=user, kind=JOINED_KIND, round__in=rounds).values_list(
        "round", "data"
    )
)


def where_to_begin(round_: Round, agency: str, contribution: Response | None) -> tuple[int | None, str]:
    """The first part an agency has not handed in, and the first unfinished question of it. Three queries at most.

    The address is empty until the agency has opened its form.
    """
    waiting = sort_assignments(round_.instrument, _WAITING_PARTS.all(round_.pk, agency))
    if not waiting:
        return None, ""
    if contribution is None:
        return waiting[0].pk, ""
    contribution.round = round_
    counts = ContributionCounts(response_path(contribution), marked_addresses(contribution))
    questions = [q for part in waiting for q in _questions(round_, part)]
    unfinished = (q for q in questions if counts.of(AssignmentTarget(question=q)).is_waiting)
    question = next(unfinished, questions[0] if questions else "")
    if not question:
        return waiting[0].pk, ""
    section = compiled_instrument(round_.instrument).items[question].section
    return waiting[0].pk, f"{reverse('survey:fill', args=[contribution.pk, section])}#q:{question}"


_WAITING_PARTS: PreparedSelect[Assignment] = PreparedSelect(
    lambda round_, agency: Assignment.objects.filter(
        round=round_, agency__code=agency, role__in=ANSWERING_ROLES, state__in=OPEN_STATES
    ).only("question_id", "item_id", "sub_pillar_id")
)


def _questions(round_: Round, part: Assignment) -> list[str]:
    target = assignment_target(round_.instrument, part)
    return list(covered_questions(compiled_instrument(round_.instrument), target))


def read_set_up(user: User) -> list[ProvinceSetUp]:
    """What the provinces still lack that a person administers (the centre aside). One query, or none."""
    own = {g.province_id for g in user.grants if g.province_id and Capability.USERS_MANAGE in g.capabilities}
    if not own:
        return []
    provinces: list[Any] = _SET_UP.all(sorted(own), timezone.now(), timezone.localdate())
    return [
        ProvinceSetUp(
            code=row.code,
            name=str(row),
            may_open_round=user.has(Capability.ROUND_MANAGE, province_id=row.pk),
            newest_year=row.newest_year,
            instrument_year=row.instrument_year,
            without_secretariat=not row.has_secretariat,
            without_governor=not row.has_governor,
            agencies=row.agency_count or 0,
            agencies_without_people=row.empty_agencies or 0,
            expired_invitations=row.expired or 0,
        )
        for row in provinces
    ]


def _provinces_with_set_up(keys: Any, now: Any, today: Any) -> QuerySet[Province]:
    open_invitations = Invitation.objects.filter(used_at=None, withdrawn_at=None)
    expired = open_invitations.filter(province=OuterRef("pk"), expires_at__lte=now).order_by()
    staffed = Membership.objects.current(today).filter(agency=OuterRef("pk"), user__is_active=True)
    invited = open_invitations.filter(agency=OuterRef("pk"), expires_at__gt=now)
    agencies = Agency.objects.filter(province=OuterRef("pk"), active=True).order_by()
    published = (
        Instrument.objects.filter(published_at__isnull=False, respondents=OuterRef("kind"))
        .order_by("-year")
        .values("year")
    )
    return Province.objects.filter(pk__in=keys).annotate(
        newest_year=Max("rounds__year"),
        instrument_year=Subquery(published[:1]),
        has_secretariat=Exists(_holders(Role.SECRETARIAT, today)),
        has_governor=Exists(_holders(Role.GOVERNOR, today)),
        agency_count=_number(agencies),
        empty_agencies=_number(agencies.filter(~Exists(staffed), ~Exists(invited))),
        expired=_number(expired),
    )


_SET_UP: PreparedSelect[Province] = PreparedSelect(_provinces_with_set_up)


def _holders(role: Role, today: date) -> QuerySet[Membership]:
    return Membership.objects.current(today).filter(province=OuterRef("pk"), role=role, user__is_active=True)


def _number(rows: QuerySet[Any]) -> Subquery:
    return Subquery(rows.values("province").annotate(number=Count("pk")).values("number"))
