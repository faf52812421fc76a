#!/usr/bin/env python3
"""Screenshots of every page, as every role of the demonstration sees it, on a desktop and on a phone.

Makes a demonstration of its own under var/shots-data, serves it on a free port, signs in as each sample
person and follows the links of the site: one picture per URL pattern, under var/shots/ROLE/PAGE-WIDTH.png.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]
os.environ["DGREADY_VAR"] = str(ROOT / "var" / "shots-data")
os.environ["DGREADY_DEMO"] = "1"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dgready.settings")
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

import django  # noqa: E402
from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402
from services import free_port  # noqa: E402

OUTPUT_FOLDER = ROOT / "var" / "shots"
WINDOW_SIZES = {1280: 900, 390: 844}  # width: height, in pixels
SKIPPED_PAGES = ("set_language", "accounts:sign-out")  # not pages


def run_manage(*words: str) -> None:
    """Run a management command of the demonstration."""
    subprocess.run([sys.executable, "manage.py", *words], cwd=ROOT, check=True)


@contextlib.contextmanager
def serve_demonstration() -> Iterator[str]:
    """The demonstration behind gunicorn; yields its address."""
    address = f"127.0.0.1:{free_port()}"
    program = str(Path(sys.executable).parent / "gunicorn")
    command = [program, "--config", "deploy/gunicorn.conf.py", "--bind", address, "dgready.wsgi"]
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        _wait_until_ready(address, process)
        yield f"http://{address}"
    finally:
        process.terminate()
        process.wait(30)


def _wait_until_ready(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if process.poll() is not None:
            break
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"http://{address}/healthz", timeout=1).close()
            return
        time.sleep(0.1)
    raise SystemExit("shots: the demonstration does not start; see above")


def page_name(path: str) -> str | None:
    """Name of the address pattern, None for what is no page of ours."""
    # imported here: models exist only after django.setup()
    from django.urls import Resolver404, resolve

    try:
        name = resolve(path).view_name
    except Resolver404:
        return None
    return None if not name or name in SKIPPED_PAGES else name


def find_links(page: Page, base: str) -> list[str]:
    """Addresses of this site that the page links to, with what they ask for."""
    hrefs = page.eval_on_selector_all("a[href]:not([download])", "all => all.map(a => a.href)")
    return [link[len(base) :].partition("#")[0] for link in dict.fromkeys(hrefs) if link.startswith(base + "/")]


def capture_pages(page: Page, base: str, folder: Path, extra_paths: Sequence[str] = ()) -> int:
    """Follow links breadth first; one pair of pictures per pattern. Returns how many patterns were seen."""
    waiting, seen = [urlsplit(page.url).path, *extra_paths], set[str]()
    while waiting:
        path = waiting.pop(0)
        name = page_name(urlsplit(path).path)
        if name is None or name in seen:
            continue
        seen.add(name)
        try:
            page_response = page.goto(base + path, wait_until="load")
        except Exception as fault:  # a file that downloads instead of showing is no page
            print(f"  {name}: {str(fault).splitlines()[0]}")
            continue
        if page_response is None or "text/html" not in page_response.headers.get("content-type", ""):
            continue
        if page_response.status >= 400:
            print(f"  {name}: {page_response.status} at {path}")
            continue
        for width, height in WINDOW_SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            page.screenshot(path=folder / f"{name.replace(':', '-')}-{width}.png", full_page=True)
        waiting += find_links(page, base)
    return len(seen)


def add_missing_content() -> list[str]:
    """Makes what the demonstration lacks: scenarios, an action plan.

    Returns pages that only a form leads to.
    """
    # imported here: models exist only after django.setup()
    from accounts.models import User
    from scoring.planning import queries as planning
    from scoring.planning.actions import plans, scenarios
    from scoring.planning.optimum.plan import propose_plan
    from scoring.planning.optimum.plan_types import PlanTarget
    from scoring.planning.what_if.changes import ScenarioChanges
    from survey.models import Response

    response = Response.objects.select_related("round__province", "round__instrument").get(agency=None)
    by = User.objects.get(email="secretariat@nongkhai.example.org")
    scenario_changes = {"ออกกฎภายใน": {"P1.3": "done"}, "ตั้งคณะกรรมการ": {"G1": "yes"}}
    made = [
        scenarios.save_scenario(by=by, response=response, name=n, changes=ScenarioChanges(v))
        for n, v in scenario_changes.items()
    ]
    case = planning.build_planning_case(response)
    plans.adopt_plan(
        by=by,
        response=response,
        name="แผนสู่ 60",
        plan=propose_plan(case, PlanTarget(total=Decimal(60))),
        scheme=case.scheme,
    )
    scenario_query = "&".join(f"s={row.pk}" for row in made)
    return [f"/r/{response.pk}/whatif/compare/?{scenario_query}"]


def capture_all_roles(browser: Browser, base: str, extra_paths: Sequence[str]) -> None:
    """The pages before signing in, then those of each sample person."""
    # imported here: models exist only after django.setup()
    from demo.people import DEMO_PASSWORD, sample_memberships

    viewport = {"width": 1280, "height": 900}
    people = [("signed-out", "")] + [
        (str(membership.role), membership.user.email) for membership in sample_memberships()
    ]
    captured: set[str] = set()
    for role, email in people:
        if role in captured:
            continue
        captured.add(role)
        folder = OUTPUT_FOLDER / role
        folder.mkdir(parents=True)
        context = browser.new_context(viewport=viewport, locale="th-TH", reduced_motion="reduce")
        page = context.new_page()
        page.goto(f"{base}/accounts/sign-in/")
        if email:
            form = page.locator("form", has=page.locator("input[name=username][type=email], #id_username"))
            form.locator("input[name=username]").fill(email)
            form.locator("input[name=password]").fill(DEMO_PASSWORD)
            form.locator("button[type=submit]").click()
        print(
            f"{role}: {capture_pages(page, base, folder, extra_paths if role == 'secretariat' else ())} pages",
            flush=True,
        )
        context.close()


def main() -> int:
    """Makes the demonstration, serves it and takes the screenshots."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        print("shots: chromium is not installed", file=sys.stderr)
        return 3
    for folder in (OUTPUT_FOLDER, Path(os.environ["DGREADY_VAR"])):
        shutil.rmtree(folder, ignore_errors=True)
    django.setup()
    run_manage("migrate", "--verbosity", "0")
    run_manage("collectstatic", "--noinput", "--verbosity", "0")
    run_manage("demo")
    extra_paths = add_missing_content()
    with serve_demonstration() as base, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        capture_all_roles(browser, base, extra_paths)
        browser.close()
    print(f"pictures in {OUTPUT_FOLDER.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
