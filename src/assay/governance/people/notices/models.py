"""What is kept of notices: the notices, how people want to hear of them, mails to be sent. It holds no content."""

from __future__ import annotations

from django.db import models

from assay.governance.people.models import Person


class Notice(models.Model):
    """One thing that one person should know, made from one ledger entry."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=60)
    entry = models.BigIntegerField()
    subject = models.CharField(max_length=140)
    actor = models.CharField(max_length=140)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    # Whether it waits for the next daily mail.
    daily = models.BooleanField(default=False)

    class Meta:
        constraints = (
            # A subscriber that runs again after a kill makes no second one.
            models.UniqueConstraint(fields=("person", "entry", "kind"), name="one_notice_an_entry"),
        )
        indexes = (
            models.Index(fields=("person", "-id"), name="notices_of_a_person"),
            models.Index(fields=("person",), condition=models.Q(read_at__isnull=True), name="notices_unread"),
            models.Index(fields=("person",), condition=models.Q(daily=True), name="notices_for_daily_mail"),
        )

    def __str__(self) -> str:
        return f"{self.kind} by entry {self.entry}"


class Preference(models.Model):
    """How one person wants to hear of one kind; where there is none, the kind's own way holds."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="notice_preferences")
    kind = models.CharField(max_length=60)
    way = models.CharField(max_length=20)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("person", "kind"), name="one_way_a_kind"),)

    def __str__(self) -> str:
        return f"{self.kind}: {self.way}"


class Outgoing(models.Model):
    """One mail to be sent, or sent.

    key    what it is about; the same key is the same mail, and its Message-ID is made from it
    link   a one-time link, erased as soon as the mail is sent or given up
    fault  why the last try failed, as a slug
    """

    key = models.CharField(max_length=200, unique=True)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=60)
    link = models.CharField(max_length=500, blank=True)
    notices = models.JSONField(default=list)
    made_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=60, blank=True)

    class Meta:
        indexes = (models.Index(fields=("next_at",), condition=models.Q(next_at__isnull=False), name="mails_due"),)


class CalendarAddress(models.Model):
    """A private address of somebody's calendar. Only its token's digest is kept."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="calendar_addresses")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    used_on = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"calendar address {self.pk}"


class Seen(models.Model):
    """Up to which ledger entry somebody has looked at what changed.

    number, at        of the present visit
    before, before_at of the visit before it: its news are shown as long as the present one lasts
    """

    person = models.OneToOneField(Person, models.CASCADE, related_name="seen", primary_key=True)
    number = models.BigIntegerField(default=-1)
    at = models.DateTimeField()
    before = models.BigIntegerField(default=-1)
    before_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"seen up to {self.number}"
