"""What the sheet says at a line beside its figures, as markup: the reviewer's reason, and what became of objections."""

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cluster_app.templatetags.frame import icon
from scoring.sheet_rows import Row

_NOTHING = conditional_escape("")


def remark(label: str, text: str) -> SafeString:
    """A remark with the words that say whose it is."""
    return format_html('<span class="remark">{} {}</span>', label, text)


def of_reviewer(row: Row) -> SafeString:
    """The reason of the reviewer; nothing where there is none."""
    if not row.reviewed_reason:
        return _NOTHING
    return remark(format_html("{} {}", icon("chat-left-text"), _("Reviewer:")), row.reviewed_reason)


def of_review(row: Row) -> SafeString:
    """Everything that a reader of the review finds: the reasons, whether the review lies far from the claim, the
    objections with the way to their pages."""
    far = format_html('<span class="far">{}</span>', _("differs by more than 10 %")) if row.is_far else _NOTHING
    accepted = _NOTHING
    if row.final_reason and row.final_reason != row.reviewed_reason:
        accepted = remark(_("Objection accepted:"), row.final_reason)
    links = ((url, spoken, text) for text, url, spoken in row.marks)
    marks = format_html_join("", '<a class="objection" href="{}" aria-label="{}">{}</a>', links)
    return format_html("{}{}{}{}", of_reviewer(row), accepted, far, marks)
