from types import SimpleNamespace

import pytest

from cluster_app.lib.fields import FoldedField, SortKeyField
from cluster_app.lib.vietnamese import fold
from members.models import Unit

IN_ORDER = [
    "Ăn", "Ban Dân vận", "Ban Tổ chức", "Báo Lạng Sơn", "Dân tộc", "Đảng ủy Khối", "Ủy ban Kiểm tra", "Văn phòng",
]  # fmt: skip


def units():
    return [Unit(code=f"U{place}", name=name, short_name=name) for place, name in enumerate(reversed(IN_ORDER))]


@pytest.mark.django_db
def test_save_fills_both_columns_and_follows_a_new_name():
    unit = Unit(code="DUK", name="Đảng ủy Khối", short_name="ĐUK")
    unit.save()
    assert Unit.objects.get().search_text == unit.search_text == "dang uy khoi"

    unit.name = "Ban Dân vận"
    unit.save()

    assert Unit.objects.get().search_text == "ban dan van"


@pytest.mark.django_db
def test_order_by_the_key_is_the_vietnamese_order_after_bulk_create():
    Unit.objects.bulk_create(units())

    assert list(Unit.objects.order_by("sort_key", "pk").values_list("name", flat=True)) == IN_ORDER


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("dang uy", ["Đảng ủy Khối"]),
        ("ĐẢNG ỦY", ["Đảng ủy Khối"]),
        ("ban", ["Ban Dân vận", "Ban Tổ chức", "Ủy ban Kiểm tra"]),
        ("%", []),
    ],
)
def test_search_finds_with_and_without_accents(query, names):
    Unit.objects.bulk_create(units())

    found = Unit.objects.filter(search_text__contains=fold(query)).order_by("sort_key", "pk")

    assert [unit.name for unit in found] == names


@pytest.mark.parametrize("field_class", [FoldedField, SortKeyField])
@pytest.mark.parametrize("source", ["name", ["code", "name"]])
def test_field_survives_deconstruction(field_class, source):
    field = field_class(source=source, verbose_name="words")

    _, path, args, kwargs = field.deconstruct()
    copy = field_class(*args, **kwargs)

    assert path == f"cluster_app.lib.fields.{field_class.__name__}"
    assert kwargs == {"source": source, "verbose_name": "words"}
    assert (copy.source, copy.editable, copy.db_index) == (field.source, False, True)


@pytest.mark.parametrize(("code", "text"), [("A1", "a1 dang"), ("", "dang"), (None, "dang")])
def test_field_of_several_sources_joins_those_that_are_filled(code, text):
    field = FoldedField(source=("code", "name"))
    field.set_attributes_from_name("search_text")
    row = SimpleNamespace(code=code, name="Đặng")

    assert field.pre_save(row, add=True) == row.search_text == text
