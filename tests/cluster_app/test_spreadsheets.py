import io
import unicodedata
import zipfile
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
import xlsxwriter
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from cluster_app.lib.errors import Refused
from cluster_app.lib.spreadsheets import POINTS, READABLE, Column, Entry, Workbook, read
from tests.cluster_app.read_samples import (
    ODS_CELL,
    message_of,
    ods_row,
    only_cell,
    values_of,
)
from tests.cluster_app.sample_spreadsheets import (
    CREATED_AT,
    SHEET_PART,
    array_record,
    error_record,
    formula_record,
    number_record,
    numbers_record,
    ods,
    text_record,
    with_cells,
    xls,
    xlsx,
)

# --- Reading: values and places ---


def test_read_gives_values_exactly_and_where_they_stand():
    content = xlsx(["1.1", Decimal("8.75"), 6], [None, True, date(2026, 12, 31)])

    (sheet,) = read(content, name="Bộ tiêu chí.XLSX").sheets

    assert sheet.name == "Tiêu chí"
    assert [[cell.value for cell in row] for row in sheet.rows] == [
        ["1.1", Decimal("8.75"), Decimal(6)],
        [None, True, date(2026, 12, 31)],
    ]
    assert [[cell.address for cell in row] for row in sheet.rows] == [["A1", "B1", "C1"], ["A2", "B2", "C2"]]
    assert [cell.text() for row in sheet.rows for cell in row] == ["1.1", "8.75", "6", "", "True", "31/12/2026"]
    assert [cell.is_empty for cell in sheet.rows[1]] == [True, False, False]


def test_rows_begin_at_the_top_of_the_page_whatever_is_empty():
    (sheet,) = read(with_cells('<row r="7"><c r="C7"><v>5</v></c></row>'), name="file.xlsx").sheets

    assert [len(row) for row in sheet.rows] == [3] * 7
    assert sheet.cell("C7").number() == 5
    assert sheet.cell("C7").address == "C7"
    assert (sheet.cell("AB12").value, sheet.cell("AB12").address) == (None, "AB12")


def test_text_is_composed_and_stripped():
    decomposed = unicodedata.normalize("NFD", "  Cụm thi đua\n")

    assert only_cell(xlsx([decomposed])).text() == "Cụm thi đua"


def test_date_with_a_time_keeps_it():
    cells = '<row r="1"><c r="A1" t="d"><v>2026-01-02T03:04:00</v></c></row>'

    assert only_cell(with_cells(cells)).text() == "02/01/2026 03:04"


def test_sheet_is_found_by_name_whatever_its_capitals():
    book = read(xlsx(["x"], name="Mức điểm"), name="file.xlsx")

    assert book.sheet(unicodedata.normalize("NFD", "MỨC ĐIỂM")) is book.sheets[0]
    with translation.override("en"), pytest.raises(Refused, match="There is no sheet “Tiêu chí” in the file"):
        book.sheet("Tiêu chí")


def test_chart_sheet_is_passed_over():
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    book.add_chartsheet("Biểu đồ")
    book.add_worksheet("Số liệu").write_number("B1", 8.75)
    book.close()

    assert values_of(buffer.getvalue()) == [[None, Decimal("8.75")]]


def test_empty_sheet_has_no_rows():
    assert values_of(with_cells("")) == []


def test_formulas_of_xlsx_are_known_in_all_their_cells():
    cells = (
        '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><v>2</v></c></row>'
        '<row r="2"><c r="A2"><f t="array" ref="A2:B3">C1:D2</f><v>1</v></c><c r="B2"><v>1</v></c></row>'
        '<row r="3"><c r="A3"><v>1</v></c><c r="B3"><v>1</v></c></row>'
        '<row r="4"><c r="A4"><f t="shared" ref="A4:A5" si="0">1</f><v>1</v></c></row>'
        '<row r="5"><c r="A5"><f t="shared" si="0"/><v>1</v></c></row>'
    )

    (sheet,) = read(with_cells(cells), name="file.xlsx").sheets

    assert [cell.address for row in sheet.rows for cell in row if cell.is_formula] == [
        *("A1", "A2", "B2", "A3", "B3", "A4", "A5")
    ]


