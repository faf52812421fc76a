"""View that writes a message to people of many provinces and leads to its preview."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import SignedInRequest, allow
from accounts.made_once import made_once
from accounts.roles import Capability
from dgready.lazy_values import LazyValues
from nation.bulk import actions
from nation.bulk.forms import MessageForm
from nation.bulk.views.acts import province_codes, too_many_text
from nation.bulk.views.choosing import choosing_context, require_year, sent_codes
from nation.models import BulkAct


@require_http_methods(["GET", "HEAD", "POST"])
@allow(Capability.NATION_MANAGE)
@made_once
def message(request: SignedInRequest, year: int) -> HttpResponse:
    """Title, text, roles and provinces. Sends nothing: the preview says to how many people it would go."""
    require_year(request, year)
    if request.method != "POST":
        fields = LazyValues("message", lambda: {"form": MessageForm(codes=())})
        context = {**choosing_context(year, request.GET), "fields": fields}
        return render(request, "nation/bulk/message.html", context)
    form = MessageForm(request.POST, codes=province_codes())
    if form.is_valid():
        kind, codes = BulkAct.Kind.MESSAGE, form.cleaned_data["provinces"]
        try:
            act = actions.draft_act(by=request.user, kind=kind, year=year, codes=codes, params=form.params())
        except actions.TooManyMessages:
            form.add_error(None, too_many_text())
        else:
            return redirect("nation:act", year, act.pk)
    context = {**choosing_context(year, request.GET, sent_codes(request.POST)), "form": form}
    return render(request, "nation/bulk/message.html", context, status=422)
