"""While no database can be written to: which faults mean that, and what is answered until one leads again.

A primary that has gone, a server that starts or stops, a standby that is not promoted yet, one with no connection left:
all pass by themselves, so the answer is 503 with the time after which to ask again. It is made without database,
session or cache, and in no view: by `server_error` for pages, by the gate for the API.
"""

from __future__ import annotations

import sqlite3
from typing import Any, Final

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.template.loader import render_to_string

from dgready.http import is_script_request
from dgready.page_owner import read_owner, typed_lines
from dgready.store_away import ask_to_retry

# Codes of PostgreSQL: stopped by an administrator, after a crash, still starting; no connection left; a standby.
_AWAY_CODES: Final = frozenset({"57P01", "57P02", "57P03", "53300", "25006"})
_CONNECTION_CLASS: Final = "08"
_DRIVER: Final = "psycopg2"
_CLOSED: Final = "connection already closed"  # what the driver says of a line that it has seen end


def is_database_away(fault: BaseException | None) -> bool:
    """Whether a fault means that no database takes a write now; not a lock, a limit of time or a wrong statement."""
    seen: set[int] = set()
    while fault is not None and id(fault) not in seen:
        seen.add(id(fault))
        if _says_away(fault):
            return True
        fault = fault.__cause__ or (fault.__context__ if _is_of_database(fault) else None)
    return False


def _is_of_database(fault: BaseException) -> bool:
    return type(fault).__module__.startswith(("django.db", _DRIVER))


def _says_away(fault: Any) -> bool:
    """By what the driver tells: a code of the server; none where the line could not be opened, or was cut.

    The classes are asked by name, since an installation on SQLite does not load the driver of PostgreSQL.
    """
    if isinstance(fault, sqlite3.OperationalError):
        return getattr(fault, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_CANTOPEN
    kinds = {kind.__name__ for kind in type(fault).__mro__ if kind.__module__.startswith(_DRIVER)}
    code: str | None = getattr(fault, "pgcode", None)
    if not kinds or code is not None:
        return bool(kinds) and (code in _AWAY_CODES or str(code).startswith(_CONNECTION_CLASS))
    return "OperationalError" in kinds or ("InterfaceError" in kinds and str(fault).startswith(_CLOSED))


def tell_database_away(request: HttpRequest) -> HttpResponse:
    """The answer with 503: a page with what was typed into one of ours, or JSON for a page's script."""
    _leave_session(request)
    if is_script_request(request):
        response: HttpResponse = JsonResponse({"error": "away"})
    else:
        # Without the request: the layout would ask who reads it.
        told = {"status": 503, "database": True, "sent": request.method == "POST", "lines": _typed(request)}
        response = HttpResponse(render_to_string("503.html", told))
    response["Cache-Control"] = "private, no-store"
    return ask_to_retry(response)


def _leave_session(request: HttpRequest) -> None:
    """Nothing is written into the session on the way out: it would wait for the database once more."""
    request.is_poll = True  # type: ignore[attr-defined]  # what dgready.middleware does not extend a session for
    if hasattr(request, "session"):
        request.session.modified = False


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    try:
        # Only of a page of ours: the fault may have come before the check of where a form comes from.
        return list(typed_lines(request)) if request.method == "POST" and read_owner(request) else []
    except (UnreadablePostError, MultiPartParserError, SuspiciousOperation):
        return []
