"""The rows of a sheet as markup. A sheet holds some thousand words and figures, and a template takes ten times as long
for each of them as `format_html` does."""

from collections.abc import Callable, Iterable
from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from cluster_app.templatetags.frame import icon
from scoring import sheet_remarks
from scoring.sheet_rows import RecordView, Row

register = template.Library()

Words = dict[str, SafeString]

_NOTHING = conditional_escape("")

# Up to so many records stand open; more are folded away.
_MOST_OPEN_RECORDS = 3

_GROUP_HEAD = '<tr class="{css}" id="line-{code}"><th scope="colgroup"><span class="code">{code}</span>{title}</th>'
_LINE_HEAD = (
    '<tr class="{css}" id="line-{code}" hx-target="#state-{key}" '
    'hx-params="value-{key},text-{key},estimate-{key},version-{key}">'
    '<th scope="row">{criterion}{remark}</th>'
)
_MAXIMUM = '<td data-label="{maximum_label}" class="num">{maximum}</td>'
_CLAIM = '<td data-label="{claim_label}" class="num">{self_points}</td>'
_CLAIM_AND_VALUE = (
    '<td data-label="{claim_label}" class="num"><div>{self_points}<span class="how">{self_value}</span>{estimate}</div>'
    "</td>"
)
_COMPUTED = '<span class="how computed" id="computed-{key}">{computed}</span>'
_STATE = '<div id="state-{key}" class="state" role="status">{error}</div>'

_FILL_GROUP = (
    _GROUP_HEAD
    + _MAXIMUM
    + '<td></td><td data-label="{points_label}" class="num"><span id="sub-{key}">{self_points}</span></td>'
    + "<td></td></tr>\n"
)
_FILL_LINE = (
    _LINE_HEAD
    + _MAXIMUM
    + '<td data-label="{value_label}" class="num"><div>{value}</div></td>'
    + '<td data-label="{points_label}" class="num"><span id="points-{key}">{self_points}</span></td>'
    + '<td class="note-cell">{note}{estimate}{records}<span class="how">{evidence_label} {evidence}</span>'
    + _COMPUTED
    + _STATE
    + "</td></tr>\n"
)
_REVIEW_GROUP = (
    _GROUP_HEAD
    + _MAXIMUM
    + _CLAIM
    + '<td data-label="{value_label}" class="num"><span id="sub-{key}">{reviewed_points}</span></td>'
    + "<td>{agree}</td></tr>\n"
)
_REVIEW_LINE = (
    _LINE_HEAD
    + _MAXIMUM
    + _CLAIM_AND_VALUE
    + '<td data-label="{value_label}" class="num"><div>{value}'
    + '<span class="stored-points" id="points-{key}">{reviewed_points}</span></div></td>'
    + '<td class="note-cell">{note}{records}'
    + _COMPUTED
    + _STATE
    + "</td></tr>\n"
)
_AGREE = (
    '<button class="btn btn-sm btn-outline-secondary" type="submit" formaction="{url}" name="code" value="{code}" '
    'aria-label="{code}: {agree_label}">{agree_label}</button>'
)
_READ_GROUP = _GROUP_HEAD + _MAXIMUM + _CLAIM + "{review}<td></td></tr>\n"
_READ_LINE = (
    '<tr class="{css}" id="line-{code}"><th scope="row">{criterion}</th>'
    + _MAXIMUM
    + _CLAIM_AND_VALUE
    + '{review}<td class="note-cell">{closed}{self_note}<span class="how computed">{computed}</span>{records}{remark}'
    + "</td></tr>\n"
)
_READ_REVIEW = (
    '<td data-label="{reviewed_label}" class="num{cut}">{reviewed}</td>'
    '<td data-label="{final_label}" class="num">{final_points}</td>'
)
_READ_REVIEWED = '<div>{}<span class="how">{}</span>{}</div>'