def test_formula_without_a_result_is_an_empty_cell():
    (sheet,) = read(with_cells('<row r="1"><c r="B1"><f>A1</f></c></row>'), name="file.xlsx").sheets

    assert [(cell.is_empty, cell.is_formula) for cell in sheet.rows[0]] == [(True, False), (True, True)]


def test_formulas_of_ods_are_known_in_all_their_cells():
    formula = '<table:table-cell office:value-type="float" office:value="2" table:formula="of:=1+1"{}/>'
    rows = ods_row(formula.format("") + ODS_CELL.format("", "x") + formula.format(' table:number-columns-repeated="2"'))

    (sheet,) = read(ods(rows), name="file.ods", accepted=READABLE).sheets

    assert [(cell.text(), cell.is_formula) for cell in sheet.rows[0]] == [
        *(("2", True), ("x", False), ("2", True), ("2", True))
    ]


def test_ods_repeats_are_laid_out():
    empty = '<table:table-cell table:number-columns-repeated="16384"/>'
    rows = (
        ods_row(ODS_CELL.format(' table:number-columns-repeated="2"', "a") + empty)
        + ods_row(ODS_CELL.format("", "b"), ' table:number-rows-repeated="2"')
        + ods_row(empty, ' table:number-rows-repeated="1048500"')
    )

    assert values_of(ods(rows), "file.ods") == [["a", "a"], ["b", None], ["b", None]]


def test_cells_without_an_address_follow_each_other():
    row = "<row><c><v>1</v></c><c><v>2</v></c></row>"

    assert values_of(with_cells(row + row)) == [[1, 2], [1, 2]]


def test_xls_knows_rows_of_numbers_array_formulas_and_formatted_texts():
    records = [numbers_record(0, 0, 7, 8), array_record(0, 0, 0, 1), text_record(1, 0, 1), text_record(1, 1, 0)]

    (sheet,) = read(xls(records, shared=["Một" * 1000, "b"], rich=True), name="a.xls", accepted=READABLE).sheets

    assert [[cell.value for cell in row] for row in sheet.rows] == [[7, 8], ["b", "Một" * 1000]]
    assert [cell.is_formula for row in sheet.rows for cell in row] == [True, True, False, False]


def test_xls_is_read_with_long_texts_and_formulas():
    long_text = "đ" * 3000 + "a" * 3000 + "ệ"
    records = [number_record(0, 0, 8.75), text_record(0, 1, 1), text_record(1, 1, 0), formula_record(2, 0, 2.0)]

    (sheet,) = read(xls(records, name="Một", shared=[long_text, "b"]), name="a.xls", accepted=READABLE).sheets

    assert sheet.name == "Một"
    assert [[cell.value for cell in row] for row in sheet.rows] == [
        [Decimal("8.75"), "b"],
        [None, long_text],
        [Decimal(2), None],
    ]
    assert [cell.address for row in sheet.rows for cell in row if cell.is_formula] == ["A3"]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (with_cells('<row r="1"><c r="A1" t="e"><v>#N/A</v></c><c r="B1"><v>1</v></c></row>'), "a.xlsx"),
        (xls([error_record(0, 0), number_record(0, 1, 1.0)]), "a.xls"),
    ],
    ids=["xlsx", "xls"],
)
def test_error_is_neither_empty_nor_a_value(content, name):
    (sheet,) = read(content, name=name, accepted=READABLE).sheets
    cell = sheet.cell("A1")

    assert (cell.is_error, cell.is_empty) == (True, False)
    assert message_of(cell) == "The cell shows an error. Enter the value itself."


