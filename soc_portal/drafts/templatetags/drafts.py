"""`{% draft_fields %}`: the hidden inputs that keep a form's text safe. How to use it: `soc_portal.drafts.forms`."""

from django import template
from django.utils.html import format_html

from soc_portal.drafts.access import owner_token

register = template.Library()


@register.simple_tag(takes_context=True)
def draft_fields(context, path=""):
    """Hidden `draft_owner` and `draft_path` (this page, unless `path` is given)."""
    request = context["request"]
    return format_html(
        '<input type="hidden" name="draft_owner" value="{}"><input type="hidden" name="draft_path" value="{}">',
        owner_token(request.user),
        path or request.path,
    )
