"""How the made-up people sign in: a password each, made anew by every demonstration, and codes that work once."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.hashers import make_password

from assay.governance.people.models import Person
from assay.interfaces.demo.workbench.cast import CAST, Member

_CODES_A_LINE = 5


@dataclass(frozen=True, slots=True)
class WayIn:
    """What somebody made up types to sign in.

    codes  each stands in for the app on a phone, once
    """

    member: Member
    password: str
    codes: tuple[str, ...]

    @property
    def roles(self) -> str:
        """What they hold, in words."""
        return ", ".join(role.words for role, _ in self.member.roles) or "no role"


def open_ways(people: Mapping[str, Person]) -> list[WayIn]:
    """Give everybody whose account is open a password and a second factor."""
    # One password serves all: slow hashing is for real ones, and a demonstration is made often.
    password = "-".join(secrets.token_hex(3) for _ in range(3))
    hashed = make_password(password)
    ways = []
    for member in CAST:
        person = people[member.name]
        person.refresh_from_db()
        if not person.is_active:
            continue
        person.password = hashed
        person.save(update_fields=["password"])
        Authenticator.objects.filter(user=person).delete()
        TOTP.activate(person, generate_totp_secret())
        codes = RecoveryCodes.activate(person).generate_codes()
        ways.append(WayIn(member, password, tuple(codes)))
    return ways


def ways_as_text(ways: list[WayIn]) -> str:
    """Every way in, as a file for whoever runs the demonstration."""
    lines = ["Made-up people of the demonstration. Each code works once, where a code of an app is asked for.", ""]
    lines += [f"Password of everybody: {ways[0].password}", ""]
    for way in sorted(ways, key=lambda each: each.member.name):
        lines.append(f"{way.member.email}  ({way.roles})")
        for start in range(0, len(way.codes), _CODES_A_LINE):
            lines.append("  " + "  ".join(way.codes[start : start + _CODES_A_LINE]))
    return "\n".join(lines) + "\n"
