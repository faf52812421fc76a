#!/usr/bin/env python3
"""Pictures of every page, as every role of the demonstration sees it, on a desk and on a phone.

Makes a demonstration of its own under var/shots-data, serves it on a free port, signs in as each sample
person and follows the links of the site: one picture per address pattern, under var/shots/ROLE/PAGE-WIDTH.png.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from datetime import timedelta
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

OUT = ROOT / "var" / "shots"
WIDTHS = {1280: 900, 390: 844}
LEAVE = ("set_language", "accounts:sign-out")  # not pages


def manage(*words: str) -> None:
    """Run a management command of the demonstration."""
    subprocess.run([sys.executable, "manage.py", *words], cwd=ROOT, check=True)


@contextlib.contextmanager
def served() -> Iterator[str]:
    """The demonstration behind gunicorn; yields its address."""
    address = f"127.0.0.1:{free_port()}"
    program = str(Path(sys.executable).parent / "gunicorn")
    command = [program, "--config", "deploy/gunicorn.conf.py", "--bind", address, "dgready.wsgi"]
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        _wait(address, process)
        yield f"http://{address}"
    finally:
        process.terminate()
        process.wait(30)


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
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
    from django.urls import Resolver404, resolve

    try:
        name = resolve(path).view_name
    except Resolver404:
        return None
    return None if not name or name in LEAVE else name


def links(page: Page, base: str) -> list[str]:
    """Addresses of this site that the page links to, with what they ask for."""
    found = page.eval_on_selector_all("a[href]:not([download])", "all => all.map(a => a.href)")
    return [link[len(base) :].partition("#")[0] for link in dict.fromkeys(found) if link.startswith(base + "/")]


def walk(page: Page, base: str, folder: Path, more: Sequence[str] = ()) -> int:
    """Follow links breadth first; one pair of pictures per pattern. Returns how many patterns were seen."""
    waiting, seen = [urlsplit(page.url).path, *more], set[str]()
    while waiting:
        path = waiting.pop(0)
        name = page_name(urlsplit(path).path)
        if name is None or name in seen:
            continue
        seen.add(name)
        try:
            answer = page.goto(base + path, wait_until="load")
        except Exception as fault:  # a file that downloads instead of showing is no page
            print(f"  {name}: {str(fault).splitlines()[0]}")
            continue
        if answer is None or "text/html" not in answer.headers.get("content-type", ""):
            continue
        if answer.status >= 400:
            print(f"  {name}: {answer.status} at {path}")
            continue
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            page.screenshot(path=folder / f"{name.replace(':', '-')}-{width}.png", full_page=True)
        waiting += links(page, base)
    return len(seen)


def prepare() -> list[str]:
    """Makes what the demonstration lacks: a meeting, scenarios, an action plan.

    Returns pages that only a form leads to.
    """
    from django.utils import timezone

    from accounts.models import User
    from scoring.planning import queries as planning
    from scoring.planning.actions import plans, scenarios
    from scoring.planning.optimum.plan import propose_plan
    from scoring.planning.optimum.plan_types import PlanTarget
    from scoring.planning.what_if.changes import ScenarioChanges
    from survey.committee.actions import meetings
    from survey.models import Response

    response = Response.objects.select_related("round__province", "round__instrument").get(agency=None)
    by = User.objects.get(email="secretariat@nongkhai.example.org")
    at = {"held_at": timezone.now() + timedelta(days=7), "place": "ห้องประชุมศาลากลางจังหวัด", "agenda": "รับรองร่างคำตอบ"}
    meetings.record_meeting(by=by, round_=response.round, fields=at)
    tried = {"ออกกฎภายใน": {"P1.3": "done"}, "ตั้งคณะกรรมการ": {"G1": "yes"}}
    made = [
        scenarios.save_scenario(by=by, response=response, name=n, changes=ScenarioChanges(v)) for n, v in tried.items()
    ]
    case = planning.build_planning_case(response)
    plans.adopt_plan(
        by=by,
        response=response,
        name="แผนสู่ 60",
        plan=propose_plan(case, PlanTarget(total=Decimal(60))),
        scheme=case.scheme,
    )
    chosen = "&".join(f"s={row.pk}" for row in made)
    return [f"/r/{response.pk}/whatif/compare/?{chosen}"]


def shoot(browser: Browser, base: str, more: Sequence[str]) -> None:
    """The pages before signing in, then those of each sample person."""
    from demo.people import DEMO_PASSWORD, sample_memberships

    size = {"width": 1280, "height": 900}
    people = [("signed-out", "")] + [(str(post.role), post.user.email) for post in sample_memberships()]
    done: set[str] = set()
    for role, email in people:
        if role in done:
            continue
        done.add(role)
        folder = OUT / role
        folder.mkdir(parents=True)
        context = browser.new_context(viewport=size, locale="th-TH", reduced_motion="reduce")
        page = context.new_page()
        page.goto(f"{base}/accounts/sign-in/")
        if email:
            form = page.locator("form", has=page.locator("input[name=username][type=email], #id_username"))
            form.locator("input[name=username]").fill(email)
            form.locator("input[name=password]").fill(DEMO_PASSWORD)
            form.locator("button[type=submit]").click()
        print(f"{role}: {walk(page, base, folder, more if role == 'secretariat' else ())} pages", flush=True)
        context.close()


def main() -> int:
    """Make, serve, shoot."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        print("shots: chromium is not installed", file=sys.stderr)
        return 3
    for folder in (OUT, Path(os.environ["DGREADY_VAR"])):
        shutil.rmtree(folder, ignore_errors=True)
    django.setup()
    manage("migrate", "--verbosity", "0")
    manage("collectstatic", "--noinput", "--verbosity", "0")
    manage("demo")
    more = prepare()
    with served() as base, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        shoot(browser, base, more)
        browser.close()
    print(f"pictures in {OUT.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
