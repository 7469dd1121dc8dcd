"""What the empty template shows: one example of every kind, which together make a set that could be put into force, and
the explanation of the columns. Vietnamese, as the file is."""

from decimal import Decimal
from typing import Any

from scoring.criteria_nodes import LevelNode, Node, RuleNode
from scoring.enums import CriterionKind, RecordSource, Section
from scoring.excel.choices import label_of
from scoring.excel.criteria_reading import CriteriaFile


def _node(parent: str, code: str, kind: CriterionKind, maximum: str, title: str, **more: Any) -> Node:
    return Node(
        code=code, parent=parent, kind=kind.value, max_points=Decimal(maximum) if maximum else None, title=title, **more
    )


def _texts(how: str, evidence: str) -> dict[str, str]:
    return {"how_computed": how, "evidence_required": evidence}


_BONUS = {"section": Section.BONUS.value}
_PENALTY = {"section": Section.PENALTY.value}

EXAMPLES = CriteriaFile(
    title="Bảng tiêu chí chấm điểm thi đua",
    declared_total=Decimal(100),
    allows_shared_records=False,
    nodes=(
        _node("", "A", CriterionKind.GROUP, "60", "Nhiệm vụ chính trị (ví dụ, hãy thay bằng tiêu chí của Cụm)"),
        _node(
            "A",
            "A.1",
            CriterionKind.RATIO,
            "20",
            "Tỷ lệ nhiệm vụ hoàn thành đúng hạn",
            unit_of_measure="%",
            default_target=Decimal(100),
            **_texts("Kết quả chia cho chỉ tiêu, nhân 20 điểm; tối đa 20 điểm.", "Báo cáo kết quả năm (số, ngày)."),
        ),
        _node(
            "A",
            "A.2",
            CriterionKind.RATIO_LEADER,
            "20",
            "Mức vượt chỉ tiêu so với đơn vị dẫn đầu",
            unit_of_measure="%",
            default_target=Decimal(100),
            full_at_excess=Decimal(20),
            **_texts(
                "Đạt chỉ tiêu được 10 điểm; phần vượt được thêm theo tỷ lệ, vượt từ 20% được tối đa 20 điểm.",
                "Báo cáo kết quả năm (số, ngày).",
            ),
        ),
        _node(
            "A",
            "A.3",
            CriterionKind.PER_ITEM,
            "10",
            "Đề án được ban hành",
            unit_of_measure="đề án",
            points_per_item=Decimal(5),
            **_texts("Mỗi đề án được 5 điểm; tối đa 10 điểm.", "Danh mục đề án, số và ngày ban hành."),
        ),
        _node(
            "A",
            "A.4",
            CriterionKind.BANDS,
            "10",
            "Tỷ lệ văn bản phát hành điện tử",
            unit_of_measure="%",
            levels=(
                LevelNode("Dưới 80%", Decimal(0), Decimal(0), Decimal(80)),
                LevelNode("Từ 80% đến dưới 95%", Decimal(6), Decimal(80), Decimal(95)),
                LevelNode("Từ 95% trở lên", Decimal(10), Decimal(95), None),
            ),
            **_texts("Điểm theo khung tỷ lệ ở trang “Mức điểm”.", "Thống kê trích từ hệ thống quản lý văn bản."),
        ),
        _node("", "B", CriterionKind.GROUP, "40", "Xây dựng cơ quan"),
        _node(
            "B",
            "B.1",
            CriterionKind.LEVELS,
            "15",
            "Xếp loại chi bộ, đảng bộ",
            levels=(
                LevelNode("Hoàn thành xuất sắc nhiệm vụ", Decimal(15)),
                LevelNode("Hoàn thành tốt nhiệm vụ", Decimal(12)),
                LevelNode("Hoàn thành nhiệm vụ", Decimal(8)),
                LevelNode("Không hoàn thành nhiệm vụ", Decimal(0)),
            ),
            **_texts("Điểm theo mức xếp loại ở trang “Mức điểm”.", "Quyết định xếp loại của cấp ủy."),
        ),
        _node(
            "B",
            "B.2",
            CriterionKind.BOOLEAN,
            "10",
            "Cơ quan đạt chuẩn văn hóa",
            **_texts("Đạt được 10 điểm, không đạt được 0 điểm.", "Quyết định công nhận (số, ngày)."),
        ),
        _node(
            "B",
            "B.3",
            CriterionKind.DEDUCT,
            "10",
            "Chế độ thông tin, báo cáo",
            unit_of_measure="lỗi",
            points_per_item=Decimal(2),
            **_texts("Từ 10 điểm, mỗi lỗi trừ 2 điểm; không thấp hơn 0.", "Sổ theo dõi báo cáo."),
        ),
        _node(
            "B",
            "B.4",
            CriterionKind.JUDGED,
            "5",
            "Mức độ tham gia hoạt động của Cụm",
            step=Decimal("0.5"),
            **_texts("Chấm trực tiếp từ 0 đến 5 điểm, mỗi bước 0,5 điểm.", "Báo cáo các hoạt động đã tham gia."),
        ),
        _node("", "C", CriterionKind.GROUP, "15", "Điểm thưởng", **_BONUS),
        _node(
            "C",
            "C.1",
            CriterionKind.BONUS,
            "15",
            "Hình thức khen thưởng trong năm",
            points_per_item=Decimal(1),
            source=RecordSource.COMMENDATIONS.value,
            source_rules=(
                RuleNode(Decimal(5), level="state", recipient_kind="collective"),
                RuleNode(Decimal(2), level="province", recipient_kind="collective"),
            ),
            **_BONUS,
            **_texts("Lấy từ sổ khen thưởng theo trang “Nguồn”; tối đa 15 điểm.", "Không cần: lấy từ sổ khen thưởng."),
        ),
        _node("", "D", CriterionKind.GROUP, "20", "Điểm trừ", **_PENALTY),
        _node(
            "D",
            "D.1",
            CriterionKind.PENALTY,
            "",
            "Bị phê bình bằng văn bản",
            unit_of_measure="lần",
            points_per_item=Decimal(5),
            **_PENALTY,
            **_texts("Mỗi lần bị phê bình trừ 5 điểm.", "Văn bản phê bình (số, ngày)."),
        ),
    ),
)

