"""The embargo: who may see figures of other provinces. Asked by every page, paper, file and address that shows any.

Closed until the centre releases. The centre sees everything at any time; a province sees its own figures always, and of
the others only what a release says, from its release on; the public sees a release only while the centre shows it.
"""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db.models import OuterRef, QuerySet, Subquery

from accounts.access import ALL_PROVINCES, province_ids_with_capability
from accounts.models import User
from accounts.roles import Capability
from nation.models import Release, ReleasePublication


def sees_live_figures(user: User | AnonymousUser) -> bool:
    """Whether the person sees what is counted now, released or not, and which provinces are behind a figure.

    Only the centre. No query beyond the person's roles.
    """
    return isinstance(user, User) and province_ids_with_capability(user, Capability.NATION_READ) is ALL_PROVINCES


def may_see_national(user: User | AnonymousUser, year: int) -> bool:
    """Whether the person may see national figures of that year: the centre always, others once there is a release.

    True for somebody who is not of the centre (`sees_live_figures`) means: the content of `released_version`, and
    nothing that is counted now. One query at most.
    """
    if sees_live_figures(user):
        return True
    return isinstance(user, User) and user.has(Capability.REPORT_READ) and releases_of(year).exists()


def releases_of(year: int) -> QuerySet[Release]:
    """The releases of a year, newest first, without their content."""
    return Release.objects.filter(year=year).defer("content").order_by("-number")


def released_version(year: int) -> Release | None:
    """The newest release of a year, without its content until that is asked for. One query."""
    return releases_of(year).first()


def public_releases(year: int) -> QuerySet[Release]:
    """The releases of a year that the centre shows to everybody now, newest first; none unless it said so."""
    acts = ReleasePublication.objects.filter(release=OuterRef("pk")).order_by("-pk")
    return releases_of(year).annotate(shown=Subquery(acts.values("shown")[:1])).filter(shown=True)
