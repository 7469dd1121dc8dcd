"""What is measured: the pages of people, each with its limits and with what tells it from every other page."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import count, cycle
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from cluster_app.lib.points import format_points
from members.addresses import year_url
from scoring.bench.seeding import REVIEWED_AT, Seeded
from scoring.bench.visitor import Visitor
from scoring.enums import CriterionKind
from scoring.models import Scorecard, ScoreLine
from scoring.services import comparison


class WrongPage(Exception):
    """What came is not what was to be measured."""


@dataclass(frozen=True)
class Limits:
    """Most SQL statements, most CPU as a multiple of the floor's and in milliseconds; None where there is no limit."""

    sql: int | None = None
    cpu: Decimal | None = None
    milliseconds: int | None = None


@dataclass(frozen=True)
class Subject:
    """One thing to measure. `prepare` changes the data it works on, `run` is timed, `check` then says whether it did
    what it should (raises WrongPage)."""

    name: str
    run: Callable[[], Any]
    check: Callable[[Any], None]
    limits: Limits = Limits()
    prepare: Callable[[], None] = lambda: None


LIST = Limits(10)
HOME = Limits(15, Decimal(3))
SHEET = Limits(12, Decimal(6))
# What stands beside the points there, from last year's to the objections, is read apart: five statements at most.
READING = Limits(17, Decimal(6))
SAVING = Limits(12, Decimal("2.5"))
RANKING = Limits(10, Decimal(2))
MATRIX = Limits(10, Decimal(4))
COMPARISON = Limits(15)


def floor(visitor: Visitor) -> Subject:
    return _page(_("floor"), Limits(), visitor, reverse("bench_floor"), '<main class="main "')


def pages(seeded: list[Seeded]) -> Iterator[Subject]:
    """Every card of the first cluster is reviewed; in the second one people still write."""
    done, going_on = seeded[0], seeded[1]
    secretary, reviewer = Visitor(done.secretariat), Visitor(going_on.secretariat)
    officer = Visitor(going_on.officers[-1])
    last, draft, submitted = done.cards[-1], going_on.cards[-1], going_on.cards[-2]
    todo, last_input = 'id="todo-head"', f'name="value-{_lines(draft)[-1].pk}"'
    admin_list = reverse("admin:scoring_scorecard_changelist")
    of_year = partial(year_url, year=done.year)
    yield _page(_("home, secretariat"), HOME, secretary, of_year("scoring:home"), todo)
    yield _page(_("home, unit"), HOME, officer, year_url("scoring:home", going_on.year), todo)
    yield _page(_("score card, to fill in"), SHEET, officer, _url("scorecard_detail", draft), last_input)
    yield _page(_("score card, to read"), READING, secretary, _url("scorecard_detail", last), "read-grid")
    yield _page(_("score card, to review"), SHEET, reviewer, _url("scorecard_review", submitted), "review-grid")
    yield _saved_line(officer, draft)
    yield _page(_("ranking"), RANKING, secretary, of_year("scoring:ranking"), 'class="rank-1"')
    yield _page(_("matrix"), MATRIX, secretary, of_year("scoring:matrix"), f"/matrix/{done.leaves[-1].code}/")
    yield _page(_("list of cards"), LIST, secretary, of_year("scoring:scorecard_list"), _url("scorecard_detail", last))
    yield _page(_("list of cards, administration"), LIST, secretary, admin_list, f"{admin_list}{last.pk}/")
    yield _compared_cluster(done)


def _page(name: str, limits: Limits, visitor: Visitor, url: str, text: str) -> Subject:
    return Subject(name, lambda: visitor.get(url), lambda response: _check(response, url, text), limits)


def _saved_line(visitor: Visitor, card: Scorecard) -> Subject:
    """The unit types a value, the next time another one, and the page answers as htmx asks."""
    url = _url("line_save", card)
    line = next(line for line in _lines(card) if line.criterion.kind == CriterionKind.RATIO)
    versions, values = count(line.version), cycle(("91", "92"))
    typed: dict[str, object] = {f"text-{line.pk}": "Báo cáo số 126"}
    visitor.get(_url("scorecard_detail", card))

    def prepare() -> None:
        typed[f"value-{line.pk}"], typed[f"version-{line.pk}"] = next(values), next(versions)

    def check(response: Any) -> None:
        points = format_points(Decimal(str(typed[f"value-{line.pk}"])) / 10)
        _check(response, url, f'id="points-{line.pk}" hx-swap-oob="true">{points}<')

    return Subject(_("one line saved"), lambda: visitor.post(url, typed), check, SAVING, prepare)


def _compared_cluster(seeded: Seeded) -> Subject:
    """The best unit reaches another value each time, so that every other unit's points change."""
    best = next(line for line in _lines(seeded.cards[0]) if line.criterion.kind == CriterionKind.RATIO_LEADER)
    values = cycle((Decimal(200), Decimal(250)))

    def prepare() -> None:
        value = next(values)
        ScoreLine.objects.filter(pk=best.pk).update(reviewed_value=value, final_value=value)

    def run() -> Any:
        return comparison.recompute(year=seeded.year, by=seeded.secretariat, at=REVIEWED_AT)

    def check(changed: Any) -> None:
        if len(changed) < len(seeded.cards) - 1:
            raise WrongPage(_("Recomputing the cluster did not change its cards."))

    return Subject(_("cluster recomputed"), run, check, COMPARISON, prepare)


def _check(response: Any, url: str, text: str) -> None:
    if response.status_code != 200 or text not in response.content.decode():
        raise WrongPage(
            _("%(url)s answered %(status)d without “%(text)s”: this is not the page to measure.")
            % {"url": url, "status": response.status_code, "text": text}
        )


def _url(name: str, card: Scorecard) -> str:
    return year_url(f"scoring:{name}", card.membership.year, code=card.membership.unit.code)


def _lines(card: Scorecard) -> list[ScoreLine]:
    return list(ScoreLine.objects.filter(scorecard=card).select_related("criterion").order_by("criterion__order"))
