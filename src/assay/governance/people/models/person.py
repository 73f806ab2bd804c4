"""A person with an account: the one row that holds personal data. It grants nothing."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from assay.governance.office.references import Reference


def plain_address(address: str) -> str:
    """An address as it is kept: without space around it, in lower case, so that one mailbox is one account."""
    return address.strip().lower()


class Persons(BaseUserManager["Person"]):
    """Finds and makes persons; it writes no ledger entry, which the commands do."""

    def get_by_natural_key(self, username: str | None) -> Person:
        """By address, whatever its case."""
        return self.get(email=plain_address(username or ""))

    def create_user(self, email: str, password: str | None = None, *, name: str = "") -> Person:
        """A person; without a password, one who cannot sign in by password."""
        person = self.model(email=plain_address(email), name=name or plain_address(email).partition("@")[0])
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser):
    """Somebody who works here or did.

    key        names them in addresses, in the ledger and in every other row
    email      their login, in lower case; of a closed account `<key>@closed.invalid`
    is_active  whether the account is open
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField("e-mail address", max_length=254, unique=True)
    name = models.CharField(max_length=120)
    time_zone = models.CharField(max_length=64, default="UTC")
    language = models.CharField(max_length=16, default="en")
    is_active = models.BooleanField("account is open", default=True)
    joined_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[Persons] = Persons()

    class Meta:
        ordering: ClassVar[list[str]] = ["name", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(Lower("email"), name="person_email_whatever_case"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["name", "id"], name="person_by_name")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        """Keep, with the address in its plain form."""
        self.email = plain_address(self.email)
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def clean(self) -> None:
        """Put the address in its plain form before forms compare it."""
        super().clean()
        self.email = plain_address(self.email)

    @property
    def reference(self) -> Reference:
        """The name of this person in the ledger and in every other row."""
        return Reference("person", str(self.key))

    def get_full_name(self) -> str:
        """Their name, as Django's own pages ask for it."""
        return self.name

    def get_short_name(self) -> str:
        """The first word of their name."""
        return self.name.partition(" ")[0]

    @classmethod
    def of(cls, reference: Reference) -> Self:
        """The person of a reference; raises Person.DoesNotExist."""
        if reference.kind != "person":
            raise cls.DoesNotExist(str(reference))
        try:
            return cls.objects.get(key=uuid.UUID(reference.key))  # type: ignore[return-value]
        except ValueError as fault:
            raise cls.DoesNotExist(str(reference)) from fault
