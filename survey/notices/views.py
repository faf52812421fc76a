"""What a person has been told: the list, opening one, and whether the daily letter is wanted."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import SignedInRequest, allow, public
from accounts.roles import Capability
from accounts.views.common import paginate
from survey.models import MailChoice, Notice
from survey.notices import actions as notices
from survey.notices import letters
from survey.notices import notice_texts as notice_words

PER_PAGE = 30


@require_safe
@never_cache
@allow(Capability.PROFILE)
def listing(request: SignedInRequest) -> HttpResponse:
    """The person's notices, newest first; `?unread=1` shows those not yet read."""
    only = request.GET.get("unread") == "1"
    rows = Notice.objects.filter(user=request.user).select_related("round__province")
    rows = rows.defer("round__province__sort_key")
    page = paginate(request, rows.filter(read_at=None) if only else rows, PER_PAGE)
    chosen = MailChoice.objects.filter(user=request.user).values_list("digest", flat=True).first()
    context = {
        "page": page,
        "lines": [_notice_line(row) for row in page],
        "only": only,
        "digest": chosen is not False,
        "waiting": notices.count_unread_notices(request.user),
    }
    return render(request, "survey/notices/notices.html", context)


def _notice_line(row: Notice) -> dict[str, object]:
    kind = notice_words.NOTICE_KINDS.get(row.kind)
    return {
        "notice": row,
        "text": notice_words.notice_text(row.kind, row.data),
        "place": notices.round_label(row.round),
        "icon": kind.icon if kind else "bell",
    }


@require_POST
@allow(Capability.PROFILE)
def open_one(request: SignedInRequest, pk: int) -> HttpResponse:
    """Marks a notice as read and goes to what it is about."""
    notice = get_object_or_404(Notice, pk=pk, user=request.user)
    notices.mark_notices_read(by=request.user, notice=notice)
    # The address was made by this application; anything else stays here.
    inside = notice.url.startswith("/") and not notice.url.startswith("//")
    return redirect(notice.url if inside and "keep" not in request.POST else "survey:notices")


@require_POST
@allow(Capability.PROFILE)
def read_all(request: SignedInRequest) -> HttpResponse:
    """Marks everything as read."""
    notices.mark_notices_read(by=request.user)
    return redirect("survey:notices")


@require_POST
@allow(Capability.PROFILE)
def digest(request: SignedInRequest) -> HttpResponse:
    """Starts or stops the daily letter."""
    wanted = request.POST.get("digest") == "1"
    notices.set_digest_preference(user=request.user, digest=wanted)
    said = _("จะส่งสรุปประจำวันทางอีเมล") if wanted else _("หยุดส่งสรุปประจำวันแล้ว ยังส่งเรื่องกำหนดเวลาตามเดิม")
    messages.success(request, said)
    return redirect("survey:notices")


@csrf_exempt  # mail programs post here on their own (RFC 8058); the signed address is the proof
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@public
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Stopping the daily letter from the letter itself, without signing in."""
    owner = letters.user_of_unsubscribe_token(token)
    if owner is None:
        raise Http404
    if request.method == "POST":
        notices.set_digest_preference(user=owner, digest=False)
    with translation.override(owner.language):
        context = {"stopped": request.method == "POST", "token": token, "now": timezone.now()}
        return render(request, "survey/notices/stop.html", context)
