"""What the pages of both lists share: reading what was sent, and the page of a dry run."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.forms.lists import ListForm
from accounts.models import Province
from dgready.sheets.names import XLSX
from dgready.sheets.uploaded import read_uploaded_sheet
from dgready.sheets.workbook import Sheet, SheetFault

METHODS = ["GET", "HEAD", "POST"]
WRITING_KINDS = ("invite", "add", "change")  # changes that applying makes; the others say that nothing is to do
MAX_SHOWN = 200  # faults or changes listed

ParseSheet = Callable[[Sheet], tuple[Sequence[Any], list[SheetFault]]]


def read_list(form: ListForm, parse: ParseSheet) -> tuple[Sequence[Any], list[SheetFault], Any]:
    """The entries of what was sent, its faults, and how delimited text was read."""
    sheet, faults = read_uploaded_sheet(form.cleaned_data["content"], settings.WORKBOOK_LIMITS, settings.READER_LIMITS)
    if sheet is None:
        return [], faults, None
    entries, more = parse(sheet)
    return entries, [*faults, *more], sheet.read_as


def list_page(
    request: HttpRequest, province: Province, what: str, form: ListForm, *, status: int = 200, **extra: Any
) -> HttpResponse:
    """The page of a list (`what`: people or agencies) with the form, and the faults or changes of a dry run."""
    faults: Sequence[SheetFault] = extra.pop("faults", ())
    changes: Sequence[Any] = extra.pop("changes", ())
    counts = Counter(change.kind for change in changes)
    context = {
        "province": province,
        "form": form,
        "faults": faults[:MAX_SHOWN],
        "fault_count": len(faults),
        "changes": changes[:MAX_SHOWN],
        "counts": dict(counts),
        "moved": sum(counts[kind] for kind in WRITING_KINDS),
        "hidden_count": max(len(changes) - MAX_SHOWN, 0),
        "apply_url": reverse(f"accounts:{what}-import-apply", args=[province.code]),
        "template_url": reverse(f"accounts:{what}-import-template", args=[province.code]),
        "up": reverse(f"accounts:{what}", args=[province.code]),
        **extra,
    }
    return render(request, f"accounts/{what}_import.html", context, status=status)


def template_download(content: bytes, name: str) -> HttpResponse:
    """A workbook to fill in, as an attachment."""
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response
