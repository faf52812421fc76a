#!/usr/bin/env python3
"""The screenshots in the documents: makes a demonstration, opens the pages, writes small PNGs to docs/img.

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

from shots import ROOT, run_manage, serve_demonstration  # names the demonstration's own folder before Django is loaded

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

OUTPUT_FOLDER = ROOT / "docs" / "img"
DESKTOP, PHONE = (1180, 760), (390, 760)  # window sizes in pixels
COLOURS = 256
MAX_BYTES = 150_000  # bytes


@dataclass(frozen=True)
class Screenshot:
    """A screenshot: the role, the page, the window, the element scrolled to, and steps before it is taken."""

    name: str
    role: str
    path: str
    size: tuple[int, int] = DESKTOP
    scroll_to: str = ""
    before: Callable[[Page], None] | None = None


def open_evidence(page: Page) -> None:
    """The evidence panel of the first option that has a file; a question that is answered is folded."""
    folded = page.locator("details", has=page.locator("a.ev-add")).first
    folded.locator("> summary").click()
    folded.get_by_role("link", name="แนบหลักฐาน").first.click()
    page.locator("dialog .evp-file").first.wait_for()


def open_entry(page: Page) -> None:
    """Typing in a paper: a photographed page stands for the scan."""
    # imported here: only this script needs it
    from PIL import Image, ImageDraw

    sheet = Image.new("RGB", (840, 1188), "#fffdf6")
    drawing = ImageDraw.Draw(sheet)
    for line in range(20):
        drawing.line([(70, 90 + line * 52), (770, 90 + line * 52)], fill="#c9c4b4", width=3)
        drawing.rectangle([70, 54 + line * 52, 94, 78 + line * 52], outline="#1c2033", width=3)
    out = io.BytesIO()
    sheet.save(out, "JPEG")
    paper = {"name": "paper.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}
    page.locator("#en-file").set_input_files(paper)
    page.locator(".en-begin button[type=submit]").click()
    page.goto(page.url.rsplit("/", 2)[0] + "/3.1/")
    page.locator("[data-scan][data-ready] [data-drawn]").first.wait_for()


SCREENSHOTS = (
    Screenshot("home", "secretariat", "/"),
    Screenshot("home-phone", "coordinator", "/", PHONE),
    Screenshot("fill", "secretariat", "/r/{pk}/fill/2.1/", (1280, 900)),
    Screenshot("fill-phone", "secretariat", "/r/{pk}/fill/2.1/", PHONE, scroll_to="form.q"),
    Screenshot("evidence", "secretariat", "/r/{pk}/fill/2.1/", before=open_evidence),
    Screenshot("check", "secretariat", "/r/{pk}/check/"),
    Screenshot("score", "secretariat", "/r/{pk}/score/"),
    Screenshot("brief-phone", "governor", "/r/{pk}/brief/", PHONE),
    Screenshot("board", "secretariat", "/p/{code}/{year}/board/"),
    Screenshot("desk-phone", "coordinator", "/p/{code}/{year}/desk/", PHONE),
    Screenshot("entry", "secretariat", "/r/{pk}/entry/", (1180, 700), before=open_entry),
    Screenshot("answers", "committee", "/r/{pk}/answers/"),
    Screenshot("meetings", "secretariat", "/p/{code}/{year}/meetings/"),
    Screenshot("files", "governor", "/r/{pk}/reports/"),
    Screenshot("agencies", "province_admin", "/p/{code}/agencies/"),
    Screenshot("round", "province_admin", "/p/{code}/{year}/"),
    Screenshot("people", "province_admin", "/p/{code}/people/"),
)


def screenshot_names() -> set[str]:
    """The names of all screenshots."""
    return {shot.name for shot in SCREENSHOTS}


def save_png(png: bytes, path: Path) -> None:
    """Saves the picture with few colours. Raises SystemExit when it is still too large."""
    # imported here: only this script needs it, and the document tests read the file without it
    from PIL import Image

    picture = Image.open(io.BytesIO(png)).convert("RGB")
    picture = picture.quantize(colors=COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    picture.save(path, optimize=True)
    if path.stat().st_size >= MAX_BYTES:
        raise SystemExit(f"{path.name} is larger than {MAX_BYTES} bytes")


def sign_in(page: Page, base: str, email: str) -> None:
    """Signs in by the form, as people do."""
    # imported here: models exist only after django.setup()
    from demo.people import DEMO_PASSWORD

    page.goto(f"{base}/accounts/sign-in/")
    form = page.locator("form", has=page.locator("#id_username"))
    form.locator("input[name=username]").fill(email)
    form.locator("input[name=password]").fill(DEMO_PASSWORD)
    form.locator("button[type=submit]").click()


def take_screenshots(browser: Browser, base: str, names: list[str]) -> None:
    """Takes the screenshots of these names, or all."""
    # imported here: models exist only after django.setup()
    from demo.people import sample_memberships
    from survey.models import Response

    response = Response.objects.select_related("round__province").get(agency=None)
    emails = {str(post.role): post.user.email for post in reversed(sample_memberships())}
    for shot in SCREENSHOTS:
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
        if shot.scroll_to:
            page.locator(shot.scroll_to).first.evaluate("e => e.scrollIntoView()")
        if shot.before:
            shot.before(page)
        save_png(page.screenshot(), OUTPUT_FOLDER / f"{shot.name}.png")
        print(f"docs/img/{shot.name}.png", flush=True)
        context.close()


def main() -> int:
    """Makes the demonstration, serves it and takes the screenshots."""
    # imported here: the document tests read this file without a browser
    import django
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        print("doc_shots: chromium is not installed", file=sys.stderr)
        return 3
    shutil.rmtree(Path(os.environ["DGREADY_VAR"]), ignore_errors=True)
    OUTPUT_FOLDER.mkdir(parents=True, exist_ok=True)
    django.setup()
    run_manage("migrate", "--verbosity", "0")
    run_manage("collectstatic", "--noinput", "--verbosity", "0")
    run_manage("demo")
    with serve_demonstration() as base, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        take_screenshots(browser, base, sys.argv[1:])
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
