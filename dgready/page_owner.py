"""The person a page was made for: sent along with every form, so that nothing is saved in the name of somebody else.

Somebody who signs in as another person in a second window leaves pages of the first one behind. `{% csrf_token %}`
writes the owner into every form (dgready.templatetags.page_owner); the middleware refuses what comes from the page of
another person, with both names and with what was typed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, TypeVar

from django.contrib.auth import get_user_model
from django.core.signing import BadSignature, Signer
from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse, UnreadablePostError
from django.shortcuts import render
from django.utils.translation import gettext as _

from dgready.http import is_script_request

OWNER_FIELD: Final = "_owner"
OWNER_HEADER: Final = "X-Page-Owner"
_OWNER_KEY: Final = "HTTP_X_PAGE_OWNER"  # the same: `request.headers` copies all headers of a request first
# Acts that hold no text and are right whoever pressed them.
_UNOWNED_VIEWS: Final = {"accounts:sign-out", "set_language"}
_HIDDEN_NAMES: Final = ("_", "csrfmiddlewaretoken", "next", "password", "old_password", "new_password")
_SIGNER: Final = Signer(salt="dgready.page-owner")
_REFUSAL_ATTRIBUTE: Final = "dgready_refuse_owner"

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
Refusal = Callable[..., HttpResponseBase]


def page_owner(user: Any) -> str:
    """The signed key of the person a page is made for; empty for nobody. Signed, so that nobody can ask for names."""
    return _SIGNER.sign(str(user.pk)) if user is not None and user.is_authenticated else ""


def read_owner(request: HttpRequest) -> str:
    """The key of the person whose page sent this request; empty where the page said nothing that is true."""
    try:
        return _SIGNER.unsign(request.META.get(_OWNER_KEY) or request.POST.get(OWNER_FIELD, ""))
    except (BadSignature, UnreadablePostError):
        return ""


def refuses_with(refusal: Refusal) -> Callable[[View], View]:
    """View decorator: what comes from another person's page is answered by `refusal(request, message, **kwargs)`.

    For pages that can show what was typed under the names of its fields. It may raise Http404.
    """

    def decorate(view: View) -> View:
        setattr(view, _REFUSAL_ATTRIBUTE, refusal)
        return view

    return decorate


class PageOwner:
    """Middleware that refuses posts from a page which was made for somebody else.

    It stands before the CSRF check, which would refuse an old page with less to say.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Return None to go on, or the refusal."""
        if request.method != "POST" or not (owner := read_owner(request)) or not request.user.is_authenticated:
            return None
        match = request.resolver_match
        if owner == str(request.user.pk) or (match is not None and match.view_name in _UNOWNED_VIEWS):
            return None
        message = _other_owner_text(request, owner)
        if is_script_request(request):
            return JsonResponse({"refused": message, "other_owner": True}, status=403)
        if refusal := getattr(view, _REFUSAL_ATTRIBUTE, None):
            try:
                return refusal(request, message, **kwargs)
            except Http404:
                pass  # not theirs to see: said without it
        return render(
            request, "other_owner.html", {"message": message, "lines": list(typed_lines(request))}, status=403
        )


def _other_owner_text(request: HttpRequest, owner: str) -> str:
    person = get_user_model()._default_manager.filter(pk=owner).first()
    names = {"owner": person or _("ผู้ใช้อื่น"), "user": request.user}
    return _("หน้านี้เปิดไว้ในชื่อ %(owner)s แต่ขณะนี้ผู้ที่เข้าสู่ระบบในเบราว์เซอร์นี้คือ %(user)s จึงยังไม่ได้บันทึก") % names


def typed_lines(request: HttpRequest) -> Iterator[tuple[str, str]]:
    """What a form sent, as numbered lines to copy from; passwords and hidden machinery aside."""
    texts = [
        str(value)
        for name, values in request.POST.lists()
        if not name.startswith(_HIDDEN_NAMES)
        for value in values
        if str(value).strip()
    ]
    for number, text in enumerate(texts, start=1):
        yield _("ช่องที่ %(number)d") % {"number": number}, text
