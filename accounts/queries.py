"""Lists of people, agencies and provinces, each in a few queries whatever its length."""

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from accounts.models import AccountEvent, Agency, Invitation, Membership, Province, User


def _active_memberships(province: Province | None) -> QuerySet[Membership]:
    posts = Membership.objects.filter(active=True).select_related("province", "agency")
    return posts.filter(province=province) if province else posts


def list_people(province: Province | None, *, text: str = "", role: str = "", closed: bool = False) -> QuerySet[User]:
    """People with a role in the province (everybody for None), each with `posts`: active roles there."""
    posts = _active_memberships(province)
    if role:
        posts = posts.filter(role=role)
    found = User.objects.filter(is_active=not closed)
    if province or role:
        found = found.filter(pk__in=posts.values("user"))
    if text:
        found = found.filter(Q(first_name__icontains=text) | Q(last_name__icontains=text) | Q(email__icontains=text))
    return found.prefetch_related(Prefetch("memberships", queryset=_active_memberships(province), to_attr="posts"))


def find_person(province: Province | None, pk: int) -> User | None:
    """Somebody who has or had a role in the province (anybody for None), with `posts` as in people()."""
    found = User.objects.filter(pk=pk)
    if province:
        found = found.filter(memberships__province=province).distinct()
    return found.prefetch_related(
        Prefetch("memberships", queryset=_active_memberships(province), to_attr="posts")
    ).first()


def open_invitations(province: Province | None) -> QuerySet[Invitation]:
    """Invitations not yet taken up or withdrawn, late ones included; central ones for None."""
    offered = Invitation.objects.filter(province=province, used_at=None, withdrawn_at=None)
    return offered.select_related("province", "agency", "by")


def list_account_events(user: User, province: Province | None, limit: int = 20) -> QuerySet[AccountEvent]:
    """The latest lines of the log about a person; within a province only what belongs to it."""
    lines = AccountEvent.objects.filter(subject=user).select_related("by", "province")
    return lines.filter(Q(province=province) | Q(province=None) if province else Q())[:limit]


def list_agencies(province: Province, *, text: str = "", kind: str = "", closed: bool = False) -> QuerySet[Agency]:
    """Agencies of a province with the number of their coordinators (`people_count`)."""
    found = Agency.objects.filter(province=province, active=not closed)
    if kind:
        found = found.filter(kind=kind)
    if text:
        found = found.filter(Q(name_th__icontains=text) | Q(name_en__icontains=text) | Q(code__icontains=text))
    working = Q(memberships__active=True, memberships__user__is_active=True)
    return found.annotate(people_count=Count("memberships__user", filter=working, distinct=True)).order_by(
        "sort_key", "pk"
    )


def list_provinces(*, text: str = "", region: str = "") -> QuerySet[Province]:
    """Provinces with the numbers of their people and open agencies."""
    found = Province.objects.all()
    if region:
        found = found.filter(region=region)
    if text:
        found = found.filter(Q(name_th__icontains=text) | Q(name_en__icontains=text) | Q(code__icontains=text))
    working = Q(memberships__active=True, memberships__user__is_active=True)
    return found.annotate(
        people_count=Count("memberships__user", filter=working, distinct=True),
        agencies_count=Count("agencies", filter=Q(agencies__active=True), distinct=True),
    ).order_by("sort_key", "code")


def is_expired(invitation: Invitation) -> bool:
    """Whether the link has run out."""
    return invitation.expires_at <= timezone.now()
