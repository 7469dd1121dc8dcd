"""What was issued under which number, and the files that were handed in: to be read. Nobody changes them here."""

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cluster_app.documents.models import DocumentNumber, IssuedDocument, NumberRegister
from members.addresses import year_url
from members.models import Cluster, EmulationYear, StoredFile
from members.number_pages import label_of
from members.scoped_admin import ScopedFilter, ScopedModelAdmin, admin_clusters


class _ToRead(ScopedModelAdmin):
    """Rows of the clusters in whose secretariat the person works."""

    def may_open(self, request) -> bool:
        return bool(admin_clusters(request))


@admin.register(IssuedDocument)
class IssuedDocumentAdmin(_ToRead):
    list_display = ("title", "kind", "number_symbol", "dated_on", "code", "issued_at", "withdrawn_at")
    list_filter = ("year", "kind", ("withdrawn_at", admin.EmptyFieldListFilter))
    search_fields = ("title", "number_symbol", "code", "digest")
    fields = (
        "title",
        ("kind", "cluster_key", "year"),
        ("number_symbol", "dated_on"),
        ("code", "digest"),
        ("issued_by_key", "issued_at"),
        ("withdrawn_by_key", "withdrawn_at"),
        "withdrawn_reason",
    )

    def visible(self, request):
        return IssuedDocument.objects.defer("content").filter(cluster_key__in=_slugs(request))

    def step_links(self, request, obj):
        year = EmulationYear.objects.select_related("cluster").get(cluster__slug=obj.cluster_key, year=obj.year)
        url = year_url("scoring:issued_detail", year, code=obj.code)
        return [{"label": _("The kept copy"), "url": url, "css": ""}]


@admin.register(NumberRegister)
class NumberRegisterAdmin(_ToRead):
    list_display = ("type_code", "period", "cluster_key", "first_number", "last_number")
    list_filter = ("period",)
    search_fields = ("type_code", "period")
    fields = (("cluster_key", "type_code", "period"), ("first_number", "last_number"))

    def visible(self, request):
        return NumberRegister.objects.filter(cluster_key__in=_slugs(request))


@admin.register(DocumentNumber)
class DocumentNumberAdmin(_ToRead):
    list_display = ("label", "period", "status", "purpose", "document")
    list_filter = (("register", ScopedFilter), "status")
    list_select_related = ("register",)
    search_fields = ("purpose", "document__title", "document__number_symbol")
    ordering = ("register__cluster_key", "register__period", "register__type_code", "-number", "pk")
    fields = (
        ("register", "number", "status"),
        "purpose",
        "document",
        ("reserved_by_key", "reserved_at"),
        ("voided_by_key", "voided_at"),
        "void_reason",
    )

    def visible(self, request):
        rows = DocumentNumber.objects.select_related("register", "document").defer("document__content")
        return rows.filter(register__cluster_key__in=_slugs(request))

    @admin.display(description=gettext_lazy("number"), ordering="number")
    def label(self, row):
        return label_of(row)

    @admin.display(description=gettext_lazy("period"), ordering="register__period")
    def period(self, row):
        return row.register.period


@admin.register(StoredFile)
class StoredFileAdmin(_ToRead):
    """Where a file lies is not shown: its content is open on the pages of the cards only, to those who may see it."""

    list_display = ("name", "extension", "size", "year", "membership", "uploaded_by", "uploaded_at")
    list_filter = (("year", ScopedFilter), "extension")
    list_select_related = ("year__cluster", "membership", "uploaded_by")
    search_fields = ("name", "sha256")
    fields = (
        ("name", "extension", "size"),
        "sha256",
        ("year", "membership"),
        ("uploaded_by", "uploaded_at"),
    )

    def visible(self, request):
        files = StoredFile.objects.select_related("year__cluster", "membership", "uploaded_by")
        return files.filter(year__cluster__in=admin_clusters(request))


def _slugs(request) -> set[str]:
    """The person's clusters by their part of the address, which issued documents know them by."""
    if not hasattr(request, "_admin_slugs"):
        found = Cluster.objects.filter(pk__in=admin_clusters(request))
        request._admin_slugs = set(found.values_list("slug", flat=True))
    return request._admin_slugs
