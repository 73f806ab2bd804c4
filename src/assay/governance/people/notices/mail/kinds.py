"""Mails that are not notices: what each says. It sends none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mail:
    """The words of one kind of mail.

    subject  its first line
    words    what it is about, a paragraph each
    action   what its link does
    """

    subject: str
    words: tuple[str, ...]
    action: str


DAILY = "daily"
MAILS: Mapping[str, Mail] = {
    "invitation": Mail(
        "You are invited to the workbench",
        (
            "You have been invited to work on policies for AI-generated content in Assay.",
            "The link below lets you choose how you sign in. It works once, for seven days, and is for you alone.",
        ),
        "Begin",
    ),
    "recovery-approved": Mail(
        "Your way back in",
        (
            "An administrator has approved that you get back into your account.",
            "The link below works once, for twenty-four hours, and is for you alone.",
            "If you did not ask for it, do not use it, and tell an administrator.",
        ),
        "Get back in",
    ),
    "password-reset": Mail(
        "Reset your password",
        (
            "Somebody, probably you, has asked to reset the password of your account.",
            "The link below lets you choose a new one. It works once, for an hour, and is for you alone.",
            "If you did not ask for it, there is nothing to do: your password stays as it is.",
        ),
        "Choose a new password",
    ),
    DAILY: Mail("What happened since yesterday", ("This is your daily mail from the workbench.",), "Open your notices"),
}
