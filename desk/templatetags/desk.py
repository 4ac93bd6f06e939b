"""The sidebar and the top bar: what this user may open, and nothing else."""

from __future__ import annotations

from django import template

from crm.permissions import Permission
from desk.menu import pages_for, url_of

register = template.Library()


@register.inclusion_tag("desk/_sidebar.html", takes_context=True)
def sidebar(context):
    request = context["request"]
    return {
        "groups": [
            {
                "label": group.label,
                "heading": group.heading,
                "entries": [
                    {"url": url, "label": entry.label, "icon": entry.icon, "current": request.path.startswith(url)}
                    for entry, url in pages
                ],
            }
            for group, pages in pages_for(request.scope)
        ]
    }


@register.inclusion_tag("desk/_topbar.html", takes_context=True)
def topbar(context):
    request = context["request"]
    scope = request.scope
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "user": request.user,
        "query": request.GET.get("q", ""),
        "search_url": url_of("case_list") if scope.may_somewhere(Permission.VIEW_CASES) else "",
        "new_case_url": url_of("case_new") if scope.may_somewhere(Permission.WORK_CASES) else "",
        "help_url": url_of("help_lifecycle"),
    }
