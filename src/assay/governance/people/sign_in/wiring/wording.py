"""Allauth's forms in the words of this house: labels that say what to type. They add no rule."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as factors
from allauth.mfa.totp.forms import ActivateTOTPForm

from assay.governance.people.sign_in.configuring import PASSWORD_HINT

LABELS = {
    "login": "E-mail address",
    "email": "E-mail address",
    "password": "Password",
    "oldpassword": "The password that you have now",
    "password1": "New password",
    "password2": "New password again",
    "code": "Code",
}
HINTS = {"password1": PASSWORD_HINT}


class InOurWords:
    """Put before a form of allauth's, it changes how that reads."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            # Words in an empty field vanish when somebody types, and are too pale to be read before.
            field.widget.attrs.pop("placeholder", None)
            field.label = LABELS.get(name, field.label)
            field.help_text = HINTS.get(name, "")


class SignInForm(InOurWords, account.LoginForm):  # type: ignore[misc]
    """Address and password."""


class ShowPasswordForm(InOurWords, account.ReauthenticateForm):  # type: ignore[misc]
    """The password once more."""


class ChangePasswordForm(InOurWords, account.ChangePasswordForm):  # type: ignore[misc]
    """The old one and a new one."""


class SetPasswordForm(InOurWords, account.SetPasswordForm):  # type: ignore[misc]
    """A first one."""


class ForgottenForm(InOurWords, account.ResetPasswordForm):  # type: ignore[misc]
    """Whose password is forgotten."""


class ResetPasswordForm(InOurWords, account.ResetPasswordKeyForm):  # type: ignore[misc]
    """A new one, after the link."""


class CodeForm(InOurWords, factors.AuthenticateForm):  # type: ignore[misc]
    """The code of an app, or a recovery code."""


class CodeAgainForm(InOurWords, factors.ReauthenticateForm):  # type: ignore[misc]
    """The same, once more."""


class UseAppForm(InOurWords, ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a new app."""
