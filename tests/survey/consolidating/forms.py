"""The forms whose questions are put together in tests."""

from survey.instrument.schema import CompiledInstrument, Item
from tests.trial import REAL, TRIAL, form

TRIAL_FORM = form(TRIAL)
REAL_FORM = form(REAL)


def question(item_id: str, form: CompiledInstrument = TRIAL_FORM) -> Item:
    return form.items[item_id]
