"""The tus server: evidence comes in parts, and goes on where it was cut off."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.urls import reverse
from django.utils.http import http_date

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from evidence.files.refusal import EvidenceRefused
from evidence.models import ResumableUpload, UploadState
from evidence.uploading import actions, finishing, protocol, queries
from evidence.uploading.parts import PartBusyError

edits = allow(Capability.ANSWER_EDIT, Capability.CONTRIBUTION_EDIT)
STATUS_OF_REFUSAL = {"size": 413, "quota": 413, "open": 429, "busy": 503, "closed": 409}


def _speaks_tus(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """View decorator: faults of protocol and refusals as answers, and the headers that every answer has."""

    @wraps(view)
    def answered(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except protocol.ProtocolFault as fault:
            response = JsonResponse({"error": fault.why}, status=fault.status)
            response["Tus-Version"] = protocol.VERSION
        except EvidenceRefused as refused:
            status = STATUS_OF_REFUSAL.get(refused.reason, 422)
            response = JsonResponse({"refused": str(refused), "reason": refused.reason}, status=status)
        except actions.OffsetConflict as conflict:
            response = JsonResponse({"error": "the part begins elsewhere"}, status=409)
            response["Upload-Offset"] = str(conflict.offset)
        except actions.PartTooLong:
            response = JsonResponse({"error": "the part is longer than what is missing"}, status=413)
        except PartBusyError:
            response = JsonResponse({"error": "another request is at this upload"}, status=423)
        response["Tus-Resumable"] = protocol.VERSION
        response["Cache-Control"] = "no-store"
        return response

    return answered


@edits
@_speaks_tus
def uploads(request: SignedInRequest) -> HttpResponse:
    """OPTIONS: what this server can do. POST begins an upload. GET: how much one may send."""
    if request.method == "POST":
        return _create(request)
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        return HttpResponseNotAllowed(["GET", "OPTIONS", "POST"])
    is_asked = request.method != "OPTIONS"
    response = JsonResponse({"max_bytes": settings.EVIDENCE_MAX_BYTES}) if is_asked else HttpResponse(status=204)
    response["Tus-Version"] = protocol.VERSION
    response["Tus-Extension"] = protocol.EXTENSIONS
    response["Tus-Max-Size"] = str(settings.EVIDENCE_MAX_BYTES)
    return response


@edits
@_speaks_tus
def upload(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """HEAD: how far it is. PATCH takes a part. DELETE gives it up. GET: what became of it, for the page's script."""
    own = queries.get_upload(request.user, public_id)
    if request.method == "GET":
        return JsonResponse(_state(own))
    if request.method == "OPTIONS":
        return HttpResponse(status=204)
    if request.method not in ("HEAD", "PATCH", "DELETE"):
        return HttpResponseNotAllowed(["DELETE", "GET", "HEAD", "OPTIONS", "PATCH"])
    protocol.require_version(request.headers)
    if request.method == "PATCH":
        return _take_part(request, own)
    if request.method == "DELETE":
        return _terminate(request, own)
    return _with_progress(HttpResponse(status=200), own)


def _create(request: SignedInRequest) -> HttpResponse:
    protocol.require_version(request.headers)
    length = protocol.read_number(request.headers, "Upload-Length")
    metadata = protocol.read_metadata(request.headers.get("Upload-Metadata", ""), settings.UPLOAD_LIMITS.metadata)
    size = _body_size(request)
    if size:
        protocol.require_part_type(request.content_type)
    made = actions.create_upload(by=request.user, length=length, metadata=metadata)
    if size and length:
        made = actions.take_part(by=request.user, upload=made, offset=0, body=request, size=size)
    finishing.finish_soon(made)
    response = _with_progress(HttpResponse(status=201), made)
    response["Location"] = reverse("evidence:upload", args=[made.public_id])
    return response


def _take_part(request: SignedInRequest, own: ResumableUpload) -> HttpResponse:
    protocol.require_part_type(request.content_type)
    offset, size = protocol.read_number(request.headers, "Upload-Offset"), _body_size(request)
    taken = actions.take_part(by=request.user, upload=own, offset=offset, body=request, size=size)
    finishing.finish_soon(taken)
    return _with_progress(HttpResponse(status=204), taken)


def _terminate(request: SignedInRequest, own: ResumableUpload) -> HttpResponse:
    if own.state == UploadState.COMPLETE:
        return JsonResponse({"error": "it is complete and being looked at"}, status=409)
    actions.terminate_upload(by=request.user, upload=own)
    return HttpResponse(status=204)


def _body_size(request: SignedInRequest) -> int:
    text = request.META.get("CONTENT_LENGTH") or "0"
    return int(text) if str(text).isdecimal() else 0


def _with_progress(response: HttpResponse, own: ResumableUpload) -> HttpResponse:
    response["Upload-Offset"] = str(actions.safe_offset(own))
    response["Upload-Length"] = str(own.length)
    if own.state == UploadState.RECEIVING:
        response["Upload-Expires"] = http_date(own.expires_at.timestamp())
    return response


def _state(own: ResumableUpload) -> dict[str, Any]:
    return {
        "state": own.state,
        "offset": actions.safe_offset(own),
        "length": own.length,
        "reason": own.reason,
        "result": own.result,
    }
