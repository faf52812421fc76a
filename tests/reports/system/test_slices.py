"""Long checks in slices: how far one comes, and where the next goes on."""

from collections.abc import Iterator

from reports.system.slices import run_slice


def clock(step: float = 1.0) -> Iterator[float]:
    now = 0.0
    while True:
        yield now
        now += step


def odd(key: int) -> list[str]:
    return [f"{key} is odd"] if key % 2 else []


def test_all_of_it_when_there_is_time() -> None:
    done = run_slice([1, 2, 3], odd, seconds=100)
    assert (done.checked, done.complete, done.last) == (3, True, 3)
    assert done.faults == ["1 is odd", "3 is odd"]


def test_no_further_than_the_time_and_on_from_there() -> None:
    ticks = clock()
    done = run_slice(range(100), odd, seconds=3, clock=lambda: next(ticks))
    assert not done.complete
    assert done.last is not None
    assert done.checked == done.last + 1 < 10
    assert run_slice(range(done.last + 1, 100), odd, seconds=100).last == 99


def test_at_least_one_even_without_time() -> None:
    assert run_slice([1, 2], odd, seconds=0).checked == 1


def test_nothing_to_do_is_complete() -> None:
    done = run_slice([], odd, seconds=1)
    assert (done.checked, done.complete, done.last) == (0, True, None)


def test_an_error_stops_it_before_the_key() -> None:
    def check(key: int) -> list[str]:
        if key == 3:
            raise OSError("away")
        return []

    done = run_slice([1, 2, 3, 4], check, seconds=100)
    assert (done.checked, done.complete, done.last) == (2, False, 2)
    assert repr(done.error) == "OSError('away')"
