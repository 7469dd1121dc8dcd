"""The only reader of numbers that people type: Vietnamese notation, whatever the language of the words around it."""

import re
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cluster_app.lib.errors import Refused
from cluster_app.lib.points import format_value

MOST_WHOLE_DIGITS = 13
MOST_CHARACTERS = 40
MINUS_SIGN = "\N{MINUS SIGN}"

# A grouped number does not start with a zero: "0.500" is a half written the English way, not five hundred.
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(\.[0-9]{3})+")
_NUMBER = re.compile(r"(?P<sign>[-+]?)(?P<whole>[0-9.]+)(,(?P<decimals>[0-9]+))?")


def parse_decimal(text: str, *, maximum: Decimal | None = None, places: int = 2) -> Decimal:
    """Returns the number a person typed, such as "8,75", "1.234,5" or "−2".

    Raises Refused, with a hint how to write it, for everything that could be misread, for more than `places` decimals
    and for more than `maximum`. Where the maximum is under 1000 a dot can only be a mistaken decimal comma.
    """
    typed = text.strip().replace(MINUS_SIGN, "-")
    if not typed:
        raise Refused(_("Enter a number."))
    if typed.count(",") > 1:
        raise Refused(_("Write only one comma, before the decimals, for example 1.234,5."))
    match = _NUMBER.fullmatch(typed)
    if match is None or len(typed) > MOST_CHARACTERS:
        raise Refused(_("Write the number in digits with a decimal comma, for example 8,75."))
    whole, decimals = match["whole"], match["decimals"] or ""
    if "." in whole:
        _check_grouping(typed, whole, decimals, maximum)
        whole = whole.replace(".", "")
    _check_length(whole, decimals, places)
    value = Decimal(f"{match['sign']}{whole}.{decimals}")
    if maximum is not None and value > maximum:
        raise Refused(_("At most %(maximum)s is possible here.") % {"maximum": format_value(maximum)})
    return value if value else abs(value)


def _check_grouping(typed: str, whole: str, decimals: str, maximum: Decimal | None) -> None:
    if not _GROUPED.fullmatch(whole):
        if re.fullmatch(r"[0-9]+\.[0-9]+", whole) and not decimals:
            hint = _("The decimals follow a comma: write %(suggestion)s instead of %(typed)s.")
            raise Refused(hint % {"suggestion": format_value(Decimal(typed)), "typed": typed})
        raise Refused(_("A dot stands before each group of three digits only, for example 1.234,5."))
    if maximum is not None and maximum < 1000:
        hint = _(
            "%(typed)s would be more than a thousand, but at most %(maximum)s is possible here. "
            "The decimals follow a comma, for example 8,75."
        )
        raise Refused(hint % {"typed": typed, "maximum": format_value(maximum)})


def _check_length(whole: str, decimals: str, places: int) -> None:
    if len(whole) > MOST_WHOLE_DIGITS:
        raise Refused(_("Write at most %(count)d digits before the comma.") % {"count": MOST_WHOLE_DIGITS})
    if len(decimals) > places:
        if not places:
            raise Refused(_("Write a whole number, without decimals."))
        hint = ngettext(
            "Write at most %(count)d digit after the comma.", "Write at most %(count)d digits after the comma.", places
        )
        raise Refused(hint % {"count": places})
