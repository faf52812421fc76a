"""`national sample`: from a table of published figures to the made-up nation that has them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import InvalidOperation
from pathlib import Path
from random import Random
from typing import Final

from accounts.models import Province
from demo.content import SampleSetting, sample_values
from demo.national.allocation import Allocation, Values
from demo.national.building import SampleProvince, build_nation, check_empty, read_real_levels
from demo.national.expressions import Expressing, Expression, express_all
from demo.national.published import Figure, OpenPoints, read_figures, read_open_points
from demo.national.standings import ImpossibleShares, make_standings
from demo.sample_file import load_sample
from dgready.versioned_files import list_versions
from dgready.yaml_upload import prove_yaml_file
from scoring.results.actions.cells import TableRejected
from scoring.results.table_files import read_table_file
from scoring.scheme.queries import get_scheme_of_year
from scoring.scheme.registry import FIXTURES
from survey.instrument.actions import load_instrument
from survey.instrument.path import resolve_path
from survey.instrument.queries import compiled_instrument
from survey.instrument.schema import CompiledInstrument
from survey.instrument.source import read_yaml
from survey.linking.link_file import LinkHeader
from survey.linking.registry import links_into, list_link_files
from survey.models import Instrument

TRIES: Final = 30  # to fill in the rest of a form without a contradiction


class CannotSample(Exception):
    """What keeps the made-up nation from being built, in words for operators."""


@dataclass(frozen=True, eq=False)
class PublishedYear:
    """A table of published figures with the form that its links lead to."""

    figures: list[Figure]
    points: OpenPoints
    instrument: Instrument
    form: CompiledInstrument
    expressing: Expressing

    @property
    def expressions(self) -> list[Expression]:
        """The figures that the form can say."""
        return express_all(self.figures, self.expressing)


def read_published_year(path: Path, year: int | None = None) -> PublishedYear:
    """The table at a path, also below fixtures/. Raises CannotSample.

    `year`: of the form that is answered; left out, that of the table's own year where one is published here, else the
    one that its links lead to.
    """
    path = path if path.exists() else FIXTURES / path
    header = _links_of(path)
    target = newest_published(*header.new)
    if target is None:
        raise CannotSample(f"the form {header.new[0]} {header.new[1]} is not published here: instrument load")
    links = links_into(compiled_instrument(target))
    if links is None or not links.published:
        raise CannotSample(f"no links lead from the published figures of {path.stem} to a form")
    own = newest_published(*header.old)
    instrument = next((one for one in (own, target) if one is not None and year in (None, one.year)), None)
    if instrument is None:
        raise CannotSample(f"the figures of {path.stem} cannot be answered on a form of {year}")
    form = compiled_instrument(instrument)
    figures, points = _read_table(path, form.year)
    return PublishedYear(figures, points, instrument, form, Expressing(form, links, points))


def ensure_own_form(path: Path) -> None:
    """Loads and publishes the form of the table's own year, where fixtures/ has one and none is published here."""
    key, year = _links_of(path if path.exists() else FIXTURES / path).old
    if newest_published(key, year) is None:
        for file in list_versions(FIXTURES / "instruments", f"{key}-{year}"):
            load_instrument(data=read_yaml(prove_yaml_file(file)), publish=True)


def newest_published(key: str, year: int) -> Instrument | None:
    """The newest published version of a form."""
    rows = Instrument.objects.filter(key=key, year=year, published_at__isnull=False)
    return rows.order_by("-version").first()


def _links_of(path: Path) -> LinkHeader:
    for _file, header in list_link_files():
        if header.published and str(header.old[1]) == path.stem:
            return header
    raise CannotSample(f"no links lead from the published figures of {path.stem} to a form")


def _read_table(path: Path, form_year: int) -> tuple[list[Figure], OpenPoints]:
    """The figures, and what they leave open on the form of a year."""
    try:
        with path.open("rb") as file:
            figures = read_figures(read_table_file(file).rows)
        beside = FIXTURES / "demo" / f"nation-{path.stem}-on-{form_year}.yaml"
        return figures, read_open_points(load_sample(beside)) if beside.exists() else OpenPoints()
    except TableRejected as rejected:
        raise CannotSample(f"{path}: {'; '.join(rejected.faults)}") from rejected
    except (OSError, KeyError, ValueError, InvalidOperation) as error:
        raise CannotSample(f"{path}: {error}") from error


def sample_nation(published: PublishedYear, seed: str) -> dict[str, int]:
    """Builds the nation; the same seed makes the same answers and results. Returns what there is, in numbers."""
    codes = list(Province.objects.provinces().order_by("code").values_list("code", flat=True))
    if not codes:
        raise CannotSample("there are no provinces: load_provinces")
    check_empty(published.instrument.year)
    expressions, rng = published.expressions, Random(seed)
    allocation = Allocation(published.form, expressions, published.points, len(codes), rng)
    values = allocation.run()
    scheme = get_scheme_of_year(published.form.year).scheme
    known = {codes.index(code): levels for code, levels in read_real_levels(scheme).items()}
    try:
        standings = make_standings(scheme, expressions, len(codes), rng, known)
    except ImpossibleShares as fault:
        raise CannotSample(str(fault)) from fault
    built = {
        code: SampleProvince(_fill(published.form, values[n], f"{seed} {code}"), standings[n])
        for n, code in enumerate(codes)
    }
    provinces = build_nation(published.instrument, built)
    said = len(expressions) - len(allocation.failed)
    return {
        "year": published.form.year,
        "provinces": provinces,
        "figures": len(published.figures),
        "expressed": said,
        "not_expressed": len(published.figures) - said,
    }


def _fill(form: CompiledInstrument, given: Values, seed: str) -> Values:
    """The whole form filled in around what is given, without contradictions. Raises CannotSample."""
    for number in range(TRIES):
        values = sample_values(form, f"{seed} {number}", given=given, setting=SampleSetting())
        path = resolve_path(form, values)
        if not path.false_checks and not path.missing() and all(values.get(a) == v for a, v in given.items()):
            return values
    raise CannotSample(f"no answers without a contradiction were found for {seed}")
