"""Arguments of `manage.py score`: the target and the expected numbers of a plan."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from decimal import Decimal, InvalidOperation


def add_plan_arguments(parser: ArgumentParser) -> None:
    one_of = parser.add_mutually_exclusive_group()
    one_of.add_argument("--target-total", type=_parse_decimal, help="the total to reach")
    one_of.add_argument("--target-pillars", type=_parse_whole, help="how many pillars at level 3 or higher")
    one_of.add_argument("--target-kpi", type=_parse_kpi_reading, help="the KPI reading to reach: 50, 75 or 100")
    one_of.add_argument(
        "--target-kpi-points", type=_parse_decimal, help="the KPI points to reach, however, such as 7.5"
    )
    one_of.add_argument("--target-pillar-level", type=_parse_pillar_level, metavar="PILLAR=LEVEL", help="such as 2=4")
    one_of.add_argument("--effort", type=_parse_whole, help="at most so many person-days, for the most points")
    parser.add_argument("--probability", type=_parse_probability, help="reach it so surely: 0.9 or 90; 1 is always")
    parser.add_argument("--must", action="append", metavar="WORK", help="criterion or address that must be in the plan")
    parser.add_argument(
        "--must-not", action="append", metavar="WORK", help="criterion or address that must not be in it"
    )
    parser.add_argument("--this-year", action="store_true", help="only what can still count this year")
    parser.add_argument(
        "--unanswered", choices=["ask", "work"], default="ask", help="ask about it (default), or take it for not there"
    )
    parser.add_argument("--days", type=_parse_whole, help="working days there are; without it until the round closes")
    parser.add_argument("--people", type=_parse_people, default=1, help="people who work on it (default 1)")
    parser.add_argument("--must-fit", action="store_true", help="with a target: no more than people × days")
    parser.add_argument(
        "--expect",
        type=_parse_expected_number,
        action="append",
        metavar="ADDRESS=NUMBER",
        help="a number that is not answered yet, such as P4.2.count=12; may be given several times",
    )


def _parse_kpi_reading(text: str) -> Decimal:
    if text not in ("50", "75", "100"):
        raise ArgumentTypeError(f"{text} is not one of 50, 75, 100")
    return Decimal(text)


def _parse_whole(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 4:
        raise ArgumentTypeError(f"{text!r} is not a whole number from 0 to 9999")
    return int(text)


def _parse_people(text: str) -> int:
    if not (number := _parse_whole(text)):
        raise ArgumentTypeError("at least one person")
    return number


def _parse_probability(text: str) -> Decimal:
    value = _parse_decimal(text)
    value = value / 100 if value > 1 else value
    if not value:
        raise ArgumentTypeError("a probability above 0")
    return value


def _parse_pillar_level(text: str) -> tuple[str, int]:
    pillar, given, level = text.partition("=")
    if not given or not pillar or level not in ("1", "2", "3", "4", "5"):
        raise ArgumentTypeError(f"{text!r} is not PILLAR=LEVEL, such as 2=4")
    return pillar, int(level)


def _parse_expected_number(text: str) -> tuple[str, Decimal]:
    address, given, number = text.partition("=")
    if not given or not address:
        raise ArgumentTypeError(f"{text!r} is not ADDRESS=NUMBER")
    return address, Decimal(_parse_whole(number))


def _parse_decimal(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise ArgumentTypeError(f"{text!r} is not a number") from error
    if not value.is_finite() or not 0 <= value <= 100:
        raise ArgumentTypeError(f"{text} is not between 0 and 100")
    return value