# --- Reading: numbers ---


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("6", "6"),
        ("6.0", "6"),
        ("0.30000000000000004", "0.3"),
        ("947.5", "947.5"),
        ("-0.0", "0"),
        ("9999999999999.99", "9999999999999.99"),
        ("9.99999999999999E12", "9999999999999.99"),
        ("4503599627370.49", "4503599627370.49"),
    ],
)
def test_number_cell_is_the_decimal_that_was_meant(written, value):
    cell = only_cell(with_cells(f'<row r="1"><c r="A1"><v>{written}</v></c></row>'))

    assert str(cell.number()) == value


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("0.125", "Write at most 2 digits after the comma."),
        ("1E-300", "Write at most 2 digits after the comma."),
        ("1234567890123.456", "Write at most 2 digits after the comma."),
        ("12345678901234", "Write at most 13 digits before the comma."),
        ("123456789012345678901234567890", "Write at most 13 digits before the comma."),
        ("1E308", "Write at most 13 digits before the comma."),
        ("NaN", "Write the number in digits with a decimal comma, for example 8,75."),
        ("1E999", "Write the number in digits with a decimal comma, for example 8,75."),
        ("10.01", "At most 10 is possible here."),
    ],
)
def test_number_cell_that_cannot_be_kept_is_refused(written, message):
    cell = only_cell(with_cells(f'<row r="1"><c r="A1"><v>{written}</v></c></row>'))

    assert message_of(cell, maximum=Decimal(10)) == message


def test_number_typed_as_text_is_read_as_in_a_form():
    assert only_cell(xlsx(["1.234,5"])).number() == Decimal("1234.5")
    assert message_of(only_cell(xlsx(["8.75"]))) == "The decimals follow a comma: write 8,75 instead of 8.75."
    assert message_of(only_cell(xlsx(["chín"]))).startswith("Write the number in digits")
    assert message_of(only_cell(xlsx([True]))).startswith("Write the number in digits")
    assert message_of(only_cell(xlsx(["8,75"])), places=0) == "Write a whole number, without decimals."


def test_number_that_excel_took_for_a_date_is_refused():
    assert message_of(only_cell(xlsx([date(2026, 7, 8)]))) == (
        "Excel took this for a date or time. Set the format of the cell to Number and enter it again."
    )


# --- Writing ---

TEXTS = st.one_of(
    st.sampled_from(
        ["=1+1", "@x", "+1", "-1", "\tx", "<r>&</r>", "<r><t>x</t></r>", "_x0041_", "https://x.vn", "{=1}"]
    ),
    st.text(st.characters(codec="utf-8", exclude_characters="\ufffe\uffff"), min_size=1, max_size=40),
    st.just(unicodedata.normalize("NFD", "Thi đua – Khen thưởng")),
)
NUMBERS = st.decimals(min_value=Decimal("-9999999999999.99"), max_value=Decimal("9999999999999.99"), places=2)
DAYS = st.dates(min_value=date(1900, 3, 1))


@given(
    st.lists(st.one_of(TEXTS, NUMBERS, DAYS, st.booleans(), st.integers(-(10**13), 10**13)), min_size=1, max_size=12)
)
@settings(max_examples=100, deadline=None)
def test_what_is_written_is_read_again(values):
    (row,) = read(xlsx([*values]), name="a.xlsx").sheets[0].rows

    assert [cell.value for cell in row] == [*values]
    assert not any(cell.is_formula for cell in row)


@given(NUMBERS)
@settings(max_examples=300, deadline=None)
def test_every_number_of_13_and_2_digits_survives(number):
    cell = only_cell(xlsx([number]))

    assert cell.value == number
    if abs(number) < 10**13:
        assert cell.number() == number


