"""The sheets of a criteria file. The names are the format of the file, not words of the page: they stay Vietnamese."""

from collections.abc import Mapping

from django.db.models import TextChoices

from awards.enums import AwardLevel, CampaignKind, RecipientKind
from scoring.enums import CriterionKind, Direction, RecordSource, Section
from scoring.excel.tables import Heading

CRITERIA, LEVELS, SOURCES, LISTS, GUIDE = "Tiêu chí", "Mức điểm", "Nguồn", "Danh mục", "Hướng dẫn"

TITLE = "Tên bảng tiêu chí"
TOTAL = "Tổng điểm"
SHARED = "Một hồ sơ tính cho nhiều tiêu chí"

# The keys are the fields of `Node`.
CRITERIA_HEADINGS = (
    Heading("code", "Mã", 9, is_required=True),
    Heading("parent", "Thuộc mục", 10, is_required=True),
    Heading("title", "Tiêu chí", 44, is_required=True),
    Heading("section", "Phần", 16),
    Heading("kind", "Loại", 22, is_required=True),
    Heading("max_points", "Điểm tối đa", 10, is_required=True),
    Heading("unit_of_measure", "Đơn vị tính", 12),
    Heading("default_target", "Chỉ tiêu chung", 12),
    Heading("direction", "Chiều", 18),
    Heading("points_per_item", "Điểm mỗi lần", 10),
    Heading("min_points", "Điểm tối thiểu", 10),
    Heading("step", "Bước", 8),
    Heading("full_at_excess", "Vượt % được tối đa", 11),
    Heading("source", "Lấy từ", 26),
    Heading("overclaim_percent", "Ngưỡng tự chấm cao", 11),
    Heading("how_computed", "Cách tính điểm", 48, is_required=True),
    Heading("evidence_required", "Minh chứng", 48, is_required=True),
)
LEVEL_HEADINGS = (
    Heading("code", "Mã", 9, is_required=True),
    Heading("label", "Mức", 40, is_required=True),
    Heading("points", "Điểm", 10, is_required=True),
    Heading("from_value", "Từ", 12),
    Heading("to_value", "Đến dưới", 12),
)
RULE_HEADINGS = (
    Heading("code", "Mã", 9, is_required=True),
    Heading("level", "Cấp khen thưởng", 20),
    Heading("award_form", "Mã danh hiệu, hình thức", 24),
    Heading("recipient_kind", "Đối tượng", 16),
    Heading("campaign_kind", "Loại phong trào", 24),
    Heading("amount", "Tính là", 10, is_required=True),
)

CHOICES: Mapping[str, type[TextChoices]] = {
    "section": Section,
    "kind": CriterionKind,
    "direction": Direction,
    "source": RecordSource,
}
RULE_CHOICES: Mapping[str, type[TextChoices]] = {
    "level": AwardLevel,
    "recipient_kind": RecipientKind,
    "campaign_kind": CampaignKind,
}
