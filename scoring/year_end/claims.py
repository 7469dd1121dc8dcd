"""What the sentences of the annual summary claim, and what the annexes give for it.

A claim is a wording with numbers in it. The annexes are read as they are printed, not through the figures from which
the sentences were written.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from cluster_app.documents.blocks import Document, Table
from cluster_app.documents.letterheads import annex_name
from cluster_app.lib.points import average, format_percent, format_points, percent
from cluster_app.lib.wording import whole_number
from members import paper_heads
from scoring.year_end.figures import Figures
from scoring.year_end.recounting import Sheet, number_of
from scoring.year_end.sentences import listed

_NUMBER, _POINTS, _PERCENT = r"(\d[\d.]*)", r"(\d+,\d\d)", r"(\d+,\d\d%)"
_REGULAR, _THEMATIC, _DRIVE = "Phong trào thi đua thường xuyên", "Phong trào thi đua chuyên đề", "Đợt thi đua"
_COLLECTIVE, _INDIVIDUAL, _HOUSEHOLD = "Tập thể", "Cá nhân", "Gia đình"
_OCCASIONS = rf"{_NUMBER} lượt tập thể, {_NUMBER} lượt cá nhân(?:, {_NUMBER} lượt hộ gia đình)?"


class Annexes:
    """The annexes of a finished document, by their numbers."""

    def __init__(self, document: Document, figures: Figures) -> None:
        self.figures = figures
        self.labels = [section.annex.label for section in document.sections if section.annex]
        self._tables = {
            section.annex.label.casefold(): [block for block in section.blocks if isinstance(block, Table)]
            for section in document.sections
            if section.annex
        }
        self._kind = paper_heads.letterhead_kind(figures.paper)

    def sheets(self, number: str) -> list[Sheet]:
        tables = self._tables.get(self.label(number).casefold(), [])
        return [Sheet(table) for table in tables]

    def label(self, number: str) -> str:
        return annex_name(self._kind, number)

    def all_sheets(self) -> list[Sheet]:
        return [Sheet(table) for tables in self._tables.values() for table in tables]

    def first(self, number: str) -> Sheet:
        return self.sheets(number)[0]

    def occasions(self, level: str = "") -> list[str]:
        """The occasions of annex 2, of all levels or of one; households only where there are any."""
        sheet = self.first("2")
        found = [sheet.sum_of(title, level) for title in (_COLLECTIVE, _INDIVIDUAL)]
        households = sheet.sum_of(_HOUSEHOLD, level) if _HOUSEHOLD in sheet.titles else Decimal(0)
        return [whole(number) for number in (*found, *([households] if households else []))]


@dataclass(frozen=True)
class Claim:
    """A wording, and what its numbers must be."""

    wording: str
    expected: Callable[[Annexes], Sequence[str]]


def _campaigns_of(name: str) -> Callable[[Annexes], list[str]]:
    return lambda annexes: [str(len(annexes.first("3").counted(name)))]


def _concluded(annexes: Annexes) -> list[str]:
    sheet = annexes.first("3")
    rows, status = sheet.counted(_THEMATIC), sheet.titles.index("Trạng thái")
    return [f"{sum(sheet.cell(row, status) == 'Đã tổng kết' for row in rows)}/{len(rows)}"]


def _types(annexes: Annexes) -> list[str]:
    sheet = annexes.first("2")
    types = [sheet.sum_of(title) for title in ("Công trạng", "Chuyên đề", "Đột xuất")]
    others = sheet.sum_of("Cộng") - sum(types)
    return [whole(number) for number in (*types, *([others] if others else []))]


def _direct_workers(annexes: Annexes) -> list[str]:
    individuals = annexes.first("2").sum_of(_INDIVIDUAL)
    direct = annexes.figures.tally.direct_worker_count
    return [whole(individuals), whole_number(direct), format_percent(percent(direct, individuals))]


def _last_year(annexes: Annexes) -> list[str]:
    """Last year's count as annex 2b totals it, and the change of annex 2's total from it."""
    sheet = annexes.first("2b")
    before = sheet.cell(sheet.table.rows[-1], sheet.compared[0])
    now, last = annexes.first("2").sum_of("Cộng"), number_of(before) or Decimal(0)
    change = percent(now - last, last)
    return [before, "" if not change else format_percent(abs(change))]


def _points(choose: Callable[[list[Decimal]], Decimal | None]) -> Callable[[Annexes], list[str]]:
    def expected(annexes: Annexes) -> list[str]:
        found = [number for text in annexes.first("1").column("Tổng điểm") if (number := number_of(text)) is not None]
        return [format_points(choose(found) if found else None)]

    return expected


def _scored(annexes: Annexes) -> list[str]:
    totals = annexes.first("1").column("Tổng điểm")
    return [f"{sum(number_of(text) is not None for text in totals)}/{len(totals)}"]


def _members(annexes: Annexes) -> list[str]:
    return [str(len(annexes.first("2b").counted()))]


def _promises(annexes: Annexes) -> list[str]:
    return [str(len(annexes.first("4").counted()))]


def acclaimed(annexes: Annexes) -> list[str]:
    """The units of annex 5, each once however many forms it is proposed for."""
    sheet = annexes.first("5")
    return list(dict.fromkeys(sheet.column("Đơn vị"))) if sheet.counted() else []


CLAIMS: Mapping[str, Sequence[Claim]] = {
    "I.1": (Claim(r" có (\d+) đơn vị thành viên", _members),),
    "II.2": (Claim(r" gồm (\d+) nội dung, chỉ tiêu", _promises),),
    "II.3": (
        Claim(r"(\d+) phong trào thi đua thường xuyên", _campaigns_of(_REGULAR)),
        Claim(r"(\d+) phong trào thi đua chuyên đề", _campaigns_of(_THEMATIC)),
        Claim(r"(\d+) đợt thi đua", _campaigns_of(_DRIVE)),
        Claim(r"đã tổng kết (\d+/\d+) phong trào", _concluded),
    ),
    "II.5": (
        Claim(rf"toàn \w+ có {_OCCASIONS}", Annexes.occasions),
        Claim(rf"Cấp Nhà nước: {_OCCASIONS}", lambda annexes: annexes.occasions("Cấp Nhà nước")),
        Claim(rf"Cấp tỉnh: {_OCCASIONS}", lambda annexes: annexes.occasions("Cấp tỉnh")),
        Claim(rf"Cấp cơ quan: {_OCCASIONS}", lambda annexes: annexes.occasions("Cấp cơ quan")),
        Claim(
            rf"có {_NUMBER} lượt khen thưởng theo công trạng, {_NUMBER} lượt theo chuyên đề, {_NUMBER} lượt đột xuất"
            rf"(?:, {_NUMBER} lượt theo loại hình khác)?",
            _types,
        ),
        Claim(rf"Trong {_NUMBER} lượt cá nhân có {_NUMBER} lượt là người trực tiếp công tác, chiếm {_PERCENT}",
              _direct_workers),
        Claim(rf"So với năm \d+ \({_NUMBER} lượt\), tổng số lượt (?:không thay đổi|tăng {_PERCENT}|giảm {_PERCENT})",
              _last_year),
    ),
    "IV.1": (
        Claim(r"(\d+/\d+) đơn vị có kết quả chấm điểm", _scored),
        Claim(rf"Điểm bình quân {_POINTS} điểm", _points(average)),
        Claim(rf"cao nhất {_POINTS} điểm", _points(max)),
        Claim(rf"thấp nhất {_POINTS} điểm", _points(min)),
    ),
    "IV.2": (Claim(r"suy tôn (.+) là đơn vị tiêu biểu", lambda annexes: [listed(acclaimed(annexes))]),),
}  # fmt: skip


@dataclass(frozen=True)
class Mistake:
    """A number of a sentence that is not what the annexes give."""

    said: str
    found: str


def check(key: str, sentence: str, annexes: Annexes) -> tuple[list[Mistake], str]:
    """The mistakes in the claims of a sentence at that place, and the sentence without the numbers that were held to
    the annexes."""
    mistakes, rest = [], sentence
    for claim in (*CLAIMS.get(key, ()), *_ranked_claims(key, annexes)):
        for match in re.finditer(claim.wording, sentence):
            said = [text for text in match.groups() if text is not None]
            found = [text for text in claim.expected(annexes) if text]
            mistakes += [Mistake(one, other) for one, other in _paired(said, found) if one != other]
            rest = rest.replace(match[0], re.sub(r"\d", "", match[0]), 1)
    return mistakes, rest


def _ranked_claims(key: str, annexes: Annexes) -> Iterator[Claim]:
    """What IV.1 says of single units and of the bands, against the rows of annex 1."""
    if key != "IV.1":
        return
    sheet = annexes.first("1")
    place, name, total, band = (sheet.titles.index(title) for title in ("Xếp hạng", "Đơn vị", "Tổng điểm", "Xếp loại"))
    for row in sheet.counted():
        # From the head of its item on, for a name may be the end of another one.
        wording = rf"(?<=[:;] ){re.escape(sheet.cell(row, name))} \(hạng (\d+), {_POINTS} điểm\)"
        yield Claim(wording, _just(sheet.cell(row, place), sheet.cell(row, total)))
    for label in sorted({sheet.cell(row, band) for row in sheet.counted()}):
        count = sum(sheet.cell(row, band) == label for row in sheet.counted())
        yield Claim(rf"(\d+) đơn vị {re.escape(label)}(?=[;.])", _just(str(count)))


def _just(*found: str) -> Callable[[Annexes], Sequence[str]]:
    return lambda _annexes: found


def _paired(said: Sequence[str], found: Sequence[str]) -> list[tuple[str, str]]:
    size = max(len(said), len(found))
    return list(zip([*said, *[""] * (size - len(said))], [*found, *[""] * (size - len(found))], strict=True))


def whole(number: Decimal) -> str:
    """A count of the annexes as texts write it."""
    return whole_number(int(number))