_ESTIMATE = (
    '<label class="estimate"><input type="checkbox" class="form-check-input" name="estimate-{key}" value="1"{checked}'
    ' aria-label="{code}: {estimate_label}"{post}> {estimate_label}</label>'
)
_VERSION = '<input type="hidden" id="version-{key}" name="version-{key}" value="{version}">'
_INPUT = (
    '<input class="form-control form-control-sm{invalid}" id="value-{key}" name="value-{key}" value="{value}" '
    'inputmode="decimal" autocomplete="off" aria-label="{code}: {value_label}{measure_label}" '
    'aria-describedby="state-{key}"{post}>{measure}' + _VERSION
)
_SELECT = (
    '<select class="form-select form-select-sm{invalid}" id="value-{key}" name="value-{key}" '
    'aria-label="{code}: {value_label}" aria-describedby="state-{key}"{post}>{options}</select>' + _VERSION
)
_NOTE = (
    '<textarea class="form-control form-control-sm note" id="text-{key}" name="text-{key}" rows="2" '
    'aria-label="{code}: {note_label}"{post}>{text}</textarea>'
)


@register.simple_tag
def fill_rows(rows: Iterable[Row], line_url: str) -> SafeString:
    """Draws the sheet that a unit fills in; each line is sent to `line_url` as the person leaves it."""
    words = _words(
        maximum_label=_("Maximum"),
        value_label=_("Result"),
        points_label=_("Points"),
        note_label=_("Note, evidence"),
        estimate_label=_("estimate for the whole year"),
        evidence_label=_("Evidence:"),
    )
    return _drawn(rows, _fill_group, _fill_line, words | {"post": _post(line_url)})


@register.simple_tag
def review_rows(rows: Iterable[Row], line_url: str, accept_url: str) -> SafeString:
    """Draws the sheet that a reviewer fills in; the button of a top group sends to `accept_url`."""
    words = _words(
        maximum_label=_("Maximum"),
        claim_label=_("Self-scored"),
        value_label=pgettext("points", "Reviewed"),
        note_label=_("Reason"),
        agree_label=_("Agree with the self-score"),
        unit_label=_("Unit:"),
        url=accept_url,
    )
    return _drawn(rows, _review_group, _review_line, words | {"post": _post(line_url)})


@register.simple_tag
def read_rows(rows: Iterable[Row], sees_review: bool) -> SafeString:
    """Draws the sheet to read, with the stages after the first one for those who see the review."""
    words = _words(
        maximum_label=_("Maximum"),
        claim_label=_("Self-scored"),
        reviewed_label=pgettext("points", "Reviewed"),
        final_label=_("Final"),
    )
    return _drawn(rows, *((_read_group, _read_line) if sees_review else (_claim_group, _claim_line)), words)


@register.simple_tag
def value_input(row: Row, label: str, line_url: str = "") -> SafeString:
    """Draws the input of a line's value, with the version of the line as it is shown."""
    return _value_input(row, _words(value_label=label) | {"post": _post(line_url)})


@register.simple_tag
def estimate_input(row: Row) -> SafeString:
    """Draws the box in which a value is marked as an estimate; nothing for a line that cannot be one."""
    if not row.may_estimate:
        return _NOTHING
    return _estimate_box(row, _words(estimate_label=_("estimate for the whole year")) | {"post": _NOTHING})


@register.simple_tag
def estimate_mark() -> SafeString:
    """Draws the mark of a value that is an estimate."""
    return format_html('<span class="estimate-mark">{}</span>', _("estimate for the whole year"))


@register.simple_tag
def records(row: Row) -> SafeString:
    """Draws what a fed line was taken from; nothing for a line that is typed."""
    if not row.source:
        return _NOTHING
    found = format_html_join("", "{}", ((_record(record),) for record in row.records))
    items = format_html("<ul>{}</ul>", found or format_html('<li class="muted">{}</li>', _("No record counts yet.")))
    count = len(row.records)
    if count > _MOST_OPEN_RECORDS:
        summary = ngettext("%(count)s record", "%(count)s records", count) % {"count": count}
        items = format_html("<details><summary>{}</summary>{}</details>", summary, items)
    label = _("Taken from:")
    return format_html('<div class="records"><span class="how">{} {}</span>{}</div>', label, row.source, items)


