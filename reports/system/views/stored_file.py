"""The answer to a download: the file as it was put in, or a page that says that it is not in the store any more."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from accounts.models import Province
from dgready.downloads import Download, download_response
from dgready.stored_files import StoredFileFault
from reports.system.file_faults import report_file_fault


@dataclass(frozen=True, slots=True)
class WantedFile:
    """A file that somebody may download. `store`: the storage; `stored`: its name there; `back`: the page it is on."""

    store: str
    stored: str
    sha256: str
    name: str
    media_type: str
    back: str
    province: Province | None = None
    shown: bool = False


def stored_file_answer(request: HttpRequest, file: WantedFile) -> HttpResponseBase:
    """The file; or, when its bytes are missing or altered, a page that says so (503), and the alarm rings."""
    wanted = Download(file.store, file.stored, file.sha256, file.name, file.media_type, file.shown)
    try:
        return download_response(request, wanted)
    except StoredFileFault as fault:
        report_file_fault(fault, what=file.name, province=file.province, url=file.back)
        context = {"fault": fault, "file": file, "status": 503}
        return render(request, "reports/system/file_fault.html", context, status=503)
