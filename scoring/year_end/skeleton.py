"""The exact skeleton of the annual summary (domain.md 6.4): its parts, and the places in them that hold text.

The titles of the cluster's offices and the years are put in by `str.format`; a place that nobody has written yet says
something that holds in every year, so that an official paper has no gap.
"""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """One numbered place; `key` is that of its SummaryParagraph.

    `has_figures` says that a sentence with the year's figures stands here by itself; `figures_last` puts it after the
    typed text. A place that `is_required` must be written before the summary is issued; elsewhere `stock` stands in.
    """

    key: str
    title: str
    has_figures: bool = False
    figures_last: bool = False
    is_required: bool = False
    is_list: bool = False
    stock: str = ""


@dataclass(frozen=True)
class Part:
    """A part with a Roman number; a part of one place has no headings below its own."""

    title: str
    places: tuple[Place, ...]


PARTS = (
    Part(
        "ĐẶC ĐIỂM TÌNH HÌNH",
        (
            Place("I.1", "Thành viên, {leader_title}, {deputy_title}", has_figures=True),
            Place(
                "I.2",
                "Thuận lợi",
                stock="Các đơn vị thành viên được chấm điểm, bình xét theo một bảng tiêu chí chung, thuận lợi cho việc "
                "so sánh, trao đổi kinh nghiệm.",
            ),
            Place(
                "I.3",
                "Khó khăn",
                stock="Những khó khăn riêng của từng đơn vị được nêu trong báo cáo của đơn vị gửi {leader_title}.",
            ),
        ),
    ),
    Part(
        "KẾT QUẢ THỰC HIỆN",
        (
            Place(
                "II.1",
                "Công tác lãnh đạo, chỉ đạo, tổ chức hoạt động {group}",
                has_figures=True,
                figures_last=True,
                stock="Hoạt động của {group} năm {year} do {leader_title} điều hành, các đơn vị thành viên phối "
                "hợp thực hiện.",
            ),
            Place("II.2", "Thực hiện giao ước thi đua", has_figures=True),
            Place("II.3", "Kết quả các phong trào thi đua", has_figures=True),
            Place(
                "II.4",
                "Công tác xây dựng Đảng, cơ quan, đoàn thể",
                stock="Kết quả xây dựng Đảng, xây dựng cơ quan và đoàn thể của từng đơn vị được thẩm định trong bảng "
                "tiêu chí chấm điểm; điểm theo nhóm tiêu chí nêu tại {annex_1}.",
            ),
            Place("II.5", "Công tác khen thưởng", has_figures=True),
            Place(
                "II.6",
                "Phong trào phát huy sáng kiến",
                stock="Kết quả phát huy sáng kiến của từng đơn vị được thẩm định trong bảng tiêu chí chấm điểm.",
            ),
            Place(
                "II.7",
                "Công tác tuyên truyền, kiểm tra; quản lý, sử dụng Quỹ thi đua, khen thưởng",
                stock="Công tác tuyên truyền, kiểm tra và việc quản lý, sử dụng Quỹ thi đua, khen thưởng do từng đơn "
                "vị thực hiện theo quy định và báo cáo {leader_title}.",
            ),
        ),
    ),
    Part(
        "ĐÁNH GIÁ CHUNG",
        (
            Place("III.1", "Ưu điểm", is_required=True),
            Place("III.2", "Hạn chế", is_required=True),
            Place("III.3", "Nguyên nhân", is_required=True),
            Place("III.4", "Bài học kinh nghiệm", is_required=True),
        ),
    ),
    Part(
        "KẾT QUẢ CHẤM ĐIỂM, BÌNH XÉT",
        (
            Place("IV.1", "Kết quả chấm điểm", has_figures=True),
            Place("IV.2", "Kết quả bỏ phiếu, suy tôn", has_figures=True),
            Place("IV.3", "Đề nghị khen thưởng", has_figures=True),
            Place("IV.4", "Bầu {next_leader_title}, {next_deputy_title} năm {next_year}", has_figures=True),
        ),
    ),
    Part(
        "PHƯƠNG HƯỚNG, NHIỆM VỤ NĂM {next_year}",
        (
            Place("V.1", "Mục tiêu, chỉ tiêu", is_required=True),
            Place("V.2", "Nhiệm vụ, giải pháp", is_required=True, is_list=True),
            Place(
                "V.3",
                "Tổ chức thực hiện",
                stock="{next_leader_title}, {next_deputy_title} năm {next_year} xây dựng kế hoạch, bảng tiêu chí chấm "
                "điểm và tổ chức thực hiện. Các đơn vị thành viên cụ thể hóa thành kế hoạch của đơn vị, báo cáo kết "
                "quả về {next_leader_title} theo quy định.",
            ),
        ),
    ),
    Part(
        "KIẾN NGHỊ, ĐỀ XUẤT",
        (
            Place(
                "VI",
                "Kiến nghị, đề xuất",
                stock="Ngoài nội dung đề nghị khen thưởng tại mục IV, {group} không có kiến nghị, đề xuất khác.",
            ),
        ),
    ),
)

UNWRITTEN = "(Nội dung sẽ được bổ sung, hoàn thiện tại hội nghị.)"
ANNEX_NUMBERS = ("1", "2", "2b", "3", "4", "5", "6", "7")


def places() -> Iterator[Place]:
    for part in PARTS:
        yield from part.places


KEYS = tuple(place.key for place in places())