def _behind(row: Row) -> SafeString:
    """What stands behind a value: records, and the way to the evidence."""
    if row.shown is None:
        return records(row)
    text, url = row.shown
    link = '{}<a class="shown" href="{}" aria-label="{}: {}">{}{}</a>'
    return format_html(link, records(row), url, row.code, text, icon("file-earmark-text"), text)


def _record(record: RecordView) -> SafeString:
    text = format_html('<a href="{}">{}</a>', record.url, record.text) if record.url else record.text
    amount = format_html(' <span class="amount">+{}</span>', record.amount) if record.amount else ""
    return format_html("<li>{}{}</li>", text, amount)


# Codes, figures and names of units of measure, which come back on every sheet. A plain text and a safe one are told
# apart by their type. What people wrote themselves is not kept.
_escaped = lru_cache(maxsize=8192, typed=True)(conditional_escape)


def _words(**texts: str) -> Words:
    """Words that stand in every row, escaped once."""
    return {name: conditional_escape(text) for name, text in texts.items()}


def _post(line_url: str) -> SafeString:
    return format_html(' hx-post="{}"', line_url) if line_url else _NOTHING


def _drawn(
    rows: Iterable[Row],
    group: Callable[[Row, Words], SafeString],
    line: Callable[[Row, Words], SafeString],
    words: Words,
) -> SafeString:
    return format_html_join("", "{}", (((group if row.is_group else line)(row, words),) for row in rows))


def _fill_group(row: Row, words: Words) -> SafeString:
    group = format_html(_FILL_GROUP, **_of_row(row), title=row.title, **words)
    if not (row.is_top and row.is_penalty):
        return group
    notice = render_to_string("_components/_confidential.html")
    return format_html('{}<tr class="confidential"><td colspan="5">{}</td></tr>', group, notice)


def _fill_line(row: Row, words: Words) -> SafeString:
    return format_html(
        _FILL_LINE,
        **_of_open_line(row, words, row.self_note),
        value=_value_input(row, words) if row.is_open else row.self_value,
        remark=sheet_remarks.of_reviewer(row),
        estimate=_estimate_box(row, words),
        evidence=_escaped(row.evidence),
        **words,
    )


def _review_group(row: Row, words: Words) -> SafeString:
    agree = format_html(_AGREE, code=row.code, **words) if row.is_top and words["url"] else _NOTHING
    return format_html(
        _REVIEW_GROUP,
        **_of_row(row),
        title=row.title,
        reviewed_points=_escaped(row.reviewed_points),
        agree=agree,
        **words,
    )


def _review_line(row: Row, words: Words) -> SafeString:
    return format_html(
        _REVIEW_LINE,
        **_of_open_line(row, words, _NOTHING),
        value=_value_input(row, words) if row.is_open else _NOTHING,
        remark=sheet_remarks.remark(words["unit_label"], row.self_note) if row.self_note else _NOTHING,
        self_value=_escaped(row.self_value),
        estimate=_estimate_mark(row),
        reviewed_points=_escaped(row.reviewed_points),
        **words,
    )


def _claim_group(row: Row, words: Words, review: SafeString = _NOTHING) -> SafeString:
    return format_html(_READ_GROUP, **_of_row(row), title=row.title, review=review, **words)


def _read_group(row: Row, words: Words) -> SafeString:
    points = {"reviewed": _escaped(row.reviewed_points), "final_points": _escaped(row.final_points)}
    return _claim_group(row, words, format_html(_READ_REVIEW, cut=_NOTHING, **points, **words))


def _claim_line(row: Row, words: Words, review: SafeString = _NOTHING, remark: SafeString = _NOTHING) -> SafeString:
    closed = _("Not assigned: %(reason)s") % {"reason": row.closed_because} if row.closed_because else ""
    return format_html(
        _READ_LINE,
        **_of_row(row),
        criterion=_criterion(row),
        self_value=_escaped(row.self_value),
        estimate=_estimate_mark(row),
        closed=_how(closed),
        self_note=row.self_note,
        remark=remark,
        review=review,
        records=_behind(row),
        computed=row.computed,
        **words,
    )


