#!/usr/bin/env python3
"""The pictures of the documents: makes a demonstration, opens the pages, writes small PNGs to docs/img.

.venv/bin/python scripts/doc_shots.py [NAME ...]
"""

from __future__ import annotations

import io
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from shots import ROOT, manage, served  # names the demonstration's own folder before Django is loaded

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

OUT = ROOT / "docs" / "img"
DESK, PHONE = (1180, 760), (390, 760)
COLOURS = 256
LARGEST = 150_000  # bytes


@dataclass(frozen=True)
class Shot:
    """A picture: who looks at which page, in which window, scrolled to what, after which steps."""

    name: str
    role: str
    path: str
    size: tuple[int, int] = DESK
    to: str = ""
    then: Callable[[Page], None] | None = None


def open_evidence(page: Page) -> None:
    """The evidence panel of the first option that has a file."""
    page.get_by_role("link", name="แนบหลักฐาน").first.click()
    page.locator("dialog .evp-file").first.wait_for()


SHOTS = (
    Shot("fill", "secretariat", "/r/{pk}/fill/2.1/", (1280, 900)),
    Shot("fill-phone", "secretariat", "/r/{pk}/fill/2.1/", PHONE, to="form.q"),
    Shot("evidence", "secretariat", "/r/{pk}/fill/2.1/", then=open_evidence),
    Shot("check", "secretariat", "/r/{pk}/check/"),
    Shot("score", "secretariat", "/r/{pk}/score/", to=".charts"),
    Shot("brief-phone", "governor", "/r/{pk}/brief/", PHONE),
    Shot("board", "secretariat", "/p/{code}/{year}/board/"),
    Shot("desk-phone", "coordinator", "/p/{code}/{year}/desk/", PHONE),
    Shot("people", "province_admin", "/p/{code}/people/"),
)


def wanted() -> set[str]:
    """The pictures there should be."""
    return {shot.name for shot in SHOTS}


def save(png: bytes, path: Path) -> None:
    """Few colours, well packed. Raises SystemExit when it is still too large."""
    from PIL import Image

    picture = Image.open(io.BytesIO(png)).convert("RGB")
    picture = picture.quantize(colors=COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    picture.save(path, optimize=True)
    if path.stat().st_size >= LARGEST:
        raise SystemExit(f"{path.name} is larger than {LARGEST} bytes")


def sign_in(page: Page, base: str, email: str) -> None:
    """By the form, as people do."""
    from demo.people import DEMO_PASSWORD

    page.goto(f"{base}/accounts/sign-in/")
    form = page.locator("form", has=page.locator("#id_username"))
    form.locator("input[name=username]").fill(email)
    form.locator("input[name=password]").fill(DEMO_PASSWORD)
    form.locator("button[type=submit]").click()


def take(browser: Browser, base: str, names: list[str]) -> None:
    """Every picture asked for."""
    from demo.people import sample_memberships
    from survey.models import Response

    response = Response.objects.select_related("round__province").get(agency=None)
    emails = {str(post.role): post.user.email for post in reversed(sample_memberships())}
    for shot in SHOTS:
        if names and shot.name not in names:
            continue
        width, height = shot.size
        size = {"width": width, "height": height}
        context = browser.new_context(viewport=size, locale="th-TH", reduced_motion="reduce")
        page = context.new_page()
        sign_in(page, base, emails[shot.role])
        page.goto(
            base + shot.path.format(pk=response.pk, code=response.round.province.code, year=response.round.year),
            wait_until="networkidle",
        )
        if shot.to:
            page.locator(shot.to).first.evaluate("e => e.scrollIntoView()")
        if shot.then:
            shot.then(page)
        save(page.screenshot(), OUT / f"{shot.name}.png")
        print(f"docs/img/{shot.name}.png", flush=True)
        context.close()


def main() -> int:
    """Make, serve, shoot."""
    import django
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        print("doc_shots: chromium is not installed", file=sys.stderr)
        return 3
    shutil.rmtree(Path(os.environ["DGREADY_VAR"]), ignore_errors=True)
    OUT.mkdir(parents=True, exist_ok=True)
    django.setup()
    manage("migrate", "--verbosity", "0")
    manage("collectstatic", "--noinput", "--verbosity", "0")
    manage("demo")
    with served() as base, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        take(browser, base, sys.argv[1:])
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
