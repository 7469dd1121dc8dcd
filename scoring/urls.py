from django.urls import include, path, register_converter
from django.urls.converters import StringConverter

from scoring.views import (
    criteria,
    criteria_editing,
    criterion_review,
    estimates,
    evidence,
    excel,
    lines,
    objections,
    pasting,
    publication,
    ranking,
    reopening,
    review,
    reviewers,
    scorecards,
    submission,
    targets,
    trial,
    versions,
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
    path("versions/", versions.scorecard_versions, name="scorecard_versions"),
    path("versions/print/", versions.scorecard_versions_print, name="scorecard_versions_print"),
    path("save/", lines.scorecard_save, name="scorecard_save"),
    path("line/", lines.line_save, name="line_save"),
    path("export/", excel.scorecard_export, name="scorecard_export"),
    path("import/", excel.scorecard_import, name="scorecard_import"),
    path("refresh/", submission.scorecard_refresh, name="scorecard_refresh"),
    path("submit/", submission.scorecard_submit, name="scorecard_submit"),
    path("paste/", pasting.scorecard_paste, name="scorecard_paste"),
    path("paste/undo/", pasting.paste_undo, name="paste_undo"),
    path("estimates/", estimates.estimate_list, name="estimate_list"),
    path("estimates/<int:pk>/", estimates.estimate_replace, name="estimate_replace"),
    path("paper/", submission.scorecard_paper, name="scorecard_paper"),
    path("papers/<int:pk>/", submission.paper_download, name="paper_download"),
    path("evidence/", evidence.evidence_list, name="evidence_list"),
    path("evidence/add/", evidence.evidence_add, name="evidence_add"),
    path("evidence/<int:pk>/", evidence.evidence_download, name="evidence_download"),
    path("evidence/<int:pk>/replace/", evidence.evidence_replace, name="evidence_replace"),
    path("evidence/<int:pk>/hide/", evidence.evidence_hide, name="evidence_hide"),
    path("review/", review.scorecard_review, name="scorecard_review"),
    path("review/save/", lines.review_save, name="review_save"),
    path("review/line/", lines.review_line_save, name="review_line_save"),
    path("review/accept/", review.scorecard_accept, name="scorecard_accept"),
    path("review/conclude/", review.scorecard_conclude_review, name="scorecard_conclude_review"),
    path("return/", review.scorecard_return, name="scorecard_return"),
    path("reopen/", reopening.scorecard_reopen, name="scorecard_reopen"),
    path("reopen/confirm/", reopening.scorecard_reopen_confirm, name="scorecard_reopen_confirm"),
    path("reopen/withdraw/", reopening.scorecard_reopen_withdraw, name="scorecard_reopen_withdraw"),
    path("object/<code:criterion>/", objections.objection_raise, name="objection_raise"),
]

points_objected_to = [
    path("", objections.objection_list, name="objection_list"),
    path("print/", objections.objection_list_print, name="objection_list_print"),
    path("<int:pk>/", objections.objection_detail, name="objection_detail"),
    path("<int:pk>/answer/", objections.objection_answer, name="objection_answer"),
    path("<int:pk>/accept/", objections.objection_accept, name="objection_accept"),
    path("<int:pk>/keep/", objections.objection_keep, name="objection_keep"),
    path("<int:pk>/withdraw/", objections.objection_withdraw, name="objection_withdraw"),
]

asked_to_review = [
    path("", reviewers.reviewer_list, name="reviewer_list"),
    path("print/", reviewers.reviewer_list_print, name="reviewer_list_print"),
    path("assign/", reviewers.reviewer_assign, name="reviewer_assign"),
    path("remove/", reviewers.reviewer_remove, name="reviewer_remove"),
    path("by-rule/", reviewers.reviewer_by_rule, name="reviewer_by_rule"),
]

cards = [
    path("", scorecards.scorecard_list, name="scorecard_list"),
    # Before the code of a unit, which is free text.
    path("objections/", include(points_objected_to)),
    path("reviewers/", include(asked_to_review)),
    path("<code:code>/", include(one_card)),
]

result = [
    path("", ranking.ranking, name="ranking"),
    path("print/", ranking.ranking_print, name="ranking_print"),
    path("matrix/", ranking.matrix, name="matrix"),
    path("matrix/<code:code>/", criterion_review.criterion_review, name="criterion_review"),
    path("matrix/<code:code>/save/", criterion_review.criterion_review_save, name="criterion_review_save"),
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
    path("", include("scoring.issued.urls")),
    path("", include("scoring.paperwork.urls")),
    path("scorecards/", include(cards)),
    path("ranking/", include(result)),
    path("targets/", include(asked)),
    path("criteria/", include(looked_at)),
    path("criteria/", include(criteria_sets)),
]
