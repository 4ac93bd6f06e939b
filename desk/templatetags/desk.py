"""The sidebar and the top bar: what this user may open, and nothing else."""

from __future__ import annotations

from django import template

from crm.permissions import Permission
from desk.counts import COUNTED, sidebar_counts
from desk.menu import Entry, pages_for, url_of

register = template.Library()


@register.inclusion_tag("desk/_sidebar.html", takes_context=True)
def sidebar(context):
    request = context["request"]
    groups = list(pages_for(request.scope))
    here = _here([page for _group, pages in groups for page in pages], request.path)
    # «page» for the page itself, «true» for what stands under it, as aria-current says it.
    current = "page" if request.path == here else "true"
    counts = sidebar_counts(request.scope, request.today)
    return {
        "groups": [
            {
                "label": group.label,
                "heading": group.heading,
                "entries": [
                    {
                        "name": entry.url_name,
                        "url": url,
                        "label": entry.label,
                        "icon": entry.icon,
                        "count": counts.get(entry.url_name),
                        "counts": COUNTED.get(entry.url_name, "") if entry.url_name in counts else "",
                        "current": current if url == here else "",
                    }
                    for entry, url in pages
                ],
            }
            for group, pages in groups
        ]
    }


@register.inclusion_tag("desk/_counts.html", takes_context=True)
def sidebar_numbers(context):
    """The sidebar's numbers as they are now, for an answer that is not a whole page."""
    request = context["request"]
    return {"counts": sidebar_counts(request.scope, request.today)}


def _here(pages: list[tuple[Entry, str]], path: str) -> str:
    """The address of the line under which a page stands: the longest that its own begins with; "" where none does."""
    places = [(prefix, url) for entry, url in pages for prefix in (url, entry.also) if prefix]
    return max(((prefix, url) for prefix, url in places if path.startswith(prefix)), default=("", ""))[1]


@register.inclusion_tag("desk/_topbar.html", takes_context=True)
def topbar(context):
    request = context["request"]
    scope = request.scope
    search_url = url_of("case_list") if scope.may_somewhere(Permission.VIEW_CASES) else ""
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "user": request.user,
        "search_url": search_url,
        "query": request.GET.get("q", "") if request.path == search_url else "",
        "new_case_url": url_of("case_new") if scope.may_somewhere(Permission.WORK_CASES) else "",
        "help_url": url_of("help_lifecycle"),
    }
