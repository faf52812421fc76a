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
from demo.national.building import SampleProvince, build_nation, check_empty
from demo.national.expressions import Expressing, Expression, express_all
from demo.national.published import Figure, OpenPoints, read_figures, read_open_points
from demo.national.standings import make_standings
from demo.sample_file import load_sample
from scoring.results.actions.cells import TableRejected
from scoring.results.table_files import read_table_file
from scoring.scheme.queries import get_scheme_of_year
from scoring.scheme.registry import FIXTURES
from survey.instrument.path import resolve_path
from survey.instrument.queries import compiled_instrument, newest_instrument
from survey.instrument.schema import CompiledInstrument
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


def read_published_year(path: Path) -> PublishedYear:
    """The table at a path, also below fixtures/. Raises CannotSample."""
    path = path if path.exists() else FIXTURES / path
    try:
        with path.open("rb") as file:
            figures = read_figures(read_table_file(file).rows)
        beside = FIXTURES / "demo" / f"nation-{path.stem}.yaml"
        points = read_open_points(load_sample(beside)) if beside.exists() else OpenPoints()
    except TableRejected as rejected:
        raise CannotSample(f"{path}: {'; '.join(rejected.faults)}") from rejected
    except (OSError, KeyError, ValueError, InvalidOperation) as error:
        raise CannotSample(f"{path}: {error}") from error
    for _file, header in list_link_files():
        if header.published and str(header.old[1]) == path.stem:
            instrument = newest_instrument(*header.new)
            if instrument is None or instrument.published_at is None:
                raise CannotSample(f"the form {header.new[0]} {header.new[1]} is not published here: instrument load")
            form = compiled_instrument(instrument)
            links = links_into(form)
            if links is not None:
                return PublishedYear(figures, points, instrument, form, Expressing(form, links, points))
    raise CannotSample(f"no links lead from the published figures of {path.stem} to a form")


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
    standings = make_standings(scheme, expressions, len(codes), rng)
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
