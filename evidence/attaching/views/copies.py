"""Views for the copy of what a web address showed: keep, hand out, take off, bring back."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from dgready.posting import post_only
from dgready.store_away import StoreAwayError, ask_to_retry, store_away_text
from evidence import access
from evidence.attaching import actions
from evidence.attaching.views.files import hand_out, reads
from evidence.attaching.views.place import panel_of_attachment
from evidence.attaching.views.undoing import copy_removal, undo_copy_removal
from evidence.files.names import FILE_EXTENSIONS
from evidence.files.refusal import EvidenceRefused

edits = allow(Capability.ANSWER_EDIT, Capability.CONTRIBUTION_EDIT)


@require_safe
@reads
def download(request: SignedInRequest, pk: int, public_id: UUID) -> HttpResponseBase:
    """The copy, always to be saved, never to be shown as part of this site."""
    attachment = access.get_attachment(request.user, pk, public_id, Capability.RESPONSE_READ)
    file = attachment.copy
    if file is None:
        raise Http404
    name = _("สำเนาหน้าเว็บ") + f"-{str(public_id)[:8]}.{FILE_EXTENSIONS.get(file.kind, file.kind)}"
    return hand_out(request, attachment, file, name)


@post_only("evidence:listing", "pk")
@edits
def keep(request: SignedInRequest, pk: int, public_id: UUID) -> HttpResponse:
    """Keeps a print or a picture of the page."""
    panel, attachment = panel_of_attachment(request, pk, public_id)

    def save() -> None:
        upload = request.FILES.get("copy")
        if upload is None:
            raise EvidenceRefused("copy", _("ยังไม่ได้เลือกไฟล์"))
        actions.keep_copy(by=request.user, attachment=attachment, upload=upload)

    try:
        return panel.attempt(save, _("เก็บสำเนาของหน้าเว็บแล้ว"), f"k{public_id}", str(public_id))
    except StoreAwayError:
        panel.problem = str(store_away_text())
        return ask_to_retry(panel.show(503))


@post_only("evidence:listing", "pk")
@edits
def remove(request: SignedInRequest, pk: int, public_id: UUID) -> HttpResponse:
    """Takes the copy off."""
    panel, attachment = panel_of_attachment(request, pk, public_id)

    def remove_it() -> None:
        removal = actions.remove_copy(by=request.user, attachment=attachment)
        panel.undo = undo_copy_removal(attachment, removal) if removal else None

    return panel.attempt(remove_it, _("นำสำเนาของหน้าเว็บออกแล้ว"))


@post_only("evidence:listing", "pk")
@edits
def restore(request: SignedInRequest, pk: int, public_id: UUID, number: int) -> HttpResponse:
    """Brings a copy back; `number`: the event by which it was taken off."""
    panel, attachment = panel_of_attachment(request, pk, public_id)
    removal = copy_removal(attachment.response, number, str(public_id))
    if removal is None:
        raise Http404
    return panel.attempt(
        lambda: actions.restore_copy(by=request.user, attachment=attachment, removal=removal),
        _("นำสำเนาของหน้าเว็บกลับมาแล้ว"),
    )
