"""Template tags for what the case owns."""

from django import template

from cases.lifecycle import State

register = template.Library()


@register.inclusion_tag("_components/state.html")
def state_tag(state: str):
    """A case's state as a tag with its label; `state` is the stored value."""
    return {"state": State(state)}
