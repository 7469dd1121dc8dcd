"""The tables of the tally page, every figure written out."""

from decimal import Decimal

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from awards.calculations import Breakdown, Count, FormRow, LevelPart, SystemPart
from awards.enums import AwardLevel, RecipientKind
from awards.queries import Tally, UnitRow
from cluster_app.lib import charts
from cluster_app.lib.points import NO_FIGURE, format_percent, format_signed
from cluster_app.lib.wording import date_short, whole_number


def tally_page(tally: Tally) -> dict[str, object]:
    """The tables of the tally page, every figure written out."""
    return {
        "period": _("Decisions from %(start)s to %(end)s")
        % {"start": date_short(tally.counted_from), "end": date_short(tally.counted_to)},
        "summary": _summary(tally),
        "levels": form_parts(tally.levels),
        "total": _cells(tally.breakdown),
        "units": [_unit_cells(row) for row in tally.units],
        "units_total": _units_total(tally),
        "others": form_parts(tally.others),
        "previous_year": tally.previous_year,
        "chart": _chart(tally),
        "late": _late_sentence(tally.late_count),
    }


def form_parts(parts: tuple[LevelPart | SystemPart, ...]) -> list[dict[str, object]]:
    """Each part with its forms and their subtotal."""
    return [
        {"label": part.label, "rows": [_form_cells(row) for row in part.rows], "subtotal": _cells(part.subtotal)}
        for part in parts
    ]


def _summary(tally: Tally) -> list[tuple[str, str]]:
    total = tally.total
    pairs = [
        (_("Collective occasions"), whole_number(total.collective)),
        (_("Individual occasions"), whole_number(total.individual)),
    ]
    if total.household:
        pairs.append((_("Household occasions"), whole_number(total.household)))
    share = f"{whole_number(tally.direct_worker_count)} ({format_percent(tally.direct_worker_percent)})"
    return [*pairs, (_("Direct workers among the individuals"), share)]


def _late_sentence(count: int) -> str:
    if not count:
        return ""
    text = ngettext(
        "%(count)d occasion was recorded after the results were published.",
        "%(count)d occasions were recorded after the results were published.",
        count,
    )
    return text % {"count": count}


def _form_cells(row: FormRow) -> dict[str, object]:
    return {"name": row.name, **_cells(row.breakdown)}


def _cells(breakdown: Breakdown) -> dict[str, str]:
    count = breakdown.count
    figures = {
        "collective": count.collective,
        "individual": count.individual,
        "household": count.household,
        "total": breakdown.total,
        "merit": breakdown.merit,
        "thematic": breakdown.thematic,
        "adhoc": breakdown.adhoc,
    }
    return {name: whole_number(figure) for name, figure in figures.items()}


def _unit_cells(row: UnitRow) -> dict[str, object]:
    return {
        "name": row.membership.name,
        "title": row.membership.title,
        "levels": [_pair(row.levels[level]) for level in AwardLevel.values],
        "total": _pair(row.total),
        "sum": whole_number(row.total.total),
        "previous": whole_number(row.previous.total) if row.previous else NO_FIGURE,
        "change": _change(row.change_percent),
    }


def _units_total(tally: Tally) -> dict[str, object]:
    return {
        "levels": [_pair(part.subtotal.count) for part in tally.levels],
        "total": _pair(tally.total),
        "sum": whole_number(tally.total.total),
        "previous": whole_number(tally.previous_total.total) if tally.previous_total else NO_FIGURE,
        "change": _change(tally.change_percent),
    }


def _pair(count: Count) -> dict[str, str]:
    return {"collective": whole_number(count.collective), "individual": whole_number(count.individual)}


def _change(percent: Decimal | None) -> str:
    return NO_FIGURE if percent is None else f"{format_signed(percent)}%"


def _chart(tally: Tally) -> SafeString:
    """Occasions of each level by kind of recipient; the table beside gives the same figures."""
    bars = [
        charts.StackedBar(
            str(part.label),
            (part.subtotal.count.collective, part.subtotal.count.individual),
            f"{whole_number(part.subtotal.count.collective)} / {whole_number(part.subtotal.count.individual)}",
        )
        for part in tally.levels
    ]
    names = [str(RecipientKind.COLLECTIVE.label), str(RecipientKind.INDIVIDUAL.label)]
    return charts.stacked_chart(_("Occasions by level"), names, bars, layout=charts.NARROW)
