"""The API: what may be read, and by which access function. All read only; the gate has let the token in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI, Path, Query
from ninja.errors import ValidationError
from ninja.security import HttpBearer

from accounts.access import get_province
from accounts.models import ApiToken
from accounts.roles import Capability
from dgready.converters import MAX_NUMBER
from dgready.language import reader_language
from reports.api import queries, schemas
from reports.api.errors import error_response
from reports.api.gate import TokenRequest
from reports.errors import ReportError
from reports.handover.gathering import gather_package
from reports.handover.package import Scope
from scoring.headline.queries import get_response_json
from scoring.scheme.registry import FaultyScheme, MissingScheme
from survey.access import get_provincial_response, get_response
from survey.approval.frozen_facts import read_frozen_facts
from survey.models import FrozenResponse

DESCRIPTION = (
    "Reads what one province entered, and nothing of others. Send a token as `Authorization: Bearer …`; tokens are "
    "made in dgready under the account. Texts are in Thai, or in English with `Accept-Language: en`."
)
MOST_RELEASES = 20  # at once: each is read whole
MAX_OFFSET = 1_000_000
PREFIX = "/api/v1/"


class TokenAuth(HttpBearer):
    """Tells the document that a token is needed; the gate has checked it."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        """The token that passed the gate."""
        return getattr(request, "api_token", None)


api = NinjaAPI(
    title="dgready",
    version="1",
    description=DESCRIPTION,
    openapi_url=None,
    docs_url=None,  # its page would fetch scripts from another host
    auth=TokenAuth(),
    urls_namespace="reports-api",
)

Key = Annotated[int, Path(ge=1, le=MAX_NUMBER)]
Year = Annotated[int | None, Query(ge=2500, le=2700, description="Buddhist era")]
NationalYear = Annotated[int, Query(ge=2500, le=2700, description="Buddhist era")]
Name = Annotated[str, Query(max_length=40)]
Limit = Annotated[int, Query(ge=1, le=settings.API_LIMITS.page)]
Offset = Annotated[int, Query(ge=0, le=MAX_OFFSET)]
DEFAULT_LIMIT = 100
REFUSALS = dict.fromkeys((401, 404, 422, 429, 503), schemas.ErrorOut)


def answers_with(kind: Any) -> dict[int, Any]:
    """The answers of an operation: of that kind, or a refusal."""
    return {200: kind, **REFUSALS}


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, fault: Any) -> HttpResponse:
    return error_response("not_found")


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, fault: Any) -> HttpResponse:
    fields = sorted({str(one["loc"][-1]) for one in fault.errors})
    return error_response("invalid", fields=fields)


@api.exception_handler(ReportError)
def _away(request: HttpRequest, fault: Any) -> HttpResponse:
    return error_response("away", fault.message_in(reader_language()))


@api.exception_handler(MissingScheme)
@api.exception_handler(FaultyScheme)
def _no_scheme(request: HttpRequest, fault: Any) -> HttpResponse:
    return error_response("no_scheme")


def _page(
    rows: QuerySet[Any] | Sequence[Any],
    limit: int,
    offset: int,
    made: Callable[[Sequence[Any]], list[Any]],
    **more: Any,
) -> dict[str, Any]:
    """A part of a list. Of rows in the database a query counts, another reads the part."""
    total = rows.count() if isinstance(rows, QuerySet) else len(rows)
    items = made(list(rows[offset : offset + limit])) if offset < total else []
    following = offset + limit if offset + limit < total else None
    return {"items": items, "total": total, "limit": limit, "offset": offset, "next": following, **more}


@api.get("rounds", response=answers_with(schemas.Page[schemas.RoundOut]), url_name="api-rounds")
def rounds(request: TokenRequest, limit: Limit = DEFAULT_LIMIT, offset: Offset = 0) -> Any:
    """The province's rounds, newest first."""
    rows = queries.readable_rounds(request.api_user)
    return _page(rows, limit, offset, lambda some: [queries.round_values(one) for one in some])


@api.get(
    "rounds/{number:pk}/responses",
    response=answers_with(schemas.Page[schemas.ResponseOut]),
    url_name="api-responses",
)
def responses(request: TokenRequest, pk: Key, limit: Limit = DEFAULT_LIMIT, offset: Offset = 0) -> Any:
    """The sets of answers of a round that the token may read: the province's, then those of agencies."""
    round_ = queries.readable_rounds(request.api_user).filter(pk=pk).first()
    if round_ is None:
        raise Http404
    return _page(queries.readable_responses(request.api_user, round_), limit, offset, queries.response_entries)


