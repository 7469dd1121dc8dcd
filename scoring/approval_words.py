"""In which office a card was approved, in the words of the person who reads it."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from members.enums import SignatureForm
from scoring.enums import ApprovalOffice
from scoring.models import Approval


def office(approval: Approval) -> str:
    """ "Cụm trưởng: Sở A", or by delegation "KT. Cụm trưởng: Sở B, theo văn bản số 15-UQ ngày 01/11/2021"."""
    year, delegation = approval.scorecard.membership.year, approval.delegation
    titles = {ApprovalOffice.LEADER: year.leader_title, ApprovalOffice.DEPUTY: year.deputy_title}
    title = titles.get(ApprovalOffice(approval.office), _("Third unit named in the minutes"))
    if delegation is None:
        return f"{title}: {approval.approver_unit.name}"
    text = _("%(form)s %(title)s: %(unit)s, by paper %(number)s of %(day)s")
    return text % {
        "form": SignatureForm(delegation.form).printed,
        "title": title,
        "unit": approval.approver_unit.name,
        "number": delegation.number,
        "day": date_format(delegation.decided_on, "d/m/Y"),
    }
