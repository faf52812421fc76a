"""Addresses of pages that exist below a province and, for central roles, without one."""

from typing import Any

from django.urls import reverse

from accounts.models import Province


def scope_url(name: str, province: Province | None, *args: Any) -> str:
    """The page `name` of a province, or its central twin for None."""
    if province is None:
        return reverse(f"accounts:central-{name}", args=args)
    return reverse(f"accounts:{name}", args=[province.code, *args])
