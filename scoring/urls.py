from django.urls import include, path, register_converter
from django.urls.converters import StringConverter

from scoring.views import (
    criteria,
    criteria_editing,
    excel,
    lines,
    publication,
    ranking,
    reopening,
    review,
    scorecards,
    submission,
    targets,
    trial,
)
from scoring.views import criteria_sets as set_views

app_name = "scoring"


class CodeConverter(StringConverter):
    """A code of a unit or a criterion. PostgreSQL refuses to be asked for a text with a NUL."""

    regex = r"[^/\0]+"


register_converter(CodeConverter, "code")

one_card = [
    path("", scorecards.scorecard_detail, name="scorecard_detail"),
    path("print/", scorecards.scorecard_print, name="scorecard_print"),
    path("save/", lines.scorecard_save, name="scorecard_save"),
    path("line/", lines.line_save, name="line_save"),
    path("export/", excel.scorecard_export, name="scorecard_export"),
    path("import/", excel.scorecard_import, name="scorecard_import"),
    path("refresh/", submission.scorecard_refresh, name="scorecard_refresh"),
    path("submit/", submission.scorecard_submit, name="scorecard_submit"),
    path("review/", review.scorecard_review, name="scorecard_review"),
    path("review/save/", lines.review_save, name="review_save"),
    path("review/line/", lines.review_line_save, name="review_line_save"),
    path("review/accept/", review.scorecard_accept, name="scorecard_accept"),
    path("review/conclude/", review.scorecard_conclude_review, name="scorecard_conclude_review"),
    path("return/", review.scorecard_return, name="scorecard_return"),
    path("reopen/", reopening.scorecard_reopen, name="scorecard_reopen"),
    path("reopen/confirm/", reopening.scorecard_reopen_confirm, name="scorecard_reopen_confirm"),
    path("reopen/withdraw/", reopening.scorecard_reopen_withdraw, name="scorecard_reopen_withdraw"),
]

cards = [
    path("", scorecards.scorecard_list, name="scorecard_list"),
    path("<code:code>/", include(one_card)),
]

result = [
    path("", ranking.ranking, name="ranking"),
    path("print/", ranking.ranking_print, name="ranking_print"),
    path("matrix/", ranking.matrix, name="matrix"),
    path("matrix/<code:code>/", ranking.criterion_review, name="criterion_review"),
    path("publication/", publication.publication, name="publication"),
    path("publication/confirm/", publication.publication_confirm, name="publication_confirm"),
    path("publication/withdraw/", publication.publication_withdraw, name="publication_withdraw"),
]

criteria_sets = [
    path("", criteria.criteria, name="criteria"),
    path("versions/<int:version>/", criteria.criteria_version, name="criteria_version"),
    path("edit/", criteria_editing.criteria_edit, name="criteria_edit"),
    path("edit/head/", criteria_editing.criteria_head, name="criteria_head"),
    path("edit/add/", criteria_editing.criterion_add, name="criterion_add"),
    path("edit/sort/", criteria_editing.criteria_sort, name="criteria_sort"),
    path("edit/<int:pk>/", criteria_editing.criterion_edit, name="criterion_edit"),
    path("edit/<int:pk>/move/", criteria_editing.criterion_move, name="criterion_move"),
    path("edit/<int:pk>/delete/", criteria_editing.criterion_delete, name="criterion_delete"),
    path("apply/", set_views.criteria_apply, name="criteria_apply"),
    path("new-version/", set_views.criteria_new_version, name="criteria_new_version"),
    path("copy/", set_views.criteria_copy, name="criteria_copy"),
    path("export/", excel.criteria_export, name="criteria_export"),
    path("template/", excel.criteria_template, name="criteria_template"),
    path("import/", excel.criteria_import, name="criteria_import"),
]

asked = [
    path("", targets.targets, name="targets"),
    path("history/", targets.targets_history, name="targets_history"),
    path("<code:unit>/<code:criterion>/", targets.target_edit, name="target_edit"),
]

looked_at = [
    path("trial/", trial.criteria_trial, name="criteria_trial"),
    path("analysis/", trial.criteria_analysis, name="criteria_analysis"),
    path("analysis/print/", trial.criteria_analysis_print, name="criteria_analysis_print"),
]

urlpatterns = [
    path("", include("scoring.home.urls")),
    path("", include("scoring.year_end.urls")),
    path("scorecards/", include(cards)),
    path("ranking/", include(result)),
    path("targets/", include(asked)),
    path("criteria/", include(looked_at)),
    path("criteria/", include(criteria_sets)),
]
