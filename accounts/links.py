"""URLs of pages that exist below a province and, for central roles, without one."""

from typing import Any

from django.urls import reverse

from accounts.models import Province


def scope_url(name: str, province: Province | None, *args: Any) -> str:
    """URL of the page `name` of a province, or of its central counterpart for None."""
    if province is None:
        return reverse(f"accounts:central-{name}", args=args)
    return reverse(f"accounts:{name}", args=[province.code, *args])
