from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from cluster_app.lib import triggers
from scoring.triggers import TRIGGERS


class ScoringConfig(AppConfig):
    name = "scoring"
    verbose_name = _("Scoring")

    def ready(self) -> None:
        from cluster_app.audit import rows  # noqa: PLC0415 - models can be imported only once apps are loaded
        from members.services import years  # noqa: PLC0415
        from scoring import protection  # noqa: PLC0415
        from scoring.services import phases  # noqa: PLC0415

        triggers.register(*TRIGGERS)
        for model, queryset in protection.ROWS.items():
            rows.protect(model, queryset, protection.AS_LOGGED.get(model))
        years.freeze_ranking_rules(phases.ranking_rules_frozen)
        for phase, check in phases.CHECKS.items():
            years.require(phase, check)
        for phase, act in phases.FOLLOW_UPS.items():
            years.follow(phase, act)
