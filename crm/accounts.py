"""How allauth behaves here."""

from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from crm.preferences import remember_user


class StaffAdapter(DefaultAccountAdapter):
    """Staff accounts are made by an administrator: nobody signs up."""

    def is_open_for_signup(self, request) -> bool:
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link of the mail, at the installation's own address: never at what a request calls its host or port."""
        path = urlsplit(super().get_reset_password_from_key_url(key)).path
        return settings.BASE_URL.rstrip("/") + path

    def post_login(self, request: HttpRequest, user, **kwargs) -> HttpResponse:
        """On to where one was going, with one's own language and colours."""
        response = super().post_login(request, user, **kwargs)
        remember_user(response, user)
        return response
