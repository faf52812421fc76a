"""Path converters: numbers that a database can hold."""

from django.urls import register_converter
from django.urls.converters import IntConverter

MAX_NUMBER = 2**63 - 1  # of a bigint column
MAX_DIGITS = 19


class NumberConverter(IntConverter):
    """A whole number of at most 63 bits; a longer one names nothing, so its address does not exist."""

    regex = f"[0-9]{{1,{MAX_DIGITS}}}"

    def to_python(self, value: str) -> int:
        """The number; raises ValueError, which Django answers with 404, when no column could hold it."""
        number = int(value)
        if number > MAX_NUMBER:
            raise ValueError(value)
        return number


def register() -> None:
    """Make the converter known as `number`; before any address that uses it is made."""
    register_converter(NumberConverter, "number")
