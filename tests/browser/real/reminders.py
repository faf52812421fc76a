"""The mornings of June: reminders while the worker dies and the mail server is down."""

from __future__ import annotations

from django.db import connection, transaction

from accounts.models import User
from survey.models import (
    Assignment,
    Chore,
    Letter,
    Notice,
)
from tests.browser.province import World, day
from tests.browser.real.common import S
from tests.installation import until

WORKERS = 2  # processes of the worker
HELD_UP = "FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"


def morning(world: World, month: int, number: int) -> None:
    """It is half past seven, and the clock's tasks are put into the queue."""
    world.at.clock.set(day(month, number, 7, 30))
    world.at.tick("survey.tasks.daily")


def written(month: int, number: int) -> bool:
    """Whether the day's word has been written to the end."""
    return Chore.objects.filter(name="daily", day=day(month, number).date()).exists()


def finish(world: World, month: int, number: int) -> None:
    """What a killed worker left of the day's word is written when the clock asks again."""
    world.at.tick("survey.tasks.daily")
    until(lambda: written(month, number), "the day's word is written")


def waiting(world: World) -> int:
    """Letters that are not sent, but for those in doubt."""
    return Letter.objects.filter(sent_at=None).exclude(pk__in=world.doubtful).count()


def post(world: World, minutes: float) -> None:
    """The clock's tasks of the next minutes; afterwards every letter is out."""
    for _ in range(6):
        world.at.clock.forward(minutes=minutes)
        world.at.tick("survey.tasks.send_letters")
        try:
            until(lambda: not waiting(world), "letters are out", 5)
        except AssertionError:
            continue
        return
    raise AssertionError(f"{waiting(world)} letters are not sent: {world.at.log('worker')}")


def owing(world: World) -> set[int]:
    """The agencies that have something to hand in."""
    rows = Assignment.objects.filter(round=world.round, role__in=("R", "S"), state__in=(S.OPEN, S.RETURNED))
    return set(rows.values_list("agency", flat=True))


def told(world: World, days: int) -> set[int]:
    """The agencies whose people were reminded so many days before; each person once."""
    rows = Notice.objects.filter(kind="part.due", key__endswith=f":{days}")
    people = list(rows.values_list("user", flat=True))
    assert len(people) == len(set(people))
    agency = {user.pk: code for code, user in world.coordinators.items()}
    keys = dict(world.province.agencies.values_list("code", "pk"))
    return {keys[agency[pk]] for pk in people}


def remind_while_the_worker_dies(world: World) -> None:
    """A week before: the worker is killed between two letters. Nothing had gone out on the line: all come, once."""
    post(world, 1)
    owed, before = owing(world), len(world.at.mail.taken)
    with world.at.mail.held("rcpt", at=4) as held:
        morning(world, 6, 17)
        until(lambda: held.waiting == WORKERS, "both processes of the worker wait for an answer")
        world.at.kill("worker")
    assert len(world.at.mail.taken) - before == 3
    world.at.start_worker()
    finish(world, 6, 17)
    post(world, 11)  # after ten minutes a claim belongs to nobody
    assert told(world, 7) == owed
    once(world)


def remind_while_the_mail_server_is_down(world: World) -> None:
    """Three days before: the server is down when the letters are written, then hangs up in the middle."""
    owed, before = owing(world), len(world.at.mail.taken)
    world.at.mail.stop()
    morning(world, 6, 21)
    until(lambda: written(6, 21), "the day's word is written")
    until(lambda: Letter.objects.filter(sent_at=None, tries__gt=0), "somebody has tried")
    assert len(world.at.mail.taken) == before
    world.at.mail.start()
    with world.at.mail.held("rcpt", at=5) as held:
        world.at.clock.forward(minutes=2)
        world.at.tick(*["survey.tasks.send_letters"] * WORKERS)
        until(lambda: held.waiting == WORKERS, "both processes of the worker wait for an answer")
        world.at.mail.stop()
    world.at.mail.start()
    post(world, 11)
    assert told(world, 3) == owed
    once(world)


def remind_and_never_hear_the_answer(world: World) -> None:
    """The day before: the server has taken a text, and the worker is killed before it hears so: not sent again."""
    owed = owing(world)
    with world.at.mail.held("data", at=3) as held:
        morning(world, 6, 23)
        until(lambda: held.waiting == WORKERS, "both processes of the worker wait for an answer")
        world.at.kill("worker")
    world.doubtful = set(Letter.objects.filter(sent_at=None, posted_at__isnull=False).values_list("pk", flat=True))
    assert len(world.doubtful) == WORKERS
    world.at.start_worker()
    finish(world, 6, 23)
    post(world, 11)
    world.at.tick("survey.tasks.send_letters")  # marks what stays without an answer
    until(lambda: Letter.objects.filter(fault__startswith="unknown").count() == WORKERS, "doubt is on record")
    assert told(world, 1) == owed
    once(world)


def remind_while_killed_in_mid_sentence(world: World) -> None:
    """The day itself: the worker is killed when half of the people have been told. Nobody is told twice."""
    owed = owing(world)
    codes = world.province.agencies.filter(pk__in=owed).values_list("code", flat=True)
    somebody = world.coordinators[sorted(codes)[len(owed) // 2]]
    with transaction.atomic():
        User.objects.select_for_update().get(pk=somebody.pk)  # nothing can be told to this person until we let go
        morning(world, 6, 24)
        until(held_up, "the worker comes to this person")
        world.at.kill("worker")
        hang_up()  # or the server, which notices nothing while it waits, would commit what a dead client had asked
    assert not told(world, 0)
    world.at.start_worker()
    finish(world, 6, 24)
    post(world, 1)
    assert told(world, 0) == owed
    once(world)


def held_up() -> int:
    """How many others wait for a lock in this database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(f"SELECT count(*) {HELD_UP}")
        return int(cursor.fetchone()[0])


def hang_up() -> None:
    """The server ends the sessions that wait for a lock, and is done with them."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT bool_and(pg_terminate_backend(pid, 10000)) {HELD_UP}")
        assert cursor.fetchone()[0]


def once(world: World) -> None:
    """Every letter is at the server exactly once, and nothing else is."""
    times = world.at.mail.times()
    letters = set(Letter.objects.values_list("message_id", flat=True))
    assert set(times) == letters
    doubled = Letter.objects.filter(message_id__in=[one for one, number in times.items() if number > 1])
    assert list(doubled.values_list("message_id", "tries", "faults", "fault", "claimed_at", "posted_at")) == []
