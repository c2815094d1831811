"""The parts of the look as template tags: `{% load portal %}`. Everything that people wrote is escaped.

A *person* in here is any object with `seat_kind` ("family", "community", "pro", "open"), `initials`, `display_name`,
`short_name` and `role_words`.
"""

from datetime import datetime

from django import template
from django.forms import Field
from django.template.defaultfilters import linebreaks_filter
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from soc_portal import context as frame
from soc_portal import days, pictures

register = template.Library()

# The seven statuses, and no others: DESIGN calls each by its icon, words and tint together.
STATES = ("todo", "doing", "done", "late", "wait", "stop", "lock")
NOTICES = {"success": ("done", "done"), "error": ("late", "late"), "warning": ("wait", "wait")}


def _state(state):
    if state not in STATES:
        raise ValueError(f"no such status: {state!r}; the statuses are {', '.join(STATES)}")
    return state


def _seat(initials, kind, size=""):
    if kind not in pictures.KINDS:
        raise ValueError(f"no such kind of seat: {kind!r}")
    css = f"seat seat-{size}" if size else "seat"
    return format_html('<span class="{} is-{}" aria-hidden="true">{}</span>', css, kind, initials)


for _words in (days.short_day, days.long_day, days.short_moment, days.long_moment):
    register.filter(_words.__name__, _words)


@register.filter
def start_time(start, end):
    """`{{ meeting.starts_at|start_time:meeting.ends_at }}`: without "pm" where the end says it."""
    return days.start_time(timezone.localtime(start), timezone.localtime(end))


@register.simple_tag
def icon(name, css=""):
    return pictures.icon(name, css)


@register.simple_tag
def mark():
    return pictures.mark()


@register.simple_tag
def seat(person, size=""):
    """The shape with the initials; size "", "s" or "l". Hidden from screen readers: write the name beside it."""
    return _seat(person.initials, person.seat_kind, size)


@register.simple_tag
def seat_mark(text, kind="open", size=""):
    """A seat without a person: `{% seat_mark "+" "open" %}` for "invite someone"."""
    return _seat(text, kind, size)


@register.simple_tag
def person(who, role=None, size=""):
    """Seat, full name and role; `role` replaces the person's own role words."""
    words = who.role_words if role is None else role
    small = format_html("<small>{}</small>", words) if words else ""
    return format_html(
        '<span class="person">{}<span><b>{}</b>{}</span></span>', seat(who, size), who.display_name, small
    )


@register.simple_tag(name="who")
def who_list(people):
    """A short list of people in a line: small seat and short name."""
    rows = ((seat(p, "s"), p.short_name) for p in people)
    return format_html('<ul class="who">{}</ul>', format_html_join("", "<li>{} {}</li>", rows))


@register.simple_tag
def badge(state, text):
    """One of the seven statuses with its words. Anything else (counts, categories) is a `.chip`."""
    return format_html('<span class="badge is-{}">{} {}</span>', _state(state), pictures.icon(state), text)


@register.simple_tag
def dots(states):
    """One small icon a step, at most 8. Hidden from screen readers: always write "1 of 4 steps done" beside it."""
    parts = ((_state(s), pictures.icon(s)) for s in states)
    return format_html(
        '<span class="dots" aria-hidden="true">{}</span>', format_html_join("", '<span class="is-{}">{}</span>', parts)
    )


@register.simple_tag
def voice(text, who, when="", size="", lang=""):
    """The family's own words, signed. `when` is shown after the role; `lang` when the words are in another language."""
    role = who.role_words
    if when:
        role = _("%(role)s, %(when)s") % {"role": role, "when": when} if role else when
    lines = linebreaks_filter(f"“{text}”", autoescape=True)
    tongue = format_html(' lang="{}"', lang) if lang else ""
    return format_html(
        '<figure class="{}"><blockquote{}>{}</blockquote><figcaption>{}</figcaption></figure>',
        f"voice voice-{size}" if size else "voice", tongue, lines, person(who, role),
    )  # fmt: skip


@register.simple_tag
def keys(items):
    """A key of shapes: `items` are (kind, words)."""
    rows = ((kind, pictures.key_shape(kind), words) for kind, words in items)
    return format_html('<ul class="keys">{}</ul>', format_html_join("", '<li class="is-{}">{} {}</li>', rows))


@register.simple_tag
def circle_keys(people):
    """The key under the circle of support, counted from the same people."""
    return keys(pictures.circle_keys(people))


