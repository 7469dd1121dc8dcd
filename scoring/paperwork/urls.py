from django.urls import path, register_converter
from django.urls.converters import StringConverter

from cluster_app.documents.enums import DocumentKind
from scoring.paperwork import check_views, views
from scoring.paperwork.enums import SETTLED


class PaperKindConverter(StringConverter):
    """The kinds of papers whose text or head is settled here."""

    regex = "|".join(sorted(kind.value for kind in SETTLED))

    def to_python(self, value: str) -> DocumentKind:
        return DocumentKind(value)


register_converter(PaperKindConverter, "paperkind")

urlpatterns = [
    path("papers/", views.papers, name="papers"),
    path("papers/check/", check_views.paper_check, name="paper_check"),
    path("papers/dossier/", views.dossier, name="dossier"),
    path("papers/dossier/pdf/", views.dossier_pdf, name="dossier_pdf"),
    path("papers/dossier/zip/", views.dossier_zip, name="dossier_zip"),
    path("papers/dossier/statistics/", views.dossier_statistics, name="dossier_statistics"),
    path("papers/print/<int:pk>/", views.paper_print, name="paper_print"),
    path("papers/print/<int:pk>/withdraw/", views.paper_withdraw, name="paper_withdraw"),
    path("papers/<paperkind:kind>/", views.paper_draft, name="paper_draft"),
    path("papers/<paperkind:kind>/edit/", views.paper_edit, name="paper_edit"),
    path("papers/<paperkind:kind>/issue/", views.paper_issue, name="paper_issue"),
]
