"""The dated rows of the law: titles, forms and base salaries. The administrator keeps them, everybody chooses."""

from django.contrib import admin

from awards.models import AwardForm, BaseSalary
from cluster_app.lib.form_fields import VietnameseDecimalField
from members.scoped_admin import ScopedModelAdmin, is_administrator


class _Catalogue(ScopedModelAdmin):
    def may_open(self, request) -> bool:
        return is_administrator(request)

    def may_change(self, request, obj=None) -> bool:
        return is_administrator(request)

    def may_add(self, request) -> bool:
        return is_administrator(request)

    def visible(self, request):
        rows = self.model._default_manager.all()
        return rows if is_administrator(request) else rows.none()

    def choosable(self, request):
        """Whoever records commendations chooses among all forms of the law."""
        return self.model._default_manager.all()


@admin.register(AwardForm)
class AwardFormAdmin(_Catalogue):
    list_display = ("code", "name", "level", "system", "valid_from", "valid_to", "is_verified")
    list_filter = ("level", "system", "kind", "is_verified")
    search_fields = ("code", "name")
    fieldsets = (
        (None, {"fields": (("code", "name"), "english_name", ("kind", "system", "level"), "authority")}),
        (None, {"fields": (("is_for_individuals", "is_for_collectives", "is_for_households"),)}),
        (None, {"fields": (("individual_coefficient", "collective_coefficient"), "preconditions")}),
        (None, {"fields": (("valid_from", "valid_to"), "legal_source", ("source", "is_verified"))}),
    )

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name.endswith("_coefficient"):
            return db_field.formfield(form_class=VietnameseDecimalField)
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(BaseSalary)
class BaseSalaryAdmin(_Catalogue):
    list_display = ("amount", "valid_from", "legal_source", "is_verified")
    fields = ("amount", "valid_from", "legal_source", "is_verified")
