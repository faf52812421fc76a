"""Helpers for views: forms with status 422, confirmation pages, pagination."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from accounts.actions import RefusedError
from accounts.models import Agency, Province
from dgready.counted_rows import CountedRows

PER_PAGE = 30


def render_form(request: HttpRequest, template: str, form: Any, **context: Any) -> HttpResponse:
    """Render a page with a form; status 422 when the form has errors."""
    status = 422 if form.is_bound and form.errors else 200
    return render(request, template, {"form": form, **context}, status=status)


def try_action(form: forms.BaseForm, action: Callable[[], object]) -> bool:
    """Run an action; a RefusedError becomes an error of the form. Returns whether it succeeded."""
    try:
        action()
    except RefusedError as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def confirm_action(
    request: HttpRequest, action: Callable[[], object], *, back: str, danger: bool = True, **texts: str
) -> HttpResponseBase:
    """Confirmation page before an action: GET shows the question (title, question, button), POST acts and goes back."""
    context = {"back": back, "danger": danger, "refusal": "", **texts}
    if request.method == "POST":
        try:
            action()
        except RefusedError as refusal:
            return render(request, "accounts/confirm.html", {**context, "refusal": str(refusal)}, status=422)
        return redirect(back)
    return render(request, "accounts/confirm.html", context)


def paginate(request: HttpRequest, rows: QuerySet[Any] | CountedRows[Any], per_page: int = PER_PAGE) -> Page[Any]:
    """The page of a list that `?page=` asks for; a wrong number gives the nearest page."""
    return Paginator(rows, per_page).get_page(request.GET.get("page"))


def cleaned_values(form: Any, instance: Agency | Province) -> dict[str, Any]:
    """The values of a form as the actions take them."""
    # Validation wrote into the instance; the action reads what is stored itself.
    return {name: getattr(instance, name) for name in form.cleaned_data}
