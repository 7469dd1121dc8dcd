"""Small pieces every page uses: icons, statuses, the path to a page, the steps of the year."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.core.paginator import Page
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

register = template.Library()

NOTICE_ICONS = {
    "success": "check-circle",
    "warning": "exclamation-triangle",
    "error": "x-circle",
}
CHECK_ICONS = {"block": "x-circle", "warn": "exclamation-triangle", "ok": "check-circle"}


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draws an icon of `static/icons.svg`; with a label it speaks, without one it is decoration."""
    address = f"{static('icons.svg')}#{name}"
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"></use></svg>', label, address)
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"></use></svg>', address)


@register.inclusion_tag("_components/_status.html")
def status_badge(status: Mapping[str, str]) -> dict[str, Any]:
    """Shows a status: `css` names shape and colour, `label` is the word people read."""
    return {"status": status}


@register.inclusion_tag("_components/_breadcrumbs.html", takes_context=True)
def breadcrumbs(context: template.Context, *labels_and_urls: Any) -> dict[str, Any]:
    """Shows the path to a page: label, url, label, url, …, label. Home stands first by itself."""
    frame = context.get("frame")
    items = [{"label": _("Home"), "url": frame["home_url"]}] if frame else []
    parts = [*labels_and_urls, None] if len(labels_and_urls) % 2 else list(labels_and_urls)
    items += [{"label": label, "url": url} for label, url in zip(parts[::2], parts[1::2], strict=True)]
    return {"items": items}


@register.inclusion_tag("_components/_phases.html")
def phase_stepper(phases: Iterable[Mapping[str, str]]) -> dict[str, Any]:
    """Shows the steps of the year, each with its word for those who hear the page."""
    words = {"done": _("done"), "current": _("now"), "todo": _("to come")}
    return {
        "phases": [
            {**phase, "is_current": phase["state"] == "current", "state_label": words[phase["state"]]}
            for phase in phases
        ]
    }


@register.simple_tag(takes_context=True)
def display_attributes(context: template.Context) -> SafeString:
    """Attributes of `<html>` for the person's choice of brightness and text size, so that it holds without a script."""
    user = context.get("user")
    theme = getattr(user, "theme", "")
    attributes = [format_html(' data-bs-theme="{}"', theme)] if theme in ("light", "dark") else []
    if getattr(user, "is_large_font", False):
        attributes.append(format_html(' data-font="{}"', "large"))
    return format_html_join("", "{}", ((attribute,) for attribute in attributes))


@register.inclusion_tag("_components/_user_menu.html", takes_context=True)
def user_menu(context: template.Context) -> dict[str, Any]:
    """Shows the person's own choices (language, brightness, text size), the password link and the way out."""
    user, frame, language = context["user"], context.get("frame"), get_language()
    themes = [("auto", "circle-half", _("Device")), ("light", "sun", _("Light")), ("dark", "moon-stars", _("Dark"))]
    return {
        "user": user,
        "user_label": (frame and frame["user_label"]) or user.get_username(),
        "path": context["request"].get_full_path(),
        "languages": [
            {"value": value, "label": label, "is_current": value == language}
            for value, label in (("vi", "Tiếng Việt"), ("en", "English"))
        ],
        "themes": [
            {"value": value, "icon": name, "label": label, "is_current": value == user.theme}
            for value, name, label in themes
        ],
    }


@register.inclusion_tag("_components/_pagination.html", takes_context=True)
def pagination(context: template.Context, page: Page) -> dict[str, Any]:
    """Shows the pages of a list, keeping the other parameters of the address."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    return {
        "has_pages": page.has_other_pages(),
        "pages": [
            {"label": number, "is_current": number == page.number, "is_link": isinstance(number, int)}
            for number in numbers
        ],
    }


@register.simple_tag
def notice_icon(tags: str) -> SafeString:
    """Draws the icon that belongs to a message's level."""
    return icon(next((NOTICE_ICONS[tag] for tag in tags.split() if tag in NOTICE_ICONS), "info-circle"))


@register.simple_tag
def check_icon(level: str) -> SafeString:
    """Draws the icon of a line of a checklist, with its meaning for those who hear the page."""
    labels = {"block": _("Missing"), "warn": _("Check"), "ok": _("In order")}
    return icon(CHECK_ICONS[level], labels[level])


@register.filter
def get(row: Mapping[str, Any], key: str) -> Any:
    """Reads a cell of a row by the column's key; a missing one is empty."""
    return row.get(key, "")
