"""Reads of users, invitations, agencies and provinces for list pages; few queries whatever the length."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Count, DateTimeField, ExpressionWrapper, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum
from django.utils import timezone

from accounts.models import AccountEvent, Agency, ApiToken, Invitation, Membership, Province, SignIn, User
from accounts.respondents import RespondentKind
from accounts.roles import API_CAPABILITIES, Capability
from accounts.security_log.kinds import DAILY_VERBS
from dgready.counted_rows import CountedRows
from dgready.prepared_select import PreparedSelect
from dgready.shortened import Shortened, first_rows


def _active_memberships(province: Province | None) -> QuerySet[Membership]:
    memberships = Membership.objects.filter(active=True).select_related("province", "agency")
    return memberships.filter(province=province) if province else memberships


def _with_active_memberships(users: QuerySet[User], province: Province | None) -> QuerySet[User]:
    memberships = Prefetch("memberships", queryset=_active_memberships(province), to_attr="active_memberships")
    return users.prefetch_related(memberships)


def users_of_province(province: Province) -> QuerySet[User]:
    """Active users with a role in the province or one of its agencies, in Thai order of their names."""
    memberships = Membership.objects.filter(province=province, active=True)
    return User.objects.filter(pk__in=memberships.values("user"), is_active=True)


def find_person(province: Province | None, pk: int) -> User | None:
    """A user who has or had a role in the province (any user for None), with `active_memberships`; else None."""
    users = User.objects.filter(pk=pk)
    if province:
        users = users.filter(memberships__province=province).distinct()
    return _with_active_memberships(users, province).first()


def open_invitations(province: Province | None) -> QuerySet[Invitation]:
    """Invitations neither accepted nor withdrawn, expired ones included; central ones for None."""
    return all_open_invitations().filter(province=province)


def all_open_invitations() -> QuerySet[Invitation]:
    """Invitations to any place that are neither accepted nor withdrawn, expired ones included."""
    invitations = Invitation.objects.filter(used_at=None, withdrawn_at=None)
    return invitations.select_related("province", "agency", "by")


def list_account_events(user: User, province: Province | None, limit: int = 20) -> Shortened[AccountEvent]:
    """The latest events about an account, without daily ones; within a province only those that belong to it."""
    events = AccountEvent.objects.filter(subject=user).exclude(verb__in=DAILY_VERBS).select_related("by", "province")
    return first_rows(events.filter(Q(province=province) | Q(province=None) if province else Q()), limit)


def listed_agencies(province: Province, *, text: str = "", kind: str = "", closed: bool = False) -> CountedRows[Agency]:
    """Agencies of a province with the number of their coordinators (`people_count`), for a page.

    One query, and one for each slice.
    """
    asked: dict[str, Any] = {"kind": kind, "closed": closed}
    if text:  # each search is a statement of its own
        rows = _agencies(province.pk, text=text, **asked)
        found = _with_people(rows)
        return CountedRows(rows.count(), lambda start, stop: list(found[start:stop]))
    counted = _NUMBER_OF_AGENCIES.first(province.pk, **asked)

    def read(start: int, stop: int) -> list[Agency]:
        return _AGENCIES.all(province.pk, start=start, stop=stop, **asked)

    return CountedRows(counted[0] if counted else 0, read)


def _agencies(province: int, *, kind: str, closed: bool, text: str = "") -> QuerySet[Agency]:
    agencies = Agency.objects.filter(province=province, active=not closed)
    if kind:
        agencies = agencies.filter(kind=kind)
    if text:
        agencies = agencies.filter(Q(name_th__icontains=text) | Q(name_en__icontains=text) | Q(code__icontains=text))
    return agencies


def _with_people(agencies: QuerySet[Agency]) -> QuerySet[Agency]:
    active_users = Q(memberships__active=True, memberships__user__is_active=True)
    people = Count("memberships__user", filter=active_users, distinct=True)
    return agencies.select_related("parent").annotate(people_count=people).order_by("sort_key", "pk")


_AGENCIES: PreparedSelect[Agency] = PreparedSelect(
    lambda province, *, start, stop, **asked: _with_people(_agencies(province, **asked))[start:stop]
)
_NUMBER_OF_AGENCIES: PreparedSelect[tuple[int]] = PreparedSelect(
    lambda province, **asked: (
        _agencies(province, **asked).order_by().values("province").annotate(n=Count("pk")).values_list("n")
    )
)


def list_provinces(*, text: str = "", region: str = "", kind: str = RespondentKind.PROVINCE) -> QuerySet[Province]:
    """Provinces (or departments) with the numbers of their people and open agencies."""
    provinces = Province.objects.filter(kind=kind)
    if region:
        provinces = provinces.filter(region=region)
    if text:
        provinces = provinces.filter(Q(name_th__icontains=text) | Q(name_en__icontains=text) | Q(code__icontains=text))
    active_users = Q(memberships__active=True, memberships__user__is_active=True)
    return provinces.annotate(
        people_count=Count("memberships__user", filter=active_users, distinct=True),
        agencies_count=Count("agencies", filter=Q(agencies__active=True), distinct=True),
    ).order_by("sort_key", "code")


def departments_by_code() -> dict[str, Province]:
    """All departments by their codes, in Thai order. One query."""
    return {department.code: department for department in Province.objects.departments().order_by("sort_key")}


def api_capabilities(user: User) -> dict[int, list[Capability]]:
    """What a token of the person may be given, by the province: of those they belong to, whatever they hold there."""
    held: dict[int, set[Capability]] = {}
    for grant in user.grants if user.is_active else ():
        if grant.province_id is not None:
            held.setdefault(grant.province_id, set()).update(grant.capabilities)
    found = {province: [cap for cap in API_CAPABILITIES if cap in caps] for province, caps in held.items()}
    return {province: caps for province, caps in found.items() if caps}


def list_api_tokens(*, user: User | None = None, province: Province | None = None) -> QuerySet[ApiToken]:
    """Tokens of a person or of a province, the valid ones first, then the newest; each with its requests in all."""
    tokens = ApiToken.objects.select_related("user", "province").annotate(requests=Sum("uses__requests"))
    tokens = tokens.filter(user=user) if user else tokens
    tokens = tokens.filter(province=province) if province else tokens
    return tokens.order_by(F("revoked_at").desc(nulls_first=True), "-pk")


def list_sign_ins(user: User) -> QuerySet[SignIn]:
    """The open sessions of a person, the newest first, each with `seen_at`, a few minutes exact. One query."""
    session = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=timezone.now())
    age = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    seen = ExpressionWrapper(F("ends") - age, output_field=DateTimeField())
    found = user.sign_ins.annotate(ends=Subquery(session.values("expire_date")))
    return found.exclude(ends=None).annotate(seen_at=seen)


def is_of_department(user: User) -> bool:
    """Whether the person has a role in a department today. One query."""
    return Membership.objects.current().filter(user=user, province__kind=RespondentKind.DEPARTMENT).exists()
