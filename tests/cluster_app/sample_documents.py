"""A whole paper of every kind of block, as the year's end would print it; its figures are made up."""

from datetime import date

from cluster_app.documents import letterheads
from cluster_app.documents.blocks import (
    Align,
    Chart,
    Column,
    ColumnKind,
    Document,
    HeaderGroup,
    Letterhead,
    LetterheadKind,
    ListMarker,
    NumberedList,
    Orientation,
    Paragraph,
    Row,
    RowKind,
    Run,
    Section,
    Series,
    Signature,
    SignatureBlock,
    SignatureGrid,
    Table,
    group_row,
    paragraph,
)

UNITS = (
    "Văn phòng Tỉnh ủy",
    "Trường Chính trị Hoàng Văn Thụ",
    "Ủy ban Kiểm tra Tỉnh ủy",
    "Ban Tổ chức Tỉnh ủy",
    "Ban Tuyên giáo Tỉnh ủy",
    "Ban Dân vận Tỉnh ủy",
    "Ban Nội chính Tỉnh ủy",
    "Đảng ủy Khối các cơ quan tỉnh",
    "Báo Lạng Sơn",
)
TOTALS = ("1001,00", "991,50", "980,00", "974,25", "974,25", "968,00", "961,50", "955,75", "940,00")


def annual_summary(
    kind: LetterheadKind = LetterheadKind.PARTY, *, dated_on: date | None = date(2021, 1, 26)
) -> Document:
    letterhead = Letterhead(
        kind=kind,
        superior="Trường Chính trị Hoàng Văn Thụ".upper(),
        issuer="Cụm Thi đua các cơ quan đảng tỉnh".upper(),
        number_symbol=letterheads.number_symbol(kind, "05", type_code="BC", issuer_code="CTĐ"),
        place="Lạng Sơn",
        dated_on=dated_on,
        year=2021,
        document_type="BÁO CÁO",
        summary="tổng kết công tác thi đua, khen thưởng năm 2020;\nphương hướng, nhiệm vụ năm 2021",
    )
    return Document(
        kind="annual_summary",
        title="Báo cáo tổng kết công tác thi đua, khen thưởng năm 2020",
        letterhead=letterhead,
        sections=(
            Section(blocks=_report(kind, letterheads.form_of(letterhead).closing)),
            Section(
                blocks=(_score_table(),),
                orientation=Orientation.LANDSCAPE,
                annex=letterheads.annex(letterhead, "1", "BẢNG TỔNG HỢP ĐIỂM THI ĐUA NĂM 2020"),
            ),
            Section(
                blocks=(_award_table(), _award_chart()),
                annex=letterheads.annex(letterhead, "2", "TỔNG HỢP KHEN THƯỞNG THEO CẤP VÀ ĐỐI TƯỢNG NĂM 2020"),
            ),
        ),
        watermarks=("DỰ THẢO", "SỐ LIỆU MINH HỌA"),
        footer_note="Mã văn bản: 3F9A-12BC",
    )


def pledge() -> Document:
    cells = tuple(
        Signature(authority=("ĐẠI DIỆN", unit.upper()), office=("Thủ trưởng cơ quan",), name="Nguyễn Văn A")
        for unit in UNITS
    )
    return Document(
        kind="pledge",
        title="BẢN GIAO ƯỚC THI ĐUA NĂM 2021",
        letterhead=None,
        sections=(
            Section(
                blocks=(
                    paragraph("Chúng tôi, đại diện lãnh đạo 9 đơn vị thành viên, thống nhất ký giao ước thi đua:"),
                    NumberedList(items=("Hoàn thành 100% nhiệm vụ.", "Không có đảng viên bị kỷ luật.")),
                    NumberedList(items=("Ký giao ước,", "đăng ký danh hiệu."), marker=ListMarker.LETTER),
                    paragraph("Các đơn vị cam kết thực hiện tốt các nội dung nêu trên."),
                    SignatureGrid(cells=cells),
                )
            ),
        ),
    )


