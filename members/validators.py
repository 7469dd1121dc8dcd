"""What the rules of a year may say, checked wherever they are saved."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

SECTION_PREFIX = "section:"
FEWEST_PENALTY_POINTS = "fewest_penalty_points"
SMALLEST_CORRECTION = "smallest_correction"
EARLIEST_SUBMISSION = "earliest_submission"
_TIE_BREAKS = (FEWEST_PENALTY_POINTS, SMALLEST_CORRECTION, EARLIEST_SUBMISSION)


def validate_tie_breaks(names: object) -> None:
    """Raises ValidationError unless `names` is a list of tie-breaks that the ranking knows (domain.md 5.4)."""
    if not isinstance(names, list):
        raise ValidationError(_("Tie-breaks are a list."))
    for name in names:
        is_section = isinstance(name, str) and name.startswith(SECTION_PREFIX) and name != SECTION_PREFIX
        if not is_section and name not in _TIE_BREAKS:
            raise ValidationError(_("“%(name)s” is not a tie-break the ranking knows.") % {"name": name})


def validate_bands(bands: object) -> None:
    """Raises ValidationError unless every band has a name and a lower bound that is a number, each bound once."""
    if not isinstance(bands, list):
        raise ValidationError(_("Bands are a list."))
    bounds = [_bound_of(band) for band in bands]
    _check_once(bounds)


def _bound_of(band: object) -> Decimal:
    if not isinstance(band, dict) or not str(band.get("name", "")).strip():
        raise ValidationError(_("Every band needs a name."))
    try:
        bound = Decimal(str(band.get("from")))
    except InvalidOperation:
        bound = Decimal("NaN")
    if not bound.is_finite() or bound < 0:
        raise ValidationError(_("The band %(name)s needs the points from which it begins.") % {"name": band["name"]})
    return bound


def _check_once(bounds: Sequence[Decimal]) -> None:
    if len(set(bounds)) != len(bounds):
        raise ValidationError(_("Two bands begin at the same points."))
