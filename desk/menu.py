"""The pages of the desk in the order of the sidebar, and who may open each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.access import Scope
from crm.permissions import Permission
from crm.roles import WITHOUT_PAGES


@dataclass(frozen=True)
class Entry:
    """A line of the sidebar: the page it opens and who may."""

    url_name: str
    label: Promise
    icon: str
    allowed: Callable[[Scope], bool]
    also: str = ""  # where its pages stand that are not under its own address


@dataclass(frozen=True)
class Group:
    label: Promise
    entries: tuple[Entry, ...]
    heading: bool = True  # whether the label is shown; it is always told to screen readers


def _where(permission: Permission) -> Callable[[Scope], bool]:
    return lambda scope: scope.may_somewhere(permission)


def _has_no_pages(scope: Scope) -> bool:
    return bool(scope.roles) and all(role in WITHOUT_PAGES for role, _place in scope.roles)


MENU = (
    Group(_("Home page"), (Entry("start", _("Home page"), "home", _has_no_pages),), heading=False),
    Group(
        _("Casework"),
        (
            Entry("my_day", _("My day"), "home", _where(Permission.VIEW_CASES)),
            Entry("case_list", _("Cases"), "briefcase", _where(Permission.VIEW_CASES)),
            Entry("case_board", _("Board"), "view-columns", _where(Permission.VIEW_CASES)),
            Entry("people", _("People and households"), "users", _where(Permission.VIEW_CASES), also="/households/"),
            Entry("advice_new", _("Log advice"), "chat-bubble-left-right", _where(Permission.WORK_CASES)),
            Entry("import_list", _("Import a sheet"), "arrow-up-tray", _where(Permission.IMPORT_CASES)),
        ),
        heading=False,
    ),
    Group(
        _("Follow-up"),
        (
            Entry("results", _("Results"), "chart-bar", _where(Permission.VIEW_FIGURES)),
            Entry("report", _("Reports"), "document-text", _where(Permission.VIEW_FIGURES)),
        ),
    ),
    Group(
        _("Basic data"),
        (
            Entry("major_projects", _("Major projects"), "building-office-2", _where(Permission.VIEW_CASES)),
            Entry("administration", _("Administration"), "cog-6-tooth", lambda scope: scope.administers),
        ),
    ),
)


def url_of(name: str) -> str:
    """The address of a page, "" where the installation does not have it."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def pages_for(scope: Scope) -> Iterator[tuple[Group, list[tuple[Entry, str]]]]:
    """Each group with the entries this user may open and their addresses; empty groups are left out."""
    for group in MENU:
        pages = [(entry, url) for entry in group.entries if entry.allowed(scope) and (url := url_of(entry.url_name))]
        if pages:
            yield group, pages