def _report(kind: LetterheadKind, closing: str) -> tuple:
    return (
        paragraph(
            "Căn cứ Quy chế hoạt động của Cụm và Kế hoạch công tác thi đua, khen thưởng năm 2020, Cụm Thi đua các cơ "
            "quan đảng tỉnh báo cáo kết quả như sau:"
        ),
        letterheads.heading(kind, 1, 1, "ĐẶC ĐIỂM TÌNH HÌNH"),
        letterheads.heading(kind, 2, 1, "Thành viên"),
        paragraph(
            "Cụm có 9 đơn vị thành viên, do Trường Chính trị Hoàng Văn Thụ là Cụm trưởng, Ủy ban Kiểm tra Tỉnh ủy là "
            "Cụm phó. Trong năm, các đơn vị đã phối hợp chặt chẽ, tổ chức nhiều hoạt động chung thiết thực."
        ),
        letterheads.heading(kind, 1, 2, "KẾT QUẢ THỰC HIỆN"),
        letterheads.heading(kind, 2, 1, "Các phong trào thi đua"),
        Paragraph(
            runs=(
                Run("Trong năm, Cụm đã phát động 1 phong trào thi đua thường xuyên, "),
                Run("12 phong trào thi đua chuyên đề", bold=True),
                Run(" và 3 đợt thi đua chào mừng các ngày lễ lớn; "),
                Run("9/9 đơn vị", italic=True, underline=True),
                Run(" ký giao ước thi đua."),
            )
        ),
        NumberedList(
            items=("thi đua hoàn thành xuất sắc nhiệm vụ chính trị;", "thi đua cải cách hành chính, chuyển đổi số."),
            marker=ListMarker.DASH,
        ),
        letterheads.heading(kind, 2, 2, "Công tác khen thưởng"),
        letterheads.heading(kind, 3, 1, "Số lượt khen thưởng"),
        paragraph(
            "Toàn Cụm có 108 lượt tập thể, 527 lượt cá nhân được biểu dương, khen thưởng; trong đó cấp Nhà nước 3 lượt "
            "tập thể, 9 lượt cá nhân; cấp tỉnh 27 lượt tập thể, 96 lượt cá nhân; cấp cơ quan 78 lượt tập thể, 422 lượt "
            "cá nhân (số liệu tính theo ngày quyết định từ 01/12/2019 đến 30/11/2020, Phụ lục 2)."
        ),
        letterheads.heading(kind, 1, 3, "KẾT QUẢ CHẤM ĐIỂM, BÌNH XÉT"),
        *(
            paragraph(
                f"{position}. Kết quả chấm điểm của 9 đơn vị tại Phụ lục 1. Hội nghị ngày 30/12/2020 đã bình xét đơn "
                "vị tiêu biểu đề nghị UBND tỉnh xét khen thưởng; bầu Ủy ban Kiểm tra Tỉnh ủy làm Cụm trưởng, Báo Lạng "
                "Sơn làm Phó trưởng cụm năm 2021."
            )
            for position in range(1, 4)
        ),
        paragraph(f"Trên đây là báo cáo tổng kết năm 2020 của Cụm Thi đua các cơ quan đảng tỉnh{closing}"),
        SignatureBlock(
            right=letterheads.signature(
                kind, office="Cụm trưởng", agency_office="Hiệu trưởng\nTrường Chính trị Hoàng Văn Thụ"
            ),
            left=letterheads.recipients(
                kind,
                (
                    "Hội đồng Thi đua - Khen thưởng tỉnh",
                    "Ban Thi đua - Khen thưởng tỉnh",
                    "Thường trực Tỉnh ủy (báo cáo)",
                    "Các đơn vị thành viên",
                ),
                archive="Cụm Thi đua",
            ),
        ),
    )


