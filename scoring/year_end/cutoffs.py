"""Until when the figures of an annex count: the state of the scores, who approved them and when, and the vote."""

from collections import Counter

from django.utils import timezone

from cluster_app.lib.wording import date_short
from members.enums import SignatureForm
from members.models import Resolution
from scoring.enums import ApprovalOffice
from scoring.models import Approval
from scoring.year_end.figures import Figures
from scoring.year_end.lines import is_final
from scoring.year_end.sentences import listed

PROVISIONAL_MARK = "(*)"


def of_scores(figures: Figures) -> tuple[str, ...]:
    """One sentence: all approved, by whom and when, and when they were published; or how far the approval is."""
    approved, count = len(figures.approvals), figures.unit_count
    if figures.scores.is_provisional:
        waiting = [row.unit.membership.name for row in figures.scores.rows if not is_final(row.unit.card)]
        return (f"Số liệu tạm tính: đã phê duyệt {approved}/{count} đơn vị; chưa phê duyệt: {listed(waiting)}.",)
    if not approved:
        return ()
    days = [timezone.localdate(approval.approved_at) for approval in figures.approvals]
    when = f"ngày {date_short(days[0])}"
    if days[0] != days[-1]:
        when = f"từ ngày {date_short(days[0])} đến ngày {date_short(days[-1])}"
    by = Counter(_office(approval, figures) for approval in figures.approvals)
    offices = "; ".join(f"{office}: {number} đơn vị" for office, number in by.items())
    text = f"Điểm cuối đã được phê duyệt của {approved}/{count} đơn vị, {when} ({offices})"
    if figures.year.published_at is not None:
        text += f"; kết quả công bố ngày {date_short(timezone.localdate(figures.year.published_at))}"
    return (f"{text}.",)


def _office(approval: Approval, figures: Figures) -> str:
    year = figures.year
    titles = {ApprovalOffice.LEADER: year.leader_title, ApprovalOffice.DEPUTY: year.deputy_title}
    title = titles.get(ApprovalOffice(approval.office), "đơn vị được cử theo biên bản")
    if approval.delegation is not None:
        title = f"{SignatureForm(approval.delegation.form).printed} {title}"
    return f"{title}, {approval.approver_unit.name}"


def of_vote(resolutions: tuple[Resolution, ...]) -> str:
    """Which minutes the votes are taken from; how many votes there could be is said there."""
    meeting = resolutions[0].meeting
    number = f" số {meeting.minutes_number}" if meeting.minutes_number else ""
    return (
        f"Phiếu và kết luận ghi theo biên bản{number} ngày {date_short(meeting.held_on)}; mẫu số của tỷ lệ là số ghi "
        "trong biên bản."
    )
