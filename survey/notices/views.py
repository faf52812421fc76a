"""Pages of a user's notices: list, open one, daily digest on or off."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import SignedInRequest, allow, public
from accounts.actions import RefusedError
from accounts.post.giving_up import send_again
from accounts.roles import Capability
from accounts.views.common import paginate
from dgready.lazy_values import LazyValues
from dgready.posting import post_only
from dgready.templatetags.keep import digest_of
from survey.models import Notice
from survey.notices import actions as notices
from survey.notices import letters
from survey.notices.queries import listed_notices, notice_lines, wants_digest
from survey.notices.undelivered import count_undelivered, count_waiting, get_undelivered, undelivered_letters

PER_PAGE = 30


@require_safe
@never_cache
@allow(Capability.PROFILE)
def listing(request: SignedInRequest) -> HttpResponse:
    """The user's notices, newest first; `?unread=1` shows those not yet read."""
    unread_only = request.GET.get("unread") == "1"
    page = paginate(request, listed_notices(request.user, unread_only=unread_only), PER_PAGE)
    rows, today = list(page), timezone.localdate()
    context = {
        "page": page,
        # The texts tell how many days are left: of the clock they show the day alone.
        "listed": LazyValues((digest_of(rows), today), lambda: {"lines": notice_lines(rows, today)}),
        "unread_only": unread_only,
        "digest": wants_digest(request.user),
        "waiting": notices.count_unread_notices(request.user),
    }
    return render(request, "survey/notices/notices.html", context)


@post_only("survey:notices")
@allow(Capability.PROFILE)
def open_one(request: SignedInRequest, pk: int) -> HttpResponse:
    """Mark a notice as read and redirect to what it is about."""
    notice = get_object_or_404(Notice, pk=pk, user=request.user)
    notices.mark_notices_read(by=request.user, notice=notice)
    # The address was made by this application; anything else stays here.
    is_local = notice.url.startswith("/") and not notice.url.startswith("//")
    return redirect(notice.url if is_local and "keep" not in request.POST else "survey:notices")


@post_only("survey:notices")
@allow(Capability.PROFILE)
def read_all(request: SignedInRequest) -> HttpResponse:
    """Mark all notices of the user as read."""
    notices.mark_notices_read(by=request.user)
    return redirect("survey:notices")


@post_only("survey:notices")
@allow(Capability.PROFILE)
def digest(request: SignedInRequest) -> HttpResponse:
    """Turn the daily digest on or off."""
    wanted = request.POST.get("digest") == "1"
    notices.set_digest_preference(user=request.user, digest=wanted)
    message = _("จะส่งสรุปประจำวันทางอีเมล") if wanted else _("หยุดส่งสรุปประจำวันแล้ว ยังส่งเรื่องกำหนดเวลาตามเดิม")
    messages.success(request, message)
    return redirect("survey:notices")


@require_safe
@never_cache
@allow(Capability.USERS_MANAGE)
def undelivered(request: SignedInRequest) -> HttpResponse:
    """The letters that could not be sent and were given up: to whom, about what, why; each can be sent again."""
    lines = undelivered_letters(request.user)
    more = count_undelivered(request.user) - len(lines)
    context = {"lines": lines, "more": more, "waiting": count_waiting(request.user)}
    return render(request, "survey/notices/undelivered.html", context)


@post_only("survey:letters")
@allow(Capability.USERS_MANAGE)
def letter_again(request: SignedInRequest, source: str, pk: int) -> HttpResponse:
    """Have a letter that was given up sent again."""
    outbox, letter = get_undelivered(request.user, source, pk)
    try:
        send_again(by=request.user, outbox=outbox, letter=letter)
        messages.success(request, _("กำลังส่งถึง %(email)s อีกครั้ง") % {"email": letter.address})
    except RefusedError:
        messages.info(request, _("อีเมลนี้ส่งแล้วหรือกำลังรอส่งอยู่"))
    return redirect("survey:letters")


@csrf_exempt  # mail programs post here on their own (RFC 8058); the signed address is the proof
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@public
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Turn the daily digest off from a link in an e-mail, without signing in."""
    user = letters.user_of_unsubscribe_token(token)
    if user is None:
        raise Http404
    if request.method == "POST":
        notices.set_digest_preference(user=user, digest=False)
    with translation.override(user.language):
        context = {"stopped": request.method == "POST", "token": token, "now": timezone.now()}
        return render(request, "survey/notices/stop.html", context)
