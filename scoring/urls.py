from django.urls import include, path, register_converter
from django.urls.converters import StringConverter

from scoring.views import lines, publication, ranking, reopening, review, scorecards, submission

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

urlpatterns = [
    path("", include("scoring.home.urls")),
    path("", include("scoring.year_end.urls")),
    path("scorecards/", include(cards)),
    path("ranking/", include(result)),
    path("criteria/", ranking.criteria, name="criteria"),
]
