"""The rows of ranking and matrix as markup, for the same reason as those of a `sheet`."""

from collections.abc import Iterable

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cluster_app.lib.points import NO_FIGURE
from members.addresses import year_url
from members.models import EmulationYear
from scoring.tables import MatrixRow, ResultRow, Results

register = template.Library()

_NOTHING = conditional_escape("")
_FIGURE = '<td data-label="{}" class="num">{}</td>'
_RESULT = (
    '<tr{css}><th scope="row">{name}{title}{note}</th><td data-label="{rank_label}" class="num rank">{rank}</td>'
    '{sections}<td data-label="{base_label}" class="num">{base}</td>'
    '<td data-label="{bonus_label}" class="num">{bonus}</td><td data-label="{penalty_label}" class="num">{penalty}</td>'
    '<td data-label="{total_label}" class="num"><strong>{total}</strong></td>{percent}'
    '<td data-label="{gap_label}" class="num">{gap}</td><td data-label="{band_label}">{band}</td></tr>\n'
)
_MATRIX_GROUP = (
    '<tr class="group"><th scope="row"><span class="code">{code}</span>{title}</th>'
    '<td class="num">{maximum}</td>{cells}</tr>\n'
)
_MATRIX_LEAF = '<tr><th scope="row"><a href="{url}">{code}</a> {title}</th><td class="num">{maximum}</td>{cells}</tr>\n'


@register.simple_tag
def result_rows(results: Results) -> SafeString:
    """Draws the ranking, a row for each unit."""
    labels = {
        "rank_label": _("Rank"),
        "base_label": _("Base"),
        "bonus_label": _("Bonus"),
        "penalty_label": _("Penalty"),
        "total_label": _("Total"),
        "gap_label": _("Gap"),
        "band_label": _("Band"),
    }
    words = {name: conditional_escape(label) for name, label in labels.items()}
    percent = _("Percent") if results.shows_percent else ""
    return format_html_join("", "{}", ((_result(row, words, percent),) for row in results.rows))


@register.simple_tag
def matrix_rows(rows: Iterable[MatrixRow], year: EmulationYear) -> SafeString:
    """Draws the matrix, a row for each criterion; leaves lead to all units beside each other."""
    return format_html_join("", "{}", ((_criterion(row, year),) for row in rows))


def _result(row: ResultRow, words: dict[str, SafeString], percent: str) -> SafeString:
    title = row.membership.title
    return format_html(
        _RESULT,
        css=_row_class(row),
        name=row.membership.name,
        title=format_html(' <span class="role">{}</span>', title) if title else _NOTHING,
        note=format_html('<span class="how">{}</span>', row.note) if row.note else _NOTHING,
        rank=row.rank,
        sections=format_html_join("", _FIGURE, ((cell.label, cell.text) for cell in row.sections)),
        base=row.base,
        bonus=row.bonus,
        penalty=row.penalty,
        total=row.total,
        percent=format_html(_FIGURE, percent, row.percent) if percent else _NOTHING,
        gap=row.gap,
        band=row.band,
        **words,
    )


def _row_class(row: ResultRow) -> SafeString:
    if row.is_first:
        return format_html(' class="{}"', "rank-1")
    return format_html(' class="{}"', "no-figures") if row.total == NO_FIGURE else _NOTHING


def _criterion(row: MatrixRow, year: EmulationYear) -> SafeString:
    figures = {"code": row.code, "title": row.title, "maximum": row.maximum, "cells": row.cells}
    if row.is_group:
        return format_html(_MATRIX_GROUP, **figures)
    return format_html(_MATRIX_LEAF, url=year_url("scoring:criterion_review", year, code=row.code), **figures)
