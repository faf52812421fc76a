"""How often an event of the security log happened again: repeats of one hour are counted, not written one by one."""

from django.db import models

from accounts.models.log import AccountEvent


class EventCount(models.Model):
    """The repeats of an event by the same person, from the same address, in the same hour.

    Beside the log, since its events never change; the first of them is in the log and its chain, the number is not.
    """

    event = models.OneToOneField(AccountEvent, on_delete=models.PROTECT, related_name="repeats")
    key = models.CharField(max_length=64, unique=True)  # a hash of verb, person, address and hour
    number = models.PositiveIntegerField(default=1)
    hour = models.DateTimeField(db_index=True)
    last_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.event_id} ×{self.number}"


class EventOrigin(models.Model):
    """Where an event came from: what an administrator reads for a while and then nobody knows any more.

    Beside the log, whose events never change: the event holds a digest of this row, and the chain covers the digest. So
    the chain verifies with the row and without it, and an edited row is found.
    """

    event = models.OneToOneField(AccountEvent, on_delete=models.PROTECT, related_name="origin")
    at = models.DateTimeField(db_index=True)  # of the event
    address = models.GenericIPAddressField(null=True, db_index=True)
    browser = models.CharField(max_length=100, blank=True)
    salt = models.CharField(max_length=32)  # goes with the row, so that nobody finds the address by trying them all

    def __str__(self) -> str:
        return f"{self.event_id} {self.at:%Y-%m-%d}"
