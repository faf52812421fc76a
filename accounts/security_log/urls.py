"""Addresses of the security log, the same below a province and without one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import HttpResponseBase

from accounts.security_log import views

USER_PAGES: Final[tuple[tuple[str, Callable[..., HttpResponseBase], str], ...]] = (
    ("security-log/", views.security_log, "log"),
    ("security-log/export/<slug:kind>/", views.export, "log-export"),
)
