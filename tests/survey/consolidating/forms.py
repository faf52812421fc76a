"""The forms whose questions are put together in tests."""

from survey.instrument.builder import build_instrument
from survey.instrument.schema import CompiledInstrument, Item
from survey.instrument.source import read_yaml
from tests.trial import REAL, TRIAL

TRIAL_FORM = build_instrument(read_yaml(TRIAL.read_text(encoding="utf8")))
REAL_FORM = build_instrument(read_yaml(REAL.read_text(encoding="utf8")))


def question(item_id: str, form: CompiledInstrument = TRIAL_FORM) -> Item:
    return form.items[item_id]
