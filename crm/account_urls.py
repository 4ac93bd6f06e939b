"""Signing in and passwords: of allauth's pages only these. Nobody signs up or changes their e-mail here."""

from functools import wraps

from allauth.account import views
from django.http import HttpRequest, HttpResponseBase
from django.urls import path, re_path

from crm import unsent


@wraps(views.logout)  # it asks for no sign-in
def sign_out(request: HttpRequest) -> HttpResponseBase:
    """After it nothing is kept for who signed out: only a session that ended by itself leaves somebody to come back."""
    response = views.logout(request)
    if request.method == "POST":
        unsent.forget_user(response)
    return response


urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", sign_out, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path("password/reset/done/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("password/reset/key/done/", views.password_reset_from_key_done, name="account_reset_password_from_key_done"),
]
