"""The commands for Excel files: the same importers without a browser, and an exit status that can be trusted."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from cluster_app.audit.models import AuditEvent
from members.enums import Phase
from scoring import sheets
from scoring.enums import CardStatus
from scoring.excel.card_writing import write_card
from scoring.excel.criteria_writing import write_set, write_template
from scoring.excel.examples import EXAMPLES
from scoring.models import CriteriaSet, Criterion
from tests.factories.scoring import CriteriaSetFactory
from tests.scenarios import NOW, two_clusters
from tests.scoring.cards import card_in, reread, reviewing_world, state_of
from tests.scoring.workbooks import edited, row_with

AT = datetime(2026, 11, 22, 8, tzinfo=UTC)


def build_world():
    return two_clusters(phase=Phase.PREPARING)


@pytest.fixture
def card(db):
    return card_in(CardStatus.DRAFT, reviewing_world().member)


@pytest.fixture
def saved(tmp_path):
    """Saves a file and says where."""

    def save(content, name="tep.xlsx"):
        path = tmp_path / name
        path.write_bytes(content)
        return str(path)

    return save


def import_criteria(path, *more):
    call_command("import_criteria", path, "--cluster", "cum-a", "--year", "2021", *more)


def sets():
    return list(CriteriaSet.objects.order_by("pk").values()), list(Criterion.objects.order_by("pk").values())


# --- Criteria ---


def test_criteria_are_taken_over_by_the_system(world, saved, capsys):
    import_criteria(saved(write_template(at=AT)))

    assert Criterion.objects.filter(criteria_set__year=world.year).count() == len(EXAMPLES.nodes)
    events = AuditEvent.objects.filter(verb__startswith="criteria_set.")
    assert {event.actor for event in events} == {"system"}
    assert "tổng điểm" in capsys.readouterr().out.lower()


def test_criteria_are_taken_over_on_behalf_of_an_account(world, saved):
    import_criteria(saved(write_template(at=AT)), "--as", world.secretariat.username)

    assert {event.actor for event in AuditEvent.objects.filter(verb__startswith="criteria_set.")} == {
        world.secretariat.username
    }


def test_account_without_the_right_takes_over_nothing(world, saved):
    before = sets()

    with pytest.raises(CommandError):
        import_criteria(saved(write_template(at=AT)), "--as", world.officer.username)

    assert sets() == before


def test_dry_run_says_the_same_and_changes_nothing(world, saved, capsys):
    path, before, events = saved(write_template(at=AT)), sets(), AuditEvent.objects.count()

    import_criteria(path, "--dry-run")
    dry = capsys.readouterr().out.splitlines()

    assert (sets(), AuditEvent.objects.count()) == (before, events)
    import_criteria(path)
    assert dry == [*capsys.readouterr().out.splitlines(), "Chạy thử: chưa thay đổi gì."]


@pytest.mark.parametrize("more", [[], ["--dry-run"]])
def test_every_rejected_cell_is_a_line_and_nothing_is_changed(world, saved, capsys, more):
    template, before = write_template(at=AT), sets()
    row = row_with(template, "A.1")
    path = saved(edited(template, {f"H{row}": "8.75", f"C{row}": None}))

    with pytest.raises(CommandError, match="Tệp có 2 lỗi") as error:
        import_criteria(path, *more)

    lines = capsys.readouterr().err.splitlines()
    assert [line.split(":")[0] for line in lines] == [f"Ô C{row}", f"Ô H{row} (“8.75”)"]
    assert error.value.returncode == 1
    assert sets() == before


def test_criteria_go_out_and_come_back_without_a_change(world, tmp_path, capsys):
    CriteriaSetFactory(year=world.year, small=True, applied=True)
    path, before = str(tmp_path / "bang.xlsx"), sets()

    call_command("export_criteria", "--cluster", "cum-a", "--year", "2021", "--output", path)
    import_criteria(path)

    assert sets() == before


def test_export_is_that_of_the_page(world, tmp_path):
    criteria_set = CriteriaSetFactory(year=world.year, small=True, applied=True)
    path = tmp_path / "bang.xlsx"

    call_command("export_criteria", "--cluster", "cum-a", "--year", "2021", "--output", str(path))

    assert path.read_bytes() == write_set(CriteriaSet.objects.get(pk=criteria_set.pk), at=NOW)


@pytest.mark.parametrize(
    ("command", "arguments"),
    [
        ("import_criteria", ["{file}", "--cluster", "cum-x", "--year", "2021"]),
        ("import_criteria", ["{file}", "--cluster", "cum-a", "--year", "1999"]),
        ("import_criteria", ["{file}", "--cluster", "cum-a", "--year", "2021", "--as", "ai-do"]),
        ("import_criteria", ["{file}x", "--cluster", "cum-a", "--year", "2021"]),
        ("import_criteria", ["{folder}", "--cluster", "cum-a", "--year", "2021"]),
        ("export_criteria", ["--cluster", "cum-x", "--year", "2021", "--output", "{folder}/a.xlsx"]),
        ("export_criteria", ["--cluster", "cum-a", "--year", "2021", "--output", "{folder}/a.xlsx"]),
        ("export_scorecard", ["--cluster", "cum-a", "--year", "2021", "--unit", "X", "--output", "{folder}/a.xlsx"]),
        ("import_scorecard", ["{file}", "--as", "ai-do"]),
        ("import_scorecard", ["{file}", "--as", "a3"]),
        ("import_scorecard", ["{file}x", "--as", "a3"]),
    ],
)
def test_what_is_not_there_is_one_line_and_status_1(world, saved, tmp_path, capsys, command, arguments):
    file = saved(write_template(at=AT))
    filled_in = [argument.format(file=file, folder=tmp_path) for argument in arguments]

    with pytest.raises(CommandError) as error:
        call_command(command, *filled_in)

    assert error.value.returncode == 1
    assert len(str(error.value).splitlines()) == 1
    assert capsys.readouterr().out == ""


def test_place_that_cannot_be_written_is_said(world, tmp_path):
    CriteriaSetFactory(year=world.year, small=True, applied=True)

    with pytest.raises(CommandError, match="Không ghi được"):
        call_command("export_criteria", "--cluster", "cum-a", "--year", "2021", "--output", str(tmp_path))


# --- Score cards ---


def written(card, **values):
    file = write_card(sheets.load(reread(card)), at=NOW)
    return edited(file, {f"H{row_with(file, code)}": value for code, value in values.items()})


def test_card_goes_out_and_comes_back_without_a_change(card, tmp_path, capsys):
    path, before = str(tmp_path / "phieu.xlsx"), state_of(card)

    call_command("export_scorecard", "--cluster", "cum-a", "--year", "2021", "--unit", "A3", "--output", path)
    call_command("import_scorecard", path, "--as", "a3.cb")

    assert capsys.readouterr().out == "Tệp không làm thay đổi gì: 0 thay đổi.\n"
    assert state_of(card) == before


def test_filled_card_is_taken_over_by_who_may_fill_it(card, saved, capsys):
    path, before = saved(written(card, A1=Decimal(90), A3="Khá")), state_of(card)

    call_command("import_scorecard", path, "--as", "a3.cb", "--dry-run")
    dry = state_of(card)
    call_command("import_scorecard", path, "--as", "a3.cb")

    assert dry == before
    assert capsys.readouterr().out.splitlines() == [
        "2 dòng thay đổi.",
        "Chạy thử: chưa thay đổi gì.",
        "2 dòng thay đổi.",
    ]
    stored = dict(card.lines.values_list("criterion__code", "self_value"))
    assert (stored["A1"], stored["A3"]) == (Decimal(90), Decimal(3))


@pytest.mark.parametrize("username", ["a4", "b1", "quansat-cum-a", "quantri"])
def test_others_cannot_take_over_the_card(card, saved, username):
    path, before = saved(written(card, A1=Decimal(90))), state_of(card)

    with pytest.raises(CommandError):
        call_command("import_scorecard", path, "--as", username)

    assert state_of(card) == before


def test_rejected_cells_of_a_card_are_lines(card, saved, capsys):
    path, before = saved(written(card, A1="x", A2="y")), state_of(card)

    with pytest.raises(CommandError, match="Tệp có 2 lỗi"):
        call_command("import_scorecard", path, "--as", "a3")

    assert len(capsys.readouterr().err.splitlines()) == 2
    assert state_of(card) == before


def test_old_file_and_closed_card_are_refused(card, saved):
    path = saved(written(card, A1=Decimal(90)))
    call_command("import_scorecard", path, "--as", "a3")
    before = state_of(card)

    with pytest.raises(CommandError, match="Phiếu đã thay đổi sau khi tải tệp này về"):
        call_command("import_scorecard", path, "--as", "a3")

    assert state_of(card) == before
