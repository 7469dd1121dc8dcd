"""The figures as a small table."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from scoring.bench.measuring import Measured

_HUNDREDTH, _MILLISECOND = Decimal("0.01"), Decimal(1_000_000)


def table(measured: Sequence[Measured]) -> Iterator[str]:
    """The first one measured is the floor."""
    floor = measured[0]
    heads = ("", _("SQL"), _("limit"), "", _("CPU, ms"), _("limit"), "", _("x floor"), _("limit"), "")
    rows = [heads, *(_row(one, floor) for one in measured)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for name, *figures in rows:
        cells = [figure.rjust(width) for figure, width in zip(figures, widths[1:], strict=True)]
        yield "  ".join([name.ljust(widths[0]), *cells]).rstrip()


def _row(one: Measured, floor: Measured) -> tuple[str, ...]:
    limits = one.subject.limits
    return (
        one.subject.name,
        str(len(one.sql)),
        "" if limits.sql is None else str(limits.sql),
        "" if limits.sql is None else _verdict(one.keeps_sql()),
        _decimal(Decimal(one.cpu) / _MILLISECOND),
        "" if limits.milliseconds is None else str(limits.milliseconds),
        "" if limits.milliseconds is None else _verdict(one.keeps_milliseconds()),
        _decimal(one.times(floor)),
        "" if limits.cpu is None else _decimal(limits.cpu),
        "" if limits.cpu is None else _verdict(one.keeps_cpu(floor)),
    )


def _verdict(is_kept: bool) -> str:
    return _("ok") if is_kept else _("over")


def _decimal(value: Decimal) -> str:
    return f"{value.quantize(_HUNDREDTH)}".replace(".", ",")
