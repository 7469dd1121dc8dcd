"""Reading pages of scoring in tests: addresses, and what stands on the page as people read it."""

import re
from html import unescape

from django.urls import reverse

from members.addresses import year_url
from scoring.models import Scorecard


def address(name: str, card: Scorecard) -> str:
    return year_url(f"scoring:{name}", card.membership.year, code=card.membership.unit.code)


def year_address(name: str, world, **kwargs) -> str:
    return reverse(f"scoring:{name}", kwargs=world.url_kwargs() | kwargs)


def content(response) -> str:
    return response.content.decode()


def text_of(response) -> str:
    """The words of the page, without its markup, each run of blanks as one."""
    without_tags = re.sub(r"<[^>]+>", " ", content(response))
    return re.sub(r"\s+", " ", unescape(without_tags)).strip()


def row_of(response, anchor: str) -> str:
    """The words of the table row with this id or this row header."""
    rows = re.findall(r"<tr.*?</tr>", content(response), re.DOTALL)
    head = re.compile(rf">\s*{re.escape(anchor)}\s*<")
    found = next(row for row in rows if f'id="{anchor}"' in row or head.search(row))
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", found))).strip()


def typed(card: Scorecard, **values) -> dict[str, str]:
    """What the sheet sends: `A1=("98,5", "note")` or `A1="98,5"`, with the versions as they are now."""
    data = {}
    for code, value in values.items():
        line = card.lines.get(criterion__code=code)
        number, text = value if isinstance(value, tuple) else (value, f"Ghi chú {code}")
        data |= {f"value-{line.pk}": number, f"text-{line.pk}": text, f"version-{line.pk}": str(line.version)}
    return data
