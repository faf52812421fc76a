"""The guides of docs/ as the application shows them: which there are, for whom, and each rendered once."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse

from accounts.models import User
from accounts.roles import Capability, Role
from dgready.limits import read_text
from survey.guides.glossary import TermGroup, parse_glossary
from survey.guides.rendering import Guide, render_guide

# For everybody, in Thai and in English (docs/en); those of ADMIN_GUIDES in English alone, for who runs an installation.
USER_GUIDES: Final = (
    "start",
    "coordinator",
    "secretariat",
    "agencies",
    "evidence",
    "improve",
    "committee",
    "governor",
    "auditor",
    "admin",
    "nation",
    "departments",
    "agency-rounds",
)
ADMIN_GUIDES: Final = ("deploy", "settings", "backup", "commands", "post", "new-year", "scheme")

ROLE_GUIDES: Final[dict[Role, str]] = {
    Role.SECRETARIAT: "secretariat",
    Role.COORDINATOR: "coordinator",
    Role.GOVERNOR: "governor",
    Role.COMMITTEE: "committee",
    Role.PROVINCE_ADMIN: "admin",
    Role.CENTRAL_ADMIN: "admin",
}
FIRST_GUIDE: Final = "start"


def guide_slugs(user: User) -> tuple[str, ...]:
    """The guides a user may read: those for users, and for administrators those of the installation too."""
    return USER_GUIDES + (ADMIN_GUIDES if user.has(Capability.USERS_MANAGE) else ())


def own_guides(user: User) -> tuple[str, ...]:
    """The guides of the user's roles, each once, in the order of ROLE_GUIDES; the first steps for nobody's role."""
    roles = {grant.role for grant in user.grants}
    return tuple(dict.fromkeys(guide for role, guide in ROLE_GUIDES.items() if role in roles)) or (FIRST_GUIDE,)


def guide_language(slug: str, language: str) -> str:
    """The language in which a guide is shown to who reads `language`."""
    return "en" if slug in ADMIN_GUIDES or language == "en" else "th"


def read_guide(slug: str, language: str = "th") -> Guide:
    """A guide, rendered once per process. `slug`: of USER_GUIDES or ADMIN_GUIDES, never typed text."""
    return _read_guide(slug, slug in USER_GUIDES and language == "en")


@lru_cache(maxsize=64)
def _read_guide(slug: str, translated: bool) -> Guide:
    folder = settings.BASE_DIR / "docs"
    return render_guide(
        slug,
        read_text((folder / "en" if translated else folder) / f"{slug}.md"),
        link=_guide_address,
        picture=lambda name: static(f"guides/{name}"),
    )


@lru_cache(maxsize=512)
def anchor_in(slug: str, anchor: str, language: str) -> str:
    """The anchor of a heading of a Thai guide in another language: the heading at the same place of the translation."""
    if not anchor or guide_language(slug, language) == "th":
        return anchor
    anchors = [section.anchor for section in read_guide(slug).sections]
    return read_guide(slug, language).sections[anchors.index(anchor)].anchor


@lru_cache(maxsize=1)
def read_glossary() -> tuple[TermGroup, ...]:
    """The terms of the glossary, in its groups."""
    return parse_glossary(read_text(settings.BASE_DIR / "docs" / "glossary.md"))


def _guide_address(page: str, anchor: str) -> str | None:
    """The address of a page named in a guide; None where the application does not show it."""
    slug = page.removeprefix("../").removesuffix(".md")
    if slug == "glossary":
        return reverse("survey:glossary")
    if page and slug not in USER_GUIDES + ADMIN_GUIDES:
        return None
    return (reverse("survey:guide", args=[slug]) if page else "") + (f"#{anchor}" if anchor else "")