def _read_line(row: Row, words: Words) -> SafeString:
    reviewed = _reviewed(row.reviewed_points, row.reviewed_value, row.difference)
    cut = " cut" if row.is_cut else _NOTHING
    review = format_html(_READ_REVIEW, cut=cut, reviewed=reviewed, final_points=_escaped(row.final_points), **words)
    return _claim_line(row, words, review, sheet_remarks.of_review(row))


@lru_cache(maxsize=4096, typed=True)
def _reviewed(points: str, value: str, difference: str) -> SafeString:
    return format_html(_READ_REVIEWED, points, value, _how(difference))


def _of_row(row: Row) -> dict[str, str]:
    """What every row of every sheet shows."""
    return {
        "css": _escaped(row.css),
        "key": _escaped(row.key),
        "code": _escaped(row.code),
        "maximum": _escaped(row.maximum),
        "self_points": _escaped(row.self_points),
    }


def _of_open_line(row: Row, words: Words, note: str) -> dict[str, str]:
    """What the sheets to write in have in common; `note` is what stands in a line that cannot be written."""
    own = _of_row(row)
    if row.is_open:
        note = format_html(_NOTE, key=own["key"], code=own["code"], text=row.text, **words)
    elif row.closed_because:
        note = _("Not assigned: %(reason)s") % {"reason": row.closed_because}
    return own | {
        "criterion": _criterion(row),
        "note": note,
        "records": _behind(row),
        "computed": _escaped(row.computed),
        "error": format_html('<span class="cell-error">{}</span>', row.error) if row.error else _NOTHING,
    }


def _value_input(row: Row, words: Words) -> SafeString:
    own = {
        "key": _escaped(row.key),
        "code": _escaped(row.code),
        "invalid": " is-invalid" if row.error else _NOTHING,
        "version": _escaped(row.version),
    }
    if row.options:
        options = format_html_join("", "{}", ((_option(one.value, one.label, one.is_selected),) for one in row.options))
        return format_html(_SELECT, **own, options=options, **words)
    measured = _measure(row.measure) if row.measure else (_NOTHING, _NOTHING)
    return format_html(_INPUT, **own, value=row.value, measure_label=measured[0], measure=measured[1], **words)


@lru_cache(maxsize=1024, typed=True)
def _option(value: str, label: str, is_selected: bool) -> SafeString:
    return format_html('<option value="{}"{}>{}</option>', value, " selected" if is_selected else "", label)


@lru_cache(maxsize=256, typed=True)
def _measure(measure: str) -> tuple[SafeString, SafeString]:
    """The unit of measure as the input's name ends with it, and as it stands behind the input."""
    return format_html(" ({})", measure), format_html(' <span class="how measure">{}</span>', measure)


def _criterion(row: Row) -> SafeString:
    shown = _criterion_and_target(row.code, row.title, row.how, row.target)
    if row.pledge is not None:
        text, url = row.pledge
        shown = format_html('{}<span class="how"><a href="{}">{}</a></span>', shown, url, text)
    if not row.last_year:
        return shown
    return format_html('{}<span class="how last-year">{}</span>', shown, row.last_year)


def _estimate_box(row: Row, words: Words) -> SafeString:
    """Where the unit marks a value as estimated; only the mark where the line cannot be written."""
    if not row.may_estimate:
        return _estimate_mark(row)
    checked = " checked" if row.is_estimate else _NOTHING
    own = {"key": _escaped(row.key), "code": _escaped(row.code)}
    return format_html(_ESTIMATE, **own, checked=checked, **words)


def _estimate_mark(row: Row) -> SafeString:
    return estimate_mark() if row.is_estimate else _NOTHING


@lru_cache(maxsize=4096, typed=True)
def _criterion_and_target(code: str, title: str, how: str, target: str) -> SafeString:
    """The same for every card of the set but for the unit's target."""
    return format_html('<span class="code">{}</span>{}{}{}', code, title, _how(how), _how(target))


def _how(text: str) -> SafeString:
    return format_html('<span class="how">{}</span>', text) if text else _NOTHING
