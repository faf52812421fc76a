"""manage.py score calibrate: a scheme confronted with everything that is published."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from time import monotonic
from typing import Any

from django.core.management import CommandError

from scoring.scheme import registry
from scoring.scheme.queries import get_scheme_of_year
from scoring.uncertainty.calibration import Calibration, ConstraintResult, calibrate_scheme
from scoring.uncertainty.draws import COUNT, SEED

LEAST_DRAWS, MOST_DRAWS = 100, 50_000


def add_calibrate_arguments(command: ArgumentParser) -> None:
    """The options of the verb."""
    command.add_argument("--year", type=int, help="year of the scheme, Buddhist era; the newest unless named")
    command.add_argument("--seed", type=int, default=SEED, help="the same seed draws the same readings")
    command.add_argument("--draws", type=int, default=COUNT, help=f"how many readings, {LEAST_DRAWS} to {MOST_DRAWS}")
    command.add_argument("--format", choices=["json", "text"], default="text")


def run_calibration(options: dict[str, Any]) -> tuple[Calibration, float]:
    """The calibration asked for, and how many seconds it took. Raises CommandError."""
    if not LEAST_DRAWS <= options["draws"] <= MOST_DRAWS or options["seed"] < 0:
        raise CommandError(f"--draws is {LEAST_DRAWS} to {MOST_DRAWS}, --seed 0 or more")
    year = options["year"] or registry.get_newest_year()
    started = monotonic()
    found = calibrate_scheme(get_scheme_of_year(year).scheme, seed=options["seed"], count=options["draws"])
    return found, monotonic() - started


def write_calibration_lines(found: Calibration, seconds: float) -> Iterator[str]:
    """The report as text."""
    yield f"{found.scheme} v{found.version}: {found.draws} readings, seed {found.seed}, {seconds:.1f} s"
    if found.year is None:
        yield "the scheme names no evidence: its readings are weighed by nothing"
    for one in found.constraints:
        yield _write_constraint(one)
    for code, block in found.blocks.items():
        yield f"{code}: {block.accepted} of {block.candidates} meet all, effective {block.effective:.0f}"
    for key, chance in found.rule_chances.items():
        yield f"rule of levels {key}: {chance:.3f}"
    for number, chance in found.weight_chances.items():
        yield f"weights of pillar {number} as in the file: {chance:.3f}"
    yield f"effective sample size (worst sub-pillar): {found.effective:.0f}; acceptance: {found.acceptance:.3f}"
    failed = ", ".join(one.id for one in found.failed)
    yield f"no reading gives: {failed or 'nothing; every published figure can be met'}"


def _write_constraint(one: ConstraintResult) -> str:
    given = (
        f"{one.given_low:.2f}" if one.given_low == one.given_high else f"{one.given_low:.2f} to {one.given_high:.2f}"
    )
    state = "ok    " if one.ok else "FAILED"
    return (
        f"{state} {one.id} ({one.kind}): published {one.published:.2f}, readings give {given}, "
        f"met by {one.share:.1%} before and {one.weight:.1%} after weighing, nearest {one.distance:.2f} away"
    )