@register.simple_tag
def crumbs(*pairs):
    """Where this page hangs: `{% crumbs team_words team_url meetings_words meetings_url %}`, outermost first."""
    if len(pairs) % 2:
        raise ValueError("crumbs takes pairs: words, address, words, address")
    rows = zip(pairs[1::2], pairs[::2], strict=True)
    items = format_html_join("", '<li><a href="{}">{}</a></li>', rows)
    return format_html('<nav class="crumbs" aria-label="{}"><ol>{}</ol></nav>', _("You are here"), items)


@register.simple_tag
def date_tile(day):
    """The gold date block (weekday, day, month). Hidden from screen readers: write the date in words beside it."""
    if isinstance(day, datetime) and timezone.is_aware(day):
        day = timezone.localtime(day)
    return format_html(
        '<p class="date" aria-hidden="true"><span>{}</span><b>{}</b><span>{}</span></p>',
        date_format(day, "D"), date_format(day, "j"), date_format(day, "M"),
    )  # fmt: skip


@register.simple_tag
def count_tile(count, words):
    """The quiet block for a count of days: `{% count_tile 18 words %}`."""
    return format_html('<span class="date date-s" aria-hidden="true"><b>{}</b>{}</span>', count, words)


@register.simple_tag
def circle_svg(people, centre, with_names="", title="", desc="", uid="circle"):
    return pictures.circle(people, centre, with_names, title or _("Our team around the table"), desc, uid)


@register.simple_tag
def council_svg(places, title, desc, big, first="", second="", uid="council"):
    """A group's table: `places` have `seat_kind` and `number`; the last words stand on the table."""
    return pictures.council(places, title, desc, big, (first, second), uid)


@register.simple_tag
def council_keys(places):
    """The key under a group's table, counted from the same seats."""
    return keys(pictures.council_keys(places))


@register.simple_tag
def marks(part, whole, label, needed=None, css=""):
    """So many of so many: `{% marks 4 22 words css="is-family" %}`. Always with the same in words beside it."""
    return pictures.marks(part, whole, label, needed, css)


@register.simple_tag
def door_svg():
    return pictures.door()


@register.simple_tag
def scale10(was, now, label):
    return pictures.scale10(was, now, label)


@register.simple_tag
def sun_svg(there, training, label):
    """One seed a Family Partner, up to the 1,000 that are wanted; write the numbers beside it."""
    return pictures.sun(there, training, label)


@register.simple_tag
def quorum(coming, filled, needed):
    """The bar of "do we have enough people to vote?"; write the sentence beside it."""
    return pictures.quorum(coming, filled, needed)


@register.simple_tag
def spark(values, label, reference=None):
    """A line over time, 0 to 100: `{% spark values label 90 %}` dots the aim across. Write the numbers beside it."""
    return pictures.spark(values, label, reference)


@register.simple_tag
def notice_look(message):
    """(meaning, icon) of a Django message, from its level."""
    return NOTICES.get(message.level_tag, ("doing", "info"))


def _anchor(field):
    return field.id_for_label or (f"{field.auto_id}_0" if field.auto_id else "")


@register.simple_tag
def problems(form):
    """[(anchor, words)] for the summary of what to fix: a form's or a formset's errors, in the order of the page."""
    found = []
    if hasattr(form, "forms"):
        found += [("", words) for words in form.non_form_errors()]
        for one in form.forms:
            found += problems(one)
        return found
    found += [("", words) for words in form.non_field_errors()]
    for field in form:
        found += [("" if field.is_hidden else _anchor(field), _full(field, words)) for words in field.errors]
    return found


def _full(field, words):
    """Django's bare "This field is required." says nothing in a list: there it is said with the question."""
    if words != Field.default_error_messages["required"]:
        return words
    return _("%(question)s %(problem)s") % {"question": field.label, "problem": words}


def _team_id(context):
    """The team whose page this is: `team` in the view's context, if it has been saved."""
    return getattr(context.get("team"), "pk", None)


@register.simple_tag(takes_context=True)
def main_tabs(context):
    """The bar under the header for this reader; nothing on pages without the frame's context (error pages)."""
    nav = context.get("nav")
    current = frame.current_tab(context.get("request"), context)
    return frame.main_tabs(nav, _team_id(context), current) if nav else []


@register.simple_tag(takes_context=True)
def team_tabs(context):
    """The second bar, for staff within a team."""
    nav = context.get("nav")
    current = frame.current_tab(context.get("request"), context)
    return frame.team_tabs(nav, _team_id(context), current) if nav else []
