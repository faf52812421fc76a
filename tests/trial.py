"""A province with an open round of the made-up year, for tests of survey, evidence, scoring and reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, cached_property
from pathlib import Path

from django.utils import timezone

from accounts.models import Province, User
from accounts.roles import Role
from survey.instrument import actions as instruments
from survey.instrument.builder import build_instrument
from survey.instrument.queries import compiled_instrument, questions_by_item_id
from survey.instrument.schema import CompiledInstrument as Compiled
from survey.instrument.source import SourceNode, read_yaml
from survey.models import Instrument, Question, Response, Round
from survey.rounds import actions as rounds
from tests.factories import MembershipFactory, ProvinceFactory
from tests.fixed_keys import fixed_keys
from tests.kept_worlds import kept

ROOT = Path(__file__).parents[1]
TRIAL = ROOT / "tests/instruments/dg-trial-2570.yaml"
REAL = ROOT / "fixtures/instruments/dg-province-2568.v2.yaml"


@dataclass
class Trial:
    """What a test of one response needs."""

    province: Province
    round: Round
    response: Response
    secretariat: User

    @property
    def instrument(self) -> Instrument:
        """The stored instrument."""
        return self.round.instrument

    @cached_property
    def compiled(self) -> Compiled:
        """The frozen instrument."""
        return compiled_instrument(self.round.instrument)

    def question(self, item_id: str | None = None) -> Question:
        """A question row: the named one, or the first plain text or choice question."""
        rows = questions_by_item_id(self.round.instrument)
        if item_id is None:
            item_id = next(q.id for q in self.compiled.questions if q.kind in ("text", "single"))
        return rows[item_id]

    def user(self, role: Role) -> User:
        """Somebody with that role in the province."""
        return MembershipFactory(role=role, province=self.province).user


def publish(path: Path = TRIAL) -> Instrument:
    """The instrument of a file, loaded and published."""
    if Instrument.objects.exists():
        return _publish(path)
    with fixed_keys(path):
        return _publish_first(path)


def _publish(path: Path) -> Instrument:
    return instruments.load_instrument(data=source(path), publish=True)[0]


_publish_first = kept(_publish)


@cache
def source(path: Path) -> SourceNode:
    """The data of a file, read once per process. Nobody changes it: loading copies what it stores."""
    return read_yaml(path.read_text(encoding="utf8"))


@cache
def form(path: Path) -> Compiled:
    """The frozen instrument of a file, compiled once per process."""
    return build_instrument(source(path))


def make_trial(path: Path = TRIAL, province: Province | None = None, *, closes_at: datetime | None = None) -> Trial:
    """A province, an open round, its empty provincial response, and a secretariat."""
    province = province or ProvinceFactory()
    instrument = publish(path)
    today = timezone.localdate()
    dates = {
        "period_from": instrument.period_from,
        "period_to": instrument.period_to,
        "opens_on": today,
        "agency_due": today + timedelta(days=7),
        "committee_on": today + timedelta(days=14),
        "closes_at": closes_at or timezone.now() + timedelta(days=21),
    }
    # Without guards: most tests submit with neither agencies nor a committee; those of guards turn them on.
    round_ = rounds.open_round(by=None, province=province, instrument=instrument, dates=dates, guards=())
    response = Response.objects.select_related("round__province", "round__instrument").get(round=round_, agency=None)
    return Trial(province, round_, response, MembershipFactory(role=Role.SECRETARIAT, province=province).user)
