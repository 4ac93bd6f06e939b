"""The sidebar and the top bar: what this user may open, and nothing else."""

from __future__ import annotations

from django import template

from crm.permissions import Permission
from desk.menu import pages_for, url_of

register = template.Library()


@register.inclusion_tag("desk/_sidebar.html", takes_context=True)
def sidebar(context):
    request = context["request"]
    groups = list(pages_for(request.scope))
    addresses = [url for _group, pages in groups for _entry, url in pages]
    here = max((url for url in addresses if request.path.startswith(url)), key=len, default="")
    return {
        "groups": [
            {
                "label": group.label,
                "heading": group.heading,
                "entries": [
                    {"url": url, "label": entry.label, "icon": entry.icon, "current": url == here}
                    for entry, url in pages
                ],
            }
            for group, pages in groups
        ]
    }


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
