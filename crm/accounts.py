"""How allauth behaves here."""

from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from crm import preferences, sessions, unsent
from crm.notices import send_later


class StaffAdapter(DefaultAccountAdapter):
    """Staff accounts are made by an administrator: nobody signs up."""

    def is_open_for_signup(self, request) -> bool:
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link of the mail, at the installation's own address: never at what a request calls its host or port."""
        path = urlsplit(super().get_reset_password_from_key_url(key)).path
        return settings.BASE_URL.rstrip("/") + path

    def send_password_reset_mail(self, user, email: str, context: dict) -> None:
        """Written for every address that is asked about, sent where it has an account (`AskForPasswordForm`)."""
        message = self.render_mail("account/email/password_reset_key", email, {"email": email, **context})
        if user.pk:
            send_later(message)

    def login(self, request: HttpRequest, user) -> None:
        """Whichever way one signs in, the session is as long as any."""
        super().login(request, user)
        sessions.begin(request)
        unsent.usual_length(request)

    def post_login(self, request: HttpRequest, user, **kwargs) -> HttpResponse:
        """On to where one was going, with one's own language and colours."""
        response = super().post_login(request, user, **kwargs)
        preferences.remember_user(response, user)
        unsent.remember_user(response, user)
        return response
