"""Two snapshots of one card side by side, as a table for people."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from scoring import sheet_rows, snapshots
from scoring.sheets import Tree
from scoring.snapshots import Change, ValueWords


def value_words(tree: Tree) -> ValueWords:
    """How the values of the criteria of `tree` are read; a code that is not in it keeps its number."""
    leaves = {leaf.code: leaf for leaf in tree.leaves()}

    def words(code: str, value: Decimal) -> str:
        leaf = leaves.get(code)
        return str(value) if leaf is None else sheet_rows.value_text(tree.rules[leaf.pk], leaf, value)

    return words


def of_stages(changes: Iterable[Change], stages: Sequence[str]) -> list[Change]:
    """Those of the named stages, and what belongs to none."""
    return [change for change in changes if change.stage in ("", *stages)]


def without_evidence(changes: Iterable[Change]) -> list[Change]:
    """Those that name no evidence, for people to whom it is not open."""
    return [change for change in changes if change.name != snapshots.EVIDENCE]


def columns(before: str, after: str) -> list[dict[str, str]]:
    """The columns of the table; the two versions are named in words."""
    return [
        {"key": "criterion", "label": _("Criterion")},
        {"key": "field", "label": _("What"), "css": "nowrap"},
        {"key": "before", "label": before},
        {"key": "after", "label": after},
    ]


def page_rows(changes: Iterable[Change], tree: Tree) -> list[dict[str, object]]:
    """The same rows for a page: a criterion with several fields is named at the first of them."""
    shown = rows(changes, tree)
    named = [row["criterion"] for row in shown]
    for row, before in zip(shown[1:], named, strict=False):
        if row["criterion"] == before:
            row["criterion"] = {"again": before}
    return shown


def rows(changes: Iterable[Change], tree: Tree) -> list[dict[str, object]]:
    """One row for each field, with code and title of the criterion."""
    titles = {criterion.code: criterion.title for criterion in tree.criteria}
    return [
        {
            "criterion": f"{change.code} {titles.get(change.code, '')}".strip() or _("Totals of the card"),
            "field": change.field,
            "before": change.before,
            "after": change.after,
        }
        for change in changes
    ]
