"""Fetching is the permission check: rounds and responses, or 404."""

from __future__ import annotations

from django.http import Http404

from accounts.access import agency_ids_with_capability, scope_filter
from accounts.models import Agency, User
from accounts.roles import Capability
from dgready.prepared_queries import PreparedQuery
from survey.assigning import queries as parts
from survey.instrument.queries import questions_by_item_id
from survey.models import Assignment, Question, Response, Round

# A contribution is reached with the capability that stands for the provincial one.
_CONTRIBUTION_CAPABILITY = {
    Capability.RESPONSE_READ: Capability.CONTRIBUTION_READ,
    Capability.ANSWER_EDIT: Capability.CONTRIBUTION_EDIT,
}

# What a page needs of a response's surroundings; the instrument itself is kept compiled.
_RESPONSE_QUERY = PreparedQuery(
    Response.objects.select_related("round__province", "round__instrument", "agency")
    .defer("round__instrument__source", "round__instrument__title_th", "round__instrument__title_en")
    .defer("round__province__sort_key", "agency__sort_key")
    .order_by(),
    "pk",
)


# What a save needs; what else is asked of these objects costs a query of its own.
_RESPONSE_TO_SAVE_QUERY = PreparedQuery(
    Response.objects.select_for_update(of=("self",))
    .select_related("round__instrument")
    .only("agency", "state", "version", "head", "round__province", "round__closes_at", "round__instrument__checksum")
    .order_by(),
    "pk",
)


def get_response(user: User, pk: int, cap: Capability, *, to_save: bool = False) -> Response:
    """The response with its round, province and instrument; Http404 unless the person holds `cap` for it.

    For an agency's contribution RESPONSE_READ and ANSWER_EDIT mean their contribution counterparts.
    `to_save`: locked until the transaction ends, and little more than a save needs.
    """
    found = (_RESPONSE_TO_SAVE_QUERY if to_save else _RESPONSE_QUERY).first(pk)
    if found is None or not has_response_capability(user, found, cap):
        raise Http404
    return found


def get_provincial_response(user: User, pk: int, cap: Capability) -> Response:
    """The province's own answer as `get_response`; Http404 also for an agency's contribution."""
    found = get_response(user, pk, cap)
    if not found.is_provincial:
        raise Http404
    return found


def has_response_capability(user: User, response: Response, cap: Capability) -> bool:
    """Whether the person holds `cap` for this response."""
    if response.agency_id is not None:
        cap = _CONTRIBUTION_CAPABILITY.get(cap, cap)
    return user.has(cap, province_id=response.round.province_id, agency_id=response.agency_id)


def may_edit_answer(user: User, response: Response, question: Question, item: str = "") -> bool:
    """Whether the person may change this question (or one item of it): answer, evidence.

    In a contribution only what is assigned to its agency with role R or S, until that part is handed in.
    Whether answers change at all in this state is the actions' question (answers.editable).
    """
    if not has_response_capability(user, response, Capability.ANSWER_EDIT):
        return False
    return response.is_provincial or parts.answer_scope(response).allows(question.item_id, item)


def get_question(response: Response, item_id: str) -> Question:
    """The question row of this response's instrument; Http404 when it has none of that id."""
    found = questions_by_item_id(response.round.instrument).get(item_id)
    if found is None:
        raise Http404
    return found


def get_round(user: User, code: str, year: int, cap: Capability) -> Round:
    """The round of a province and year; Http404 unless the person holds `cap` there."""
    rounds = Round.objects.select_related("province", "instrument").defer("instrument__source")
    found = rounds.filter(scope_filter(user, cap, province="province"), province__code=code, year=year).first()
    if found is None:
        raise Http404
    return found


def get_round_with_own_agencies(user: User, code: str, year: int, cap: Capability) -> tuple[Round, list[Agency]]:
    """A round and the agencies of its province for which the person holds `cap` themselves; Http404 for none."""
    rounds = Round.objects.select_related("province", "instrument").defer("instrument__source")
    found = rounds.filter(province__code=code, year=year).first()
    own = agency_ids_with_capability(user, cap)
    agencies = list(Agency.objects.filter(province=found.province_id, pk__in=own)) if found and own else []
    if found is None or not agencies:
        raise Http404
    return found, agencies


def get_assignment(user: User, code: str, year: int, pk: int, cap: Capability) -> Assignment:
    """An assignment with its round and agency; Http404 unless the person holds `cap` for that agency."""
    rows = Assignment.objects.select_related("round__province", "round__instrument", "agency", "state_by", "suggested")
    rows = rows.defer("round__instrument__source")
    found = rows.filter(pk=pk, round__year=year, round__province__code=code).first()
    if found is None or not user.has(cap, province_id=found.round.province_id, agency_id=found.agency_id):
        raise Http404
    return found


def get_round_agency(user: User, code: str, year: int, agency: str, cap: Capability) -> tuple[Round, Agency]:
    """A round and one agency of its province; Http404 unless the person holds `cap` in that province."""
    round_ = get_round(user, code, year, cap)
    found = Agency.objects.filter(province=round_.province_id, code=agency).first()
    if found is None:
        raise Http404
    return round_, found
