"""How allauth behaves here."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse

from crm.preferences import remember_user


class StaffAdapter(DefaultAccountAdapter):
    """Staff accounts are made by an administrator: nobody signs up."""

    def is_open_for_signup(self, request) -> bool:
        return False

    def post_login(self, request: HttpRequest, user, **kwargs) -> HttpResponse:
        """On to where one was going, with one's own language and colours."""
        response = super().post_login(request, user, **kwargs)
        remember_user(response, user)
        return response
