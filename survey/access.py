"""Fetches rounds, responses, questions and assignments with their permission check: the object, or Http404."""

from __future__ import annotations

from typing import Final

from django.http import Http404

from accounts.access import agency_ids_with_capability
from accounts.models import Agency, User
from accounts.roles import Capability
from dgready.prepared_queries import PreparedQuery
from dgready.prepared_select import PreparedSelect
from survey.assigning import queries as parts
from survey.instrument.queries import questions_by_item_id
from survey.journal.actions import FormMoved, refresh_moved_round
from survey.models import Assignment, Question, Response, Round

# For a contribution these capabilities replace the provincial ones.
_CONTRIBUTION_CAPABILITY = {
    Capability.RESPONSE_READ: Capability.CONTRIBUTION_READ,
    Capability.ANSWER_EDIT: Capability.CONTRIBUTION_EDIT,
}

# A response with what pages need around it, without the instrument's source: it is cached compiled.
_WHOLE_RESPONSE = (
    Response.objects.select_related("round__province", "round__instrument", "agency")
    .defer("round__instrument__source", "round__instrument__title_th", "round__instrument__title_en")
    .defer("round__province__sort_key", "agency__sort_key")
    .order_by()
)
# What was open at submission takes 32 kB, and only the pages of submitting and deciding show it.
_RESPONSE_QUERY = PreparedQuery(_WHOLE_RESPONSE.defer("open_points"), "pk")
_WHOLE_RESPONSE_QUERY = PreparedQuery(_WHOLE_RESPONSE, "pk")

_COLUMNS_TO_SAVE = (
    *("agency", "state", "version", "head", "retold", "form_moves"),
    *("round__province", "round__closes_at", "round__form_moves"),
    *("round__instrument__checksum", "round__instrument__links_checksum"),
)
# A response with the columns a save needs; reading any other column costs a query.
_RESPONSE_TO_SAVE = Response.objects.select_related("round__instrument").only(*_COLUMNS_TO_SAVE).order_by()
_RESPONSE_TO_SAVE_QUERY = PreparedQuery(_RESPONSE_TO_SAVE.select_for_update(of=("self",)), "pk")
_UNLOCKED_RESPONSE_QUERY = PreparedQuery(_RESPONSE_TO_SAVE, "pk")


def get_response(user: User, pk: int, cap: Capability, *, to_save: bool = False) -> Response:
    """The response with its round, province and instrument; Http404 unless the user holds `cap` for it.

    For an agency's contribution RESPONSE_READ and ANSWER_EDIT mean their contribution counterparts.
    `to_save`: locked until the transaction ends, and little more than a save needs.
    """
    response = _permitted((_RESPONSE_TO_SAVE_QUERY if to_save else _RESPONSE_QUERY).first(pk), user, cap)
    if to_save:
        refresh_moved_round(response)
    return response


def _permitted(response: Response | None, user: User, cap: Capability) -> Response:
    if response is None or not has_response_capability(user, response, cap):
        raise Http404
    return response


def get_unlocked_response(user: User, pk: int, cap: Capability) -> Response:
    """As `get_response` with `to_save`, but not locked: to write only if nobody else has meanwhile."""
    return _permitted(_UNLOCKED_RESPONSE_QUERY.first(pk), user, cap)


def get_provincial_response(user: User, pk: int, cap: Capability, *, with_points: bool = False) -> Response:
    """The provincial response, as `get_response`; Http404 also for an agency's contribution.

    `with_points`: with what was open when it was submitted, which otherwise takes a query of its own.
    """
    response = _permitted(_WHOLE_RESPONSE_QUERY.first(pk), user, cap) if with_points else get_response(user, pk, cap)
    if not response.is_provincial:
        raise Http404
    return response


def has_response_capability(user: User, response: Response, cap: Capability) -> bool:
    """Whether the user holds `cap` for a response; for a contribution its counterpart capability."""
    if response.agency_id is not None:
        cap = _CONTRIBUTION_CAPABILITY.get(cap, cap)
    return user.has(cap, province_id=response.round.province_id, agency_id=response.agency_id)


def may_only_read(user: User, response: Response) -> bool:
    """Whether the user answers neither this response nor the province's: a reader, who is given answers as text."""
    if has_response_capability(user, response, Capability.ANSWER_EDIT):
        return False
    return not user.has(Capability.ANSWER_EDIT, province_id=response.round.province_id)


