"""Administration: accounts of the staff."""

from __future__ import annotations

from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm import actions
from crm.access import require_administrator
from crm.administration_exports import accounts_as_export
from crm.conflicts import held_row
from crm.exports import exported
from crm.forms import UserFilterForm, UserForm
from crm.models import Membership, User
from crm.notices import send_welcome
from crm.pages import dialog, done, fragment_or_page, typed
from crm.paging import page_after
from crm.requests import StaffRequest

BY_NAME = ("name",)


def user_list(request: StaffRequest) -> HttpResponse:
    """Accounts by name, with the roles each holds."""
    users, form, _wanted = _listed(request)
    page = page_after(users, BY_NAME, request.GET.get("after"))
    return render(request, "crm/users.html", {"page": page, "form": form})


def user_list_export(request: StaffRequest) -> HttpResponseBase:
    """The same accounts as a file."""
    users, form, wanted = _listed(request)

    def words() -> str:
        told = {name: _("yes") if value is True else value for name, value in wanted.items() if value}
        return "; ".join(f"{form.fields[name].label}: {value}" for name, value in told.items())

    back = f"{reverse('administration')}?{request.GET.urlencode()}"
    return exported(request, accounts_as_export(users, BY_NAME, words=words, back=back))


def _listed(request: StaffRequest) -> tuple[QuerySet[User], UserFilterForm, dict]:
    """The accounts that the address asks for, the form that asks, and what it was taken for."""
    require_administrator(request.scope)
    form = UserFilterForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {"q": "", "closed": False}
    users = User.objects.prefetch_related(
        Prefetch("memberships", Membership.objects.not_over(request.today).in_words())
    )
    if not wanted["closed"]:
        users = users.filter(is_active=True)
    if wanted["q"]:
        users = users.filter(Q(name__icontains=wanted["q"]) | Q(email__icontains=wanted["q"]))
    return users, form, wanted


def user_new(request: StaffRequest) -> HttpResponse:
    """A new account; the link to choose a password goes out by mail."""
    require_administrator(request.scope)
    form = UserForm(typed(request))
    if request.method == "POST" and form.is_valid():
        user = actions.create_user(**form.cleaned_data, by=request.user)
        message = _("The account of %(name)s is made; the link to choose a password was sent by mail.")
        return done(request, reverse("user", args=[user.pk]), message % {"name": user.name})
    context = {"form": form, "heading": _("New account"), "back": reverse("administration")}
    return fragment_or_page(
        request, "crm/_user_form.html", "dialog_page.html", context, status=422 if form.errors else 200
    )


def user(request: StaffRequest, pk: int) -> HttpResponse:
    """One account: who it is, whether it is open, which roles it holds."""
    require_administrator(request.scope)
    found = get_object_or_404(User, pk=pk)
    context = {
        "found": found,
        "own": found.pk == request.user.pk,
        "memberships": Membership.objects.not_over(request.today).in_words().filter(user=found),
        "today": request.today,
    }
    return render(request, "crm/user.html", context)


def user_edit(request: StaffRequest, pk: int) -> HttpResponse:
    require_administrator(request.scope)
    found = get_object_or_404(User, pk=pk)
    form = UserForm(typed(request), instance=found)
    held = held_row(found, form.initial)
    back = reverse("user", args=[pk])

    def change() -> HttpResponse:
        actions.change_user(user=found, **form.cleaned_data, by=request.user)
        return done(request, back, _("Saved."))

    heading = _("Change the account")
    return dialog(request, form, change, heading=heading, back=back, fragment="crm/_user_form.html", held=held)


def user_sign_in(request: StaffRequest, pk: int) -> HttpResponse:
    """Close an open account, or open a closed one, after asking."""
    require_administrator(request.scope)
    found = get_object_or_404(User.objects.exclude(pk=request.user.pk), pk=pk)
    back = reverse("user", args=[pk])
    if request.method == "POST":
        # What was asked, not the opposite of what is: another may have answered the same question meanwhile.
        actions.set_sign_in(user=found, allowed=request.POST.get("allowed") == "yes", by=request.user)
        message = _("%(name)s can sign in again.") if found.is_active else _("%(name)s can no longer sign in.")
        return done(request, back, message % {"name": found.name})
    heading = _("Close the account?") if found.is_active else _("Open the account?")
    context = {"found": found, "heading": heading, "back": back}
    return fragment_or_page(request, "crm/_user_sign_in.html", "dialog_page.html", context)


@require_POST
def user_welcome(request: StaffRequest, pk: int) -> HttpResponse:
    """Send the link to choose a password once more, to somebody who has not signed in yet."""
    require_administrator(request.scope)
    found = get_object_or_404(User, pk=pk, is_active=True, last_login__isnull=True)
    send_welcome(found)
    return done(request, reverse("user", args=[pk]), _("The link was sent to %(email)s.") % {"email": found.email})
