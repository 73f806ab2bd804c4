"""The forms of invitations and recovery. They check what was typed, and change nothing."""

from __future__ import annotations

from typing import Any

from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.contrib.auth.password_validation import validate_password

from assay.governance.people.models import Person
from assay.governance.people.sign_in.configuring import PASSWORD_HINT


class NewPasswordForm(forms.Form):
    """The first password of somebody, or their new one."""

    password = forms.CharField(
        label="Password",
        strip=False,
        max_length=4096,
        help_text=PASSWORD_HINT,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_password(self) -> str:
        """Refuse what is short, common, or like their name."""
        password: str = self.cleaned_data["password"]
        validate_password(password, self.person)
        return password


class KnownPasswordForm(forms.Form):
    """The password that somebody has."""

    password = forms.CharField(
        label="Password",
        strip=False,
        max_length=4096,
        help_text="The one you sign in with. If you have forgotten it, reset it first; this link keeps.",
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person


class AskRecoveryForm(forms.Form):
    """Whose account it is."""

    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        help_text="The one you sign in with.",
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )


class AddKeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """Adding a passkey or security key; who has no password gets one that stands alone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = "Name of the key"
        self.fields["name"].help_text = "Such as the device that it is in."
        alone = self.fields["passwordless"]
        alone.label = "Sign in with it alone"
        alone.help_text = "As a passkey: it asks for your finger, face or PIN, and no password is needed."
        alone.initial = True
        alone.disabled = not self.user.has_usable_password()
