from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DocumentKind(TextChoices):
    ANNUAL_SUMMARY = "annual_summary", _("Annual summary")
    SCORECARD = "scorecard", _("Scorecard")
    SCORE_TABLE = "score_table", _("Score table")
    PLEDGE = "pledge", _("Pledge agreement")