_COLUMNS = (
    ("Mã", "Bắt buộc, mỗi mã một lần. Ghi dạng chữ (Text) để 1.10 không thành 1.1."),
    ("Thuộc mục", "Mã của nhóm chứa tiêu chí; để trống với các mục lớn nhất. Cây sâu tối đa 6 cấp."),
    ("Tiêu chí", "Bắt buộc, tối đa 300 ký tự."),
    ("Phần", "Chọn trong danh sách; để trống thì theo nhóm chứa nó, ngoài cùng là điểm cơ bản."),
    ("Loại", "Bắt buộc, chọn trong danh sách. Mục có tiêu chí con là nhóm."),
    ("Điểm tối đa", "Tổng điểm các tiêu chí con phải bằng điểm của nhóm, tổng các nhóm bằng tổng điểm ở đầu trang."),
    ("Đơn vị tính", "Ví dụ: %, văn bản, cuộc."),
    ("Chỉ tiêu chung", "Chỉ tiêu của mọi đơn vị; chỉ tiêu riêng được giao trên phần mềm."),
    ("Chiều", "Càng cao càng tốt (mặc định) hoặc càng thấp càng tốt."),
    ("Điểm mỗi lần", "Điểm cộng hoặc trừ cho mỗi việc, mỗi lỗi, mỗi lần; ghi số dương."),
    ("Điểm tối thiểu", "Điểm không thấp hơn số này; để trống là 0."),
    ("Bước", "Kết quả phải là bội số của bước, ví dụ 0,25 hoặc 0,5."),
    ("Vượt % được tối đa", "Vượt chỉ tiêu bao nhiêu phần trăm thì được điểm tối đa; để trống thì theo đơn vị dẫn đầu."),
    ("Lấy từ", "Kết quả lấy từ sổ theo dõi, không nhập; để trống thì đơn vị tự nhập. Quy tắc ghi ở trang “Nguồn”."),
    (
        "Ngưỡng tự chấm cao",
        "Chỉ dùng khi lấy từ việc tự chấm cao hơn thẩm định: được lệch bao nhiêu % tổng điểm.",
    ),
    ("Cách tính điểm", "Bắt buộc với mọi tiêu chí chấm điểm."),
    ("Minh chứng", "Bắt buộc với mọi tiêu chí chấm điểm."),
    ("Trang “Mức điểm”", "Mỗi dòng một mức hoặc một khung, theo thứ tự. Khung ghi “Từ” và “Đến dưới”, liền nhau từ 0."),
    ("Trang “Nguồn”", "Mỗi dòng một quy tắc: cấp hoặc mã hình thức khen thưởng (và đối tượng), hoặc loại phong trào."),
    ("Số", "Phần thập phân sau dấu phẩy: 8,75. Không ghi công thức, không gộp ô, không để trang ẩn."),
)
_KINDS = {
    CriterionKind.GROUP: "Gồm các tiêu chí con, không chấm điểm trực tiếp.",
    CriterionKind.RATIO: "Kết quả so với chỉ tiêu. Có thể ghi: chỉ tiêu chung, chiều, điểm tối thiểu, bước.",
    CriterionKind.RATIO_LEADER: "Đạt chỉ tiêu được nửa số điểm, phần vượt được thêm đến điểm tối đa.",
    CriterionKind.PER_ITEM: "Số việc nhân điểm mỗi lần, không quá điểm tối đa. Cần: điểm mỗi lần.",
    CriterionKind.LEVELS: "Chọn một mức ở trang “Mức điểm”; mức cao nhất bằng điểm tối đa.",
    CriterionKind.BANDS: "Điểm theo khung chứa kết quả ở trang “Mức điểm”; khung cuối để trống “Đến dưới”.",
    CriterionKind.BOOLEAN: "Đạt được điểm tối đa, không đạt được 0 điểm.",
    CriterionKind.DEDUCT: "Điểm tối đa trừ điểm mỗi lần cho mỗi lỗi. Cần: điểm mỗi lần.",
    CriterionKind.BONUS: "Ở phần điểm thưởng: số việc nhân điểm mỗi lần. Cần: điểm mỗi lần.",
    CriterionKind.PENALTY: "Ở phần điểm trừ: số lần nhân điểm mỗi lần, ghi số dương. Điểm tối đa có thể để trống.",
    CriterionKind.JUDGED: "Cho điểm trực tiếp, là bội số của bước. Cần: bước.",
}


def guide_rows() -> list[tuple[str, str]]:
    """The rows of the explanation: the columns and sheets, then the kinds by their names."""
    return [*_COLUMNS, *((f"Loại: {label_of(kind)}", text) for kind, text in _KINDS.items())]