def may_edit_answer(user: User, response: Response, question: Question, item: str = "") -> bool:
    """Whether the user may change the answer and evidence of a question (or one item of it).

    In a contribution only what is assigned to its agency with role R or S, until that part is submitted.
    Whether answers can change in the present state is checked by the actions (answering.actions.require_editable).
    """
    if not has_response_capability(user, response, Capability.ANSWER_EDIT):
        return False
    return response.is_provincial or parts.answer_scope(response).allows(question.item_id, item)


def get_question(response: Response, item_id: str) -> Question:
    """The question row with an item id in the response's instrument; Http404 when there is none."""
    question = questions_by_item_id(response.round.instrument).get(item_id)
    if question is None:
        raise Http404
    return question


def get_question_to_save(response: Response, item_id: str) -> Question:
    """As `get_question`; raises FormMoved for a question that only another version of the form has.

    So what was typed on a page of that version is shown, not met by "not found".
    """
    try:
        return get_question(response, item_id)
    except Http404:
        form = response.round.instrument
        elsewhere = Question.objects.filter(item_id=item_id, instrument__key=form.key, instrument__year=form.year)
        if elsewhere.exists():
            raise FormMoved from None
        raise


def get_round(user: User, code: str, year: int, cap: Capability) -> Round:
    """The round of a province and year; Http404 unless the user holds `cap` there."""
    round_ = _ROUND_QUERY.first(code, year) if 0 < year < _YEARS_END else None
    if round_ is None or not user.has(cap, province_id=round_.province_id):
        raise Http404
    return round_


_YEARS_END: Final = 2**15  # no year is beyond a small integer; the database would refuse to compare with one
_ROUND_QUERY: PreparedSelect[Round] = PreparedSelect(
    lambda code, year: (
        Round.objects.filter(province__code=code, year=year)
        .select_related("province", "instrument")
        .defer("instrument__source")
    )
)


_AGENCIES_AMONG: Final[PreparedSelect[Agency]] = PreparedSelect(
    lambda province, keys: Agency.objects.filter(province=province, pk__in=keys)
)


def get_round_with_own_agencies(user: User, code: str, year: int, cap: Capability) -> tuple[Round, list[Agency]]:
    """A round and the agencies of its province for which the user holds `cap` themselves; Http404 for none."""
    round_ = _ROUND_QUERY.first(code, year) if 0 < year < _YEARS_END else None
    own_agency_ids = agency_ids_with_capability(user, cap)
    agencies: list[Agency] = []
    if round_ is not None and own_agency_ids:
        agencies = _AGENCIES_AMONG.all(round_.province_id, sorted(own_agency_ids))
    if round_ is None or not agencies:
        raise Http404
    return round_, agencies


def get_agency_to_work_for(user: User, code: str, agency: str) -> Agency:
    """An agency for which the user works as coordinator, or assigns work in its province; else Http404."""
    found = Agency.objects.select_related("province").filter(province__code=code, code=agency).first()
    caps = (Capability.ASSIGN, Capability.CONTRIBUTION_EDIT)
    if found is None or not any(user.has(c, province_id=found.province_id, agency_id=found.pk) for c in caps):
        raise Http404
    return found


def get_assignment(user: User, code: str, year: int, pk: int, cap: Capability) -> Assignment:
    """An assignment with its round and agency; Http404 unless the user holds `cap` for that agency."""
    rows = Assignment.objects.select_related("round__province", "round__instrument", "agency", "state_by", "suggested")
    rows = rows.defer("round__instrument__source")
    assignment = rows.filter(pk=pk, round__year=year, round__province__code=code).first()
    if assignment is None or not user.has(
        cap, province_id=assignment.round.province_id, agency_id=assignment.agency_id
    ):
        raise Http404
    return assignment


def get_round_agency(user: User, code: str, year: int, agency: str, cap: Capability) -> tuple[Round, Agency]:
    """A round and one agency of its province; Http404 unless the user holds `cap` in that province."""
    round_ = get_round(user, code, year, cap)
    round_agency = Agency.objects.filter(province=round_.province_id, code=agency).first()
    if round_agency is None:
        raise Http404
    return round_, round_agency
