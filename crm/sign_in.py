"""The forms of signing in and of passwords: allauth's, in our own words and without placeholders."""

from __future__ import annotations

from allauth.account import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from crm.models import User

PASSWORD_HELP = _("At least 12 characters. Several words in a row are easy to remember and hard to guess.")


class OwnWords:
    """Labels from `labels`, help from `help_texts`; a placeholder would vanish as soon as one types."""

    all_required = True
    labels: dict = {}
    help_texts: dict = {}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():  # type: ignore[attr-defined]
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            field.help_text = self.help_texts.get(name, "")


class SignInForm(OwnWords, forms.LoginForm):
    labels = {"login": _("E-mail"), "password": _("Password")}


class ChangePasswordForm(OwnWords, forms.ChangePasswordForm):
    labels = {
        "oldpassword": _("Current password"),
        "password1": _("New password"),
        "password2": _("New password again"),
    }
    help_texts = {"password1": PASSWORD_HELP}


class AskForPasswordForm(OwnWords, forms.ResetPasswordForm):
    """Neither what is answered nor how long it takes tells whether there is an account."""

    labels = {"email": _("E-mail")}

    def save(self, request: HttpRequest, **kwargs) -> str:
        nobody = User(pk=0, email=self.cleaned_data["email"])  # as much work is done for it, and no mail sent
        self.users = self.users or [nobody]  # type: ignore[has-type]
        return super().save(request, **kwargs)


class NewPasswordForm(OwnWords, forms.ResetPasswordKeyForm):
    labels = {"password1": _("New password"), "password2": _("New password again")}
    help_texts = {"password1": PASSWORD_HELP}
