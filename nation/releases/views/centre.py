"""The centre's views of releases: versions with what each changed, a new one, showing one to the public."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import SignedInRequest, allow, require_central
from accounts.actions import verify_password
from accounts.actions.log import RefusedError
from accounts.made_once import made_once
from accounts.models import User
from accounts.roles import Capability
from accounts.second_factor.gate import asks_second_factor_again
from dgready.posting import post_only
from dgready.undo import Undo
from nation.agency_rounds.queries import is_agency_year
from nation.facts.types import EACH_AGENCY
from nation.models import Release
from nation.national.choices import GROUP_NAMES, member_label
from nation.releases import actions, queries
from nation.releases.content import told_members
from nation.releases.embargo import released_version, releases_of
from nation.releases.forms import ReleaseForm
from nation.releases.queries import NewRelease, NothingToRelease, PreviewOutdated
from nation.releases.views.changes import show_changes

SHOWN_CHANGES: Final = 100  # changed figures on a page; the file of the release has all


@require_safe
@allow(Capability.NATION_READ)
def releases(request: SignedInRequest, year: int) -> HttpResponse:
    """The versions of a year, newest first, with their notes and whether the public sees them."""
    require_central(request.user, Capability.NATION_READ)
    acts = queries.read_publications(year)
    rows = [(one, acts.get(one.pk)) for one in releases_of(year).select_related("by")]
    context = {
        "year": year,
        "agency_year": is_agency_year(year),
        "rows": rows,
        "may_manage": request.user.has(Capability.NATION_MANAGE),
    }
    return render(request, "nation/releases/releases.html", context)


@require_safe
@allow(Capability.NATION_READ)
def release(request: SignedInRequest, year: int, version: str) -> HttpResponse:
    """One version: its notes, its checksum, the figures that it changed."""
    row = _get_release(request.user, year, version, Capability.NATION_READ)
    before = releases_of(year).filter(number__lt=row.number).first()
    changes = None if before is None else queries.changes_between(before, row)
    act = queries.read_publications(year).get(row.pk)
    content = queries.content_of(row)
    context = {
        "year": year,
        "release": row,
        "intact": queries.is_intact(row),
        "provinces": content["provinces"],
        "scores": "scores" in content,
        "left_out": _left_out(content["left_out"]),
        "before": before,
        "changes": changes and show_changes(changes, SHOWN_CHANGES),
        "act": act,
        "shown": act is not None and act.shown,
        "undo": _undo(request, row, act is not None and act.shown),
        "may_manage": request.user.has(Capability.NATION_MANAGE),
    }
    return render(request, "nation/releases/release.html", context)


def _undo(request: SignedInRequest, row: Release, shown: bool) -> Undo | None:
    """After it was shown to the public or withdrawn, the way back."""
    done = request.GET.get("done")
    if done == "shown" and shown:
        return Undo(_("เปิดให้ทุกคนอ่านแล้ว"), _act_address(row, "withdraw"))
    if done == "withdrawn" and not shown:
        return Undo(_("ไม่ให้คนทั่วไปอ่านแล้ว"), _act_address(row, "show"))
    return None


def _act_address(row: Release, act: str) -> str:
    return reverse(f"nation:release-{act}", args=[row.year, row.version])


def _left_out(left_out: dict[str, list[str]]) -> str:
    """The groups that are not told, in words."""
    return ", ".join(
        f"{GROUP_NAMES[group]}: {member_label(group, member)}"
        for group, members in left_out.items()
        for member in members
    )


def _get_release(user: User, year: int, version: str, cap: Capability) -> Release:
    require_central(user, cap)
    row = queries.find_release(year, version)
    if row is None:
        raise Http404
    return row


@require_safe
@allow(Capability.NATION_READ)
def release_file(request: SignedInRequest, year: int, version: str) -> HttpResponse:
    """The content of a release as it is stored, byte for byte: its SHA-256 is that of the release."""
    row = _get_release(request.user, year, version, Capability.NATION_READ)
    headers = {"Content-Disposition": f'attachment; filename="national-{year}-{row.version}.json"'}
    return HttpResponse(row.content.encode(), content_type="application/json", headers=headers)


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@allow(Capability.NATION_MANAGE)
@asks_second_factor_again
@made_once
def release_new(request: SignedInRequest, year: int) -> HttpResponse:
    """What a new version would hold and change; a post with notes and password makes it as it was shown."""
    require_central(request.user, Capability.NATION_MANAGE)
    form = ReleaseForm(request.POST or None)
    try:
        if request.method == "POST":
            return _make(request, year, form)
        return _new_page(request, year, form, queries.preview_release(year))
    except NothingToRelease as nothing:
        context = {"year": year, "agencies": getattr(nothing, "agencies", 0)}
        return render(request, "nation/releases/nothing.html", context, status=404)


def _make(request: SignedInRequest, year: int, form: ReleaseForm) -> HttpResponse:
    status = 422
    if form.is_valid() and not verify_password(request.user, form.cleaned_data["password"], request=request):
        form.add_error("password", _("รหัสผ่านไม่ถูกต้อง"))
    if not form.errors:
        given = form.cleaned_data
        try:
            new = queries.compose_release(year, scores=given["scores"], seen=request.POST.get("seen") or "-")
            row = actions.make_release(by=request.user, year=year, new=new, notes=given["notes"])
        except PreviewOutdated:
            status = 409
            form.add_error(None, _("ตัวเลขเปลี่ยนหลังจากที่ท่านเปิดหน้านี้ ดูตัวอย่างใหม่ด้านล่างก่อน"))
        except RefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("เผยแพร่รุ่น %(version)s แก่จังหวัดแล้ว") % {"version": row.version})
            return redirect("nation:release", year, row.version)
    return _new_page(request, year, form, queries.preview_release(year), status)


def _new_page(
    request: SignedInRequest, year: int, form: ReleaseForm, new: NewRelease, status: int = 200
) -> HttpResponse:
    last = released_version(year)
    if new.content.get("answered_by") == EACH_AGENCY:
        form.fields["scores"].label = _("บอกคะแนนเฉลี่ยของแต่ละจังหวัดด้วย")
    changes = queries.changes_of_preview(last, new.content)
    sizes = queries.group_sizes(year)
    told = {group: told_members(new.content["provinces"], members) for group, members in sizes.items()}
    left_out = {group: [one for one in members if one not in told[group]] for group, members in sizes.items()}
    context: dict[str, Any] = {
        "year": year,
        "form": form,
        "seen": new.sha256,
        "provinces": new.content["provinces"],
        "invited": new.content["invited"],
        "blocks": len(new.content["blocks"]),
        "by_agencies": new.content.get("answered_by") == EACH_AGENCY,
        "left_out": _left_out(left_out),
        "last": last,
        "version": f"1.{last.number + 1}" if last else "1.0",
        "changes": changes and show_changes(changes, SHOWN_CHANGES),
        "same": changes is not None and not changes,
    }
    return render(request, "nation/releases/new.html", context, status=status)


def _page_of(request: SignedInRequest, year: int, version: str) -> str:
    return reverse("nation:release", args=[year, version])


@post_only(_page_of)
@allow(Capability.NATION_MANAGE)
def release_show(request: SignedInRequest, year: int, version: str) -> HttpResponse:
    """Shows a release to everybody."""
    return _publish(request, year, version, shown=True)


@post_only(_page_of)
@allow(Capability.NATION_MANAGE)
def release_withdraw(request: SignedInRequest, year: int, version: str) -> HttpResponse:
    """Withdraws a release from the public."""
    return _publish(request, year, version, shown=False)


def _publish(request: SignedInRequest, year: int, version: str, *, shown: bool) -> HttpResponse:
    row = _get_release(request.user, year, version, Capability.NATION_MANAGE)
    act = actions.show_release if shown else actions.withdraw_release
    page = _page_of(request, year, version)
    try:
        act(by=request.user, release=row)
    except RefusedError as refusal:
        messages.info(request, str(refusal))
        return redirect(page)
    return redirect(f"{page}?done={'shown' if shown else 'withdrawn'}")