@api.get("responses/{number:pk}/progress", response=answers_with(schemas.ProgressOut), url_name="api-progress")
def progress(request: TokenRequest, pk: Key) -> Any:
    """How far a set of answers is, by section of the form."""
    return queries.read_progress(get_response(request.api_user, pk, Capability.RESPONSE_READ))


@api.get(
    "responses/{number:pk}/answers", response=answers_with(schemas.Page[schemas.AnswerOut]), url_name="api-answers"
)
def answers(request: TokenRequest, pk: Key, limit: Limit = DEFAULT_LIMIT, offset: Offset = 0) -> Any:
    """Every field of the form in its order, with its answer."""
    response = get_response(request.api_user, pk, Capability.RESPONSE_READ)
    return _page(queries.read_answers(response), limit, offset, list)


@api.get("responses/{number:pk}/evidence", response=answers_with(schemas.EvidencePage), url_name="api-evidence")
def evidence(request: TokenRequest, pk: Key, limit: Limit = DEFAULT_LIMIT, offset: Offset = 0) -> Any:
    """The index of evidence: hashes, marked passages and verdicts, no contents of files."""
    response = get_response(request.api_user, pk, Capability.RESPONSE_READ)
    package = gather_package(response, Scope(), reader_language())
    return _page(package.proofs, limit, offset, queries.evidence_entries, **queries.evidence_totals(package))


@api.get("responses/{number:pk}/score", response=answers_with(schemas.ScoreOut), url_name="api-score")
def score(request: TokenRequest, pk: Key) -> Any:
    """The score of the province's answer with its reasons, ranges and what is estimated."""
    response = get_provincial_response(request.api_user, pk, Capability.RESPONSE_READ)
    told = {"response": response.pk, "version": response.version, **get_response_json(response)}
    # As it is: the sheet has its own serializer, of which ScoreOut documents the chief parts.
    return JsonResponse(told, json_dumps_params={"ensure_ascii": False, "separators": (",", ":")})


@api.get(
    "responses/{number:pk}/releases", response=answers_with(schemas.Page[schemas.ReleaseOut]), url_name="api-releases"
)
def releases(request: TokenRequest, pk: Key, limit: Limit = DEFAULT_LIMIT, offset: Offset = 0) -> Any:
    """The frozen versions of the province's answer with their hashes, newest first."""
    response = get_provincial_response(request.api_user, pk, Capability.REPORT_READ)
    rows = FrozenResponse.objects.filter(response=response).order_by("-number")
    most = min(limit, MOST_RELEASES)
    return _page(rows, most, offset, lambda some: [queries.release_of(one) for one in read_frozen_facts(some)])


@api.get("results", response=answers_with(schemas.Page[schemas.ResultOut]), url_name="api-results")
def results(request: TokenRequest, year: Year = None, limit: Limit = DEFAULT_LIMIT, offset: Offset = 0) -> Any:
    """The published results of the province, the average and rank 1, newest year first."""
    province = get_province(request.api_user, request.api_token.province.code, Capability.REPORT_READ)
    return _page(queries.published_figures(province, year), limit, offset, queries.result_entries)


@api.get("national", response=answers_with(schemas.NationalOut), url_name="api-national")
def national(request: TokenRequest, year: NationalYear, version: Name = "", group: Name = "", member: Name = "") -> Any:
    """The released national report of a year, or its averages where each agency answered; 404 before a release."""
    get_province(request.api_user, request.api_token.province.code, Capability.REPORT_READ)
    told = queries.released_report(year, version, group, member)
    if told is None:
        raise Http404
    return JsonResponse(told, json_dumps_params={"ensure_ascii": False, "separators": (",", ":")})


def openapi(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document."""
    return JsonResponse(openapi_document(), json_dumps_params={"ensure_ascii": False})


def openapi_document() -> dict[str, Any]:
    """The document as plain values."""
    return api.get_openapi_schema(path_prefix=PREFIX)


def unknown(request: HttpRequest, rest: str) -> HttpResponse:
    """An address that the API does not have."""
    return error_response("not_found")