def _score_table() -> Table:
    number = ColumnKind.NUMBER
    columns = (
        Column("TT", 4, align=Align.CENTER),
        Column("Đơn vị", 23),
        Column("Tự chấm", 8, number),
        Column("Thẩm định", 8, number),
        Column("A", 7, number),
        Column("B", 7, number),
        Column("C", 7, number),
        Column("D", 7, number),
        Column("Điểm thưởng", 7, number),
        Column("Điểm trừ", 7, number),
        Column("Tổng điểm", 9, number, is_strong=True),
        Column("Xếp hạng", 6, align=Align.CENTER),
        Column("Xếp loại", 10, align=Align.CENTER),
    )
    figures = ("983,50", "976,00", "441,00", "244,00", "193,00", "98,00", "25,00", "0,00")
    rows = (
        *(
            Row(cells=(str(rank), unit, *figures, total, str(rank), "Xuất sắc"))
            for rank, (unit, total) in enumerate(zip(UNITS, TOTALS, strict=True), 1)
        ),
        Row(cells=("Bình quân", *figures, "971,81", "", ""), kind=RowKind.TOTAL, span=2),
    )
    return Table(
        caption="Bảng tổng hợp điểm thi đua năm 2020",
        columns=columns,
        rows=rows,
        header_groups=(
            HeaderGroup("", 2),
            HeaderGroup("Tổng số điểm", 2),
            HeaderGroup("Điểm chuẩn theo nhóm tiêu chí", 4),
            HeaderGroup("", 5),
        ),
        notes=("Ghi chú: A là nhóm nhiệm vụ chính trị; B là nhóm xây dựng Đảng.",),
        shows_caption=False,
    )


def _award_table() -> Table:
    columns = (
        Column("TT", 6, align=Align.CENTER),
        Column("Danh hiệu, hình thức khen thưởng", 50),
        Column("Lượt tập thể", 14, ColumnKind.NUMBER),
        Column("Lượt cá nhân", 14, ColumnKind.NUMBER),
        Column("Cộng", 14, ColumnKind.NUMBER, is_strong=True),
    )
    return Table(
        caption="Tổng hợp khen thưởng theo cấp và đối tượng",
        columns=columns,
        rows=(
            group_row("I. Cấp Nhà nước", columns),
            Row(cells=("1", "Huân chương Lao động", "1", "2", "3")),
            Row(cells=("2", "Bằng khen của Thủ tướng Chính phủ", "2", "7", "9")),
            Row(cells=("Cộng cấp Nhà nước", "3", "9", "12"), kind=RowKind.SUBTOTAL, span=2),
            group_row("II. Cấp tỉnh", columns),
            Row(cells=("3", "Bằng khen của Chủ tịch UBND tỉnh", "27", "96", "123")),
            Row(cells=("Cộng cấp tỉnh", "27", "96", "123"), kind=RowKind.SUBTOTAL, span=2),
            group_row("III. Cấp cơ quan", columns),
            Row(cells=("4", "Giấy khen của Thủ trưởng cơ quan", "78", "422", "500")),
            Row(cells=("Cộng cấp cơ quan", "78", "422", "500"), kind=RowKind.SUBTOTAL, span=2),
            Row(cells=("TỔNG CỘNG", "108", "527", "635"), kind=RowKind.TOTAL, span=2),
        ),
        notes=("Số liệu tính theo ngày quyết định từ 01/12/2019 đến 30/11/2020.",),
        shows_caption=False,
    )


def _award_chart() -> Chart:
    columns = (Column("Cấp", 40), Column("Tập thể", 30, ColumnKind.NUMBER), Column("Cá nhân", 30, ColumnKind.NUMBER))
    return Chart(
        title="Lượt khen thưởng theo cấp",
        categories=("Cấp Nhà nước", "Cấp tỉnh", "Cấp cơ quan"),
        series=(
            Series("Tập thể", values=("3", "27", "78"), displays=("3", "27", "78")),
            Series("Cá nhân", values=("9", "96", "422"), displays=("9", "96", "422")),
        ),
        table=Table(
            caption="Số liệu của biểu đồ",
            columns=columns,
            rows=(
                Row(cells=("Cấp Nhà nước", "3", "9")),
                Row(cells=("Cấp tỉnh", "27", "96")),
                Row(cells=("Cấp cơ quan", "78", "422")),
            ),
        ),
    )
