"""What the verification says of a test's world, besides what the test itself wrote past the application."""

from survey.verifying.verify import verify_journal


def codes(*, by_hand: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """Code and field of each fault of the journals; `by_hand`: codes of what the test stored without the actions."""
    return [(f.code, f.field) for f in verify_journal().faults if f.code not in by_hand]