def test_equal_input_gives_equal_bytes_and_another_time_does_not():
    def written(at):
        book = Workbook(title="Phiếu chấm điểm", created_at=at)
        sheet = book.sheet("Phiếu", [Column(10), Column(20)], protected=True)
        sheet.fact("Năm", 2026)
        sheet.head(["Mã", "Kết quả"])
        sheet.row(["1", Entry(Decimal("8.75"), maximum=Decimal(10))])
        return book.content()

    in_hanoi = CREATED_AT.astimezone(timezone(timedelta(hours=7)))

    assert written(CREATED_AT) == written(in_hanoi)
    assert written(CREATED_AT) != written(CREATED_AT + timedelta(seconds=1))


def parts_of(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_score_card_has_locked_cells_entries_and_a_head_that_stays():
    book = Workbook(title="Phiếu chấm điểm", created_at=CREATED_AT)
    sheet = book.sheet("Phiếu", [Column(10), Column(40), Column(12, POINTS), Column(12)], protected=True)
    sheet.title("Phiếu chấm điểm")
    rows = [sheet.fact("Năm", 2026), sheet.gap(), sheet.head(["Mã", "Nội dung", "Điểm", "Có"])]
    rows.append(sheet.row(["1", "A", Entry(Decimal(5), Decimal(0), Decimal(10)), Entry(choices=["Có", "Không"])]))
    rows.append(sheet.next_row)

    with translation.override("en"):
        parts = parts_of(book.content())
    markup = parts[SHEET_PART]

    assert rows == [2, 3, 4, 5, 6]
    assert '<sheetProtection sheet="1" objects="1" scenarios="1" formatColumns="0" formatRows="0"/>' in markup
    assert '<pane ySplit="4" topLeftCell="A5"' in markup
    assert 'orientation="landscape"' in markup
    assert 'fitToHeight="0"' in markup
    assert "Phiếu!$A$1:$D$5" in parts["xl/workbook.xml"]
    assert "Phiếu!$4:$4" in parts["xl/workbook.xml"]
    assert "<formula1>0</formula1><formula2>10</formula2>" in markup
    assert '<formula1>"Có,Không"</formula1>' in markup
    assert "<dc:title>Phiếu chấm điểm</dc:title>" in parts["docProps/core.xml"]
    assert "2026-11-22T08:30:00Z" in parts["docProps/core.xml"]
    assert parts["xl/styles.xml"].count('<protection locked="0"/>') == 2


@pytest.mark.parametrize(
    ("entry", "rule"),
    [
        (Entry(minimum=Decimal("0.5")), 'operator="greaterThanOrEqual"'),
        (Entry(maximum=Decimal("9999999999999.99")), "<formula1>9999999999999.99</formula1>"),
        (Entry(choices_from="='Mức điểm'!$A$2:$A$9"), "<formula1>'Mức điểm'!$A$2:$A$9</formula1>"),
    ],
)
def test_entry_carries_its_rule(entry, rule):
    assert rule in parts_of(xlsx([entry]))[SHEET_PART]


@pytest.mark.parametrize(
    "value",
    [
        Decimal("1234567890123.456"),
        Decimal("NaN"),
        10**15 + 1,
        "x" * 32_768,
        Entry(choices=["một, hai"]),
        Entry(choices=["x" * 200, "y" * 200]),
    ],
)
def test_what_excel_would_change_is_not_written(value):
    with pytest.raises(ValueError, match=r"digits|characters|choices_from"):
        xlsx([value])


def test_time_of_day_second_head_and_time_without_zone_are_mistakes_of_the_caller():
    book = Workbook(title="x", created_at=CREATED_AT)
    sheet = book.sheet("x", [Column(10)])
    sheet.head(["x"])

    with pytest.raises(ValueError, match="one head row"):
        sheet.head(["x"])
    with pytest.raises(TypeError, match="time of day"):
        sheet.row([datetime(2026, 1, 2, 3, 4)])  # noqa: DTZ001
    with pytest.raises(ValueError, match="time zone"):
        Workbook(title="x", created_at=datetime(2026, 1, 2))  # noqa: DTZ001


def test_day_before_excels_calendar_is_written_as_text():
    assert values_of(xlsx([date(1890, 5, 19)])) == [["19/05/1890"]]
