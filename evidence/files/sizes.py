"""Formatting of file sizes."""

from __future__ import annotations

from django.utils.translation import gettext


def format_size(size: int) -> str:
    """A number of bytes in the usual unit: 50 MB, 1.4 MB, 12 KB."""
    if size < 1024:
        return gettext("%(n)d ไบต์") % {"n": size}
    if size < 1024**2:
        return f"{size / 1024:.0f} KB"
    unit, power = ("GB", 3) if size >= 1024**3 else ("MB", 2)
    return f"{size / 1024**power:.1f}".removesuffix(".0") + f" {unit}"
