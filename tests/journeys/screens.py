"""Where things are on the pages, for the journeys: an address, a line of the sheet, a button by its words."""

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext


def vi(msgid: str) -> str:
    """The Vietnamese words that people read for a source string."""
    with translation.override("vi"):
        return gettext(msgid)


def of_year(name, world, **more):
    return reverse(name, kwargs=world.url_kwargs() | more)


def of_card(name, world, membership=None):
    return of_year(name, world, code=(membership or world.member).unit.code)


def value_of(page, code):
    """The input or list in which the value of a line is written."""
    return page.locator(f"#line-{code}").locator("input[name^=value-], select[name^=value-]")


def text_of(page, code):
    return page.locator(f"#line-{code} textarea")


def state_of(page, code):
    """Where the page says whether the line is saved, or what is wrong with it."""
    return page.locator(f"#line-{code} .state")


def write(field, value):
    if field.evaluate("field => field.tagName") == "SELECT":
        field.select_option(value)
    else:
        field.fill(value)


def status_of(page):
    return page.locator(".subheading .status")


def todo(page, words):
    """The thing to do on the home page that names `words`."""
    return page.locator(".todo a", has_text=words)


def button(page, msgid):
    return page.get_by_role("button", name=vi(msgid), exact=True)


def link(page, msgid):
    return page.get_by_role("link", name=vi(msgid), exact=True)
