"""What people typed into the annual summary and what can only mean one figure of the whole cluster: the occasions of
its commendations, the average, highest and lowest total, how many units were acclaimed.

Such a number is held to the annexes like one that the records wrote (features.md J10). Whatever may be said of a part,
of another year or of a plan is no such claim; preflight lists it as not verified.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from cluster_app.lib.points import average, format_points
from scoring.year_end import placeholders
from scoring.year_end.claims import Annexes, Mistake, acclaimed, whole
from scoring.year_end.recounting import number_of

# These parts tell of the next year.
_PLANS = ("V.", "VI")
_CLAUSES = re.compile(r"(?<=[.;!?])\s+|\n")
_AMONG_THEM = "trong đó"
_OCCASION = r"(?<![\w.,/])\d[\d.]*\s+lượt\s+(?:tập thể|cá nhân|hộ gia đình|khen thưởng)(?!\s*(?:của|cho|theo)\b)"
_RUN = re.compile(rf"{_OCCASION}(?:(?:,|\s+và|,\s+và)\s+{_OCCASION})*")
_ONE = re.compile(r"(\d[\d.]*)\s+lượt\s+(tập thể|cá nhân|hộ gia đình|khen thưởng)")
_COLUMNS = {"tập thể": "Tập thể", "cá nhân": "Cá nhân", "hộ gia đình": "Gia đình", "khen thưởng": "Cộng"}
_PAIR = {"tập thể", "cá nhân"}
_WHOLE = re.compile(r"\b(?:toàn|cả) (?:cụm|khối)\b")
_LEVEL = re.compile(r"\bcấp (?:nhà nước|tỉnh|cơ quan)\b")
# What may follow the numbers without narrowing them.
_NEUTRAL = re.compile(
    r"(?:\s|\b(?:đã|được|các|cấp|có thẩm quyền|nhà nước|tỉnh|cơ quan|biểu dương|khen thưởng|tôn vinh|ghi nhận|và|"
    r"trong năm)\b)*"
)
# Other times, and how far from or by how much: no figure of this year.
_OTHERWISE = r"năm trước|năm ngoái|cùng kỳ|so với|\b(?:chỉ tiêu|dự kiến|phấn đấu)\b"
_ROUGHLY = r"\b(?:gần|trên|hơn|dưới|khoảng|tăng|giảm|thêm)\s*$"
_PART_OF_THEM = re.compile(
    rf"{_OTHERWISE}|{_ROUGHLY}|\b(?:riêng|mỗi|bình quân|trung bình|chuyên đề|đột xuất|công trạng|trực tiếp|đợt|quý|"
    r"tháng|đề nghị|còn lại|của đảng|đoàn thể|bằng khen|giấy khen|cờ|huân chương|huy chương|danh hiệu|chiến sĩ|"
    r"lao động tiên tiến)\b"
)
_POINTS = re.compile(
    r"\b(?P<word>bình quân|trung bình|cao nhất|thấp nhất)\b(?P<gap>\D{0,60}?)(?<![\d.,])"
    r"(?P<said>\d[\d.]*(?:,\d+)?)\s+điểm"
)
_OTHER_POINTS = re.compile(
    rf"{_OTHERWISE}|{_ROUGHLY}|\b(?:cao nhất|thấp nhất|bình quân|trung bình|thang|tối đa|tiêu chí|nhóm|điểm chuẩn|"
    r"điểm thưởng|điểm cộng|điểm trừ|điểm tự chấm|chênh lệch|cách biệt)\b"
)
_ACCLAIMED = re.compile(r"\bsuy tôn (\d+) đơn vị|\b(\d+) (?:đơn vị|tập thể) tiêu biểu\b")
_EXTREMES: Mapping[str, Callable[[list[Decimal]], Decimal | None]] = {
    "bình quân": average, "trung bình": average, "cao nhất": max, "thấp nhất": min,
}  # fmt: skip


@dataclass(frozen=True)
class _Clause:
    """A clause in small letters; `is_part` where it breaks down what stands before it."""

    text: str
    is_part: bool


class _Facts:
    """What the annexes give, and the words that tell a claim of the whole from others."""

    def __init__(self, annexes: Annexes) -> None:
        year = annexes.figures.year
        self.annexes = annexes
        names = {name.casefold() for member in year.roster() for name in (member.name, member.short_name) if name}
        self._units = re.compile("|".join(rf"\b{re.escape(name)}\b" for name in sorted(names)) or r"(?!)")
        self._other_year = re.compile(rf"năm (?!{year.year}\b)\d{{4}}")

    def names_a_unit(self, text: str) -> bool:
        return bool(self._units.search(text))

    def is_of_another_year(self, text: str) -> bool:
        return bool(self._other_year.search(text))

    def count(self, kind: str, level: str) -> Decimal:
        sheet, title = self.annexes.first("2"), _COLUMNS[kind]
        return sheet.sum_of(title, level) if title in sheet.titles else Decimal(0)

    def stands_in_a_row(self, said: Mapping[str, Decimal | None]) -> bool:
        """Whether one row of annex 2 or 2b has just these collectives and individuals."""
        for sheet in (*self.annexes.sheets("2"), *self.annexes.sheets("2b")):
            pairs = zip(sheet.places_of("Tập thể"), sheet.places_of("Cá nhân"), strict=True)
            for one, other in pairs:
                for row in sheet.figures_rows():
                    found = (number_of(sheet.cell(row, one)), number_of(sheet.cell(row, other)))
                    if found == (said["tập thể"], said["cá nhân"]):
                        return True
        return False


def mistakes(texts: Mapping[str, str], values: Mapping[str, str], annexes: Annexes) -> Iterator[tuple[str, Mistake]]:
    """The numbers typed at each place that the annexes do not give, with the key of the place. `values` are those of
    the placeholders."""
    facts = _Facts(annexes)
    for key, text in texts.items():
        if key.startswith(_PLANS):
            continue
        for clause in _clauses(text, values):
            for check in (_occasions, _points, _exemplary):
                yield from ((key, mistake) for mistake in check(clause, facts))


def _clauses(text: str, values: Mapping[str, str]) -> Iterator[_Clause]:
    """What was typed, its placeholders by name put in; one that puts a number in leaves a gap."""
    names = {name: " " if value[:1].isdigit() else value for name, value in values.items()}
    for clause in _CLAUSES.split(placeholders.fill(text, names).replace("\u00a0", " ").casefold()):
        whole_of_it, *parts = clause.split(_AMONG_THEM)
        yield _Clause(whole_of_it, is_part=False)
        yield from (_Clause(part, is_part=True) for part in parts)


# --- Occasions ---


def _occasions(clause: _Clause, facts: _Facts) -> Iterator[Mistake]:
    for match in _RUN.finditer(clause.text):
        before, after = clause.text[: match.start()], re.split(r"[,;.:()]", clause.text[match.end() :])[0]
        said = {kind: number_of(text.rstrip(".")) for text, kind in _ONE.findall(match[0])}
        if _narrows(before, after, facts):
            continue
        level = (_LEVEL.findall(after) or _LEVEL.findall(before) or [""])[-1]
        if _is_claim(clause, before, level, said, facts):
            expected = {kind: facts.count(kind, level) for kind in said}
            yield from (
                Mistake(whole(number), whole(expected[kind]))
                for kind, number in said.items()
                if number is not None and number != expected[kind]
            )


def _narrows(before: str, after: str, facts: _Facts) -> bool:
    """Whether the words around the numbers speak of less than all of them."""
    around = f"{before} {after}"
    return (
        not _NEUTRAL.fullmatch(after)
        or _PART_OF_THEM.search(before) is not None
        or facts.is_of_another_year(around)
        or facts.names_a_unit(around)
    )


def _is_claim(clause: _Clause, before: str, level: str, said: Mapping[str, Decimal | None], facts: _Facts) -> bool:
    """Both numbers of a level, any of the whole cluster, or both where nothing is said and no row has them."""
    is_pair = said.keys() >= _PAIR
    if level or clause.is_part:
        return bool(level) and is_pair
    return bool(_WHOLE.search(before)) or (is_pair and not facts.stands_in_a_row(said))


# --- Points and acclaimed units ---


def _points(clause: _Clause, facts: _Facts) -> Iterator[Mistake]:
    totals = facts.annexes.first("1").column("Tổng điểm")
    known = [number for text in totals if (number := number_of(text)) is not None]
    if not known:
        return
    begin = 0
    for match in _POINTS.finditer(clause.text):
        before, after = clause.text[begin : match.start()], re.split(r"[,;.()]", clause.text[match.end() :])[0]
        begin = match.end()
        around = f"{before} {after} {match['gap']}"
        is_average = _EXTREMES[match["word"]] is average
        if _OTHER_POINTS.search(around) or facts.is_of_another_year(around):
            continue
        if is_average and facts.names_a_unit(around):
            continue
        found = _EXTREMES[match["word"]](known)
        if number_of(match["said"]) != found:
            yield Mistake(match["said"], format_points(found))


def _exemplary(clause: _Clause, facts: _Facts) -> Iterator[Mistake]:
    found = len(acclaimed(facts.annexes))
    for match in _ACCLAIMED.finditer(clause.text):
        said = match[1] or match[2]
        if int(said) != found and not facts.is_of_another_year(clause.text) and "năm trước" not in clause.text:
            yield Mistake(said, str(found))
