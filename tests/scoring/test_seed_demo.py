"""What the demo shows, as the issue and the source article say it. It is seeded once for all tests here."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.hashers import check_password
from django.core.management import call_command
from django.db import transaction
from django.db.models import Count, F, Sum
from django.utils import translation

from awards.enums import AwardLevel, CommendationStatus, PledgeStatus
from awards.models import AwardForm, BaseSalary, Commendation, PledgeSignature
from awards.queries import campaign_counts, reconcile, tally, unconfirmed_counts
from cluster_app.audit.models import AuditEvent
from cluster_app.audit.verification import verify
from cluster_app.documents.enums import DocumentKind
from cluster_app.documents.models import DocumentNumber, IssuedDocument
from cluster_app.documents.text import text_of
from cluster_app.lib import clock
from cluster_app.lib.errors import NotAllowed
from members import demo_clock
from members.calculations import late_days
from members.enums import AssignmentRole, DeadlineStep, MeetingKind, ResolutionKind, SignatureForm
from members.models import (
    Assignment,
    Cluster,
    Delegation,
    EmulationYear,
    Extension,
    Meeting,
    Membership,
    StoredFile,
    User,
)
from members.queries import delegation_held, due_for
from scoring import integrity, permissions
from scoring.demo import accounts
from scoring.enums import ApprovalOffice, EvidenceKind, Section
from scoring.models import (
    Approval,
    CriteriaSet,
    Criterion,
    Evidence,
    Objection,
    Publication,
    ReviewAssignment,
    Scorecard,
    ScoreLine,
    SignedPaper,
    Submission,
)
from scoring.paperwork import queries as paperwork_queries
from scoring.ranking import ranking
from scoring.results import results
from scoring.services import estimates, signed_papers
from tests.scenarios import NOW
from tests.scoring.demo_files import UNITS
from tests.scoring.test_demo_data import RESULT_2020, STATUS_2021

pytestmark = pytest.mark.django_db

PASSWORD = "mot-mat-khau-dai"
SECOND_CLUSTER = ["SKHDT", "SKHCN"]


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("seed_demo", password=PASSWORD)
        yield
        transaction.set_rollback(True)
    clock.reset()


@pytest.fixture
def year_2020(demo):
    return find(2020)


@pytest.fixture
def year_2021(demo):
    return find(2021)


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def find(number, cluster="lang-son"):
    return EmulationYear.objects.select_related("cluster", "rules").get(cluster__slug=cluster, year=number)


def card_of(year, unit):
    return Scorecard.objects.select_related("membership__year__cluster", "membership__year__rules").get(
        membership__year=year, membership__unit__code=unit
    )


def person(username):
    return User.objects.get(username=username)


def in_vietnam(*moment):
    return datetime(*moment, tzinfo=UTC) - timedelta(hours=7)


def statuses(year):
    return dict(Scorecard.objects.filter(membership__year=year).values_list("membership__unit__code", "status"))


def test_clusters_are_two_and_illustrative(demo):
    assert list(Cluster.objects.order_by("pk").values_list("slug", "name", "province", "is_illustrative")) == [
        ("lang-son", "Cụm Thi đua các cơ quan đảng tỉnh", "Lạng Sơn", True),
        ("thu-nghiem", "Khối Thi đua thử nghiệm các sở", "Lạng Sơn", True),
    ]


def test_years_stand_where_the_issue_says_with_their_own_titles(demo):
    years = EmulationYear.objects.order_by("cluster__slug", "year")

    assert list(years.values_list("cluster__slug", "year", "phase", "leader_title", "deputy_title")) == [
        ("lang-son", 2020, "concluded", "Cụm trưởng", "Cụm phó"),
        ("lang-son", 2021, "reviewing", "Cụm trưởng", "Phó trưởng cụm"),
        ("thu-nghiem", 2021, "running", "Khối trưởng", "Khối phó"),
    ]


@pytest.mark.parametrize(("number", "leader", "deputy"), [(2020, "TCT", "UBKTTU"), (2021, "UBKTTU", "BLS")])
def test_nine_units_with_leader_and_deputy(demo, number, leader, deputy):
    members = Membership.objects.filter(year=find(number)).order_by("protocol_order")

    assert list(members.values_list("unit__code", flat=True)) == UNITS
    assert {member.role: member.unit.code for member in members if member.role != "member"} == {
        "leader": leader,
        "deputy": deputy,
    }
    assert {member.standing for member in members} == {"good"}


def test_second_cluster_has_units_of_its_own(demo):
    members = Membership.objects.filter(year=find(2021, "thu-nghiem")).order_by("protocol_order")
    codes = list(members.values_list("unit__code", flat=True))

    assert codes[:2] == SECOND_CLUSTER
    assert not set(codes) & set(UNITS)


@pytest.mark.parametrize("number", [2020, 2021])
def test_criteria_set_is_that_of_the_regulations(demo, number):
    criteria_set = CriteriaSet.objects.get(year=find(number))
    leaves = Criterion.objects.filter(criteria_set=criteria_set).exclude(kind="group")

    assert criteria_set.is_applied
    assert criteria_set.declared_total == Decimal(1000)
    assert Counter(leaves.values_list("section", flat=True)) == {
        Section.BASE: 38,
        Section.BONUS: 5,
        Section.PENALTY: 5,
    }
    assert sum(leaf.max_points for leaf in leaves if leaf.section == Section.BASE) == 1000


def test_results_of_2020_are_these(year_2020):
    sections = {row.membership.unit.code: row.sections["A"] for row in ranking(year_2020).rows}

    exported = results(year_2020)

    assert exported["status"] == "published"
    assert [
        (
            unit["code"],
            unit["self"],
            unit["reviewed"],
            f"{sections[unit['code']]:.2f}",
            *(unit[name] for name in ("base", "bonus", "penalty", "rank", "band")),
        )
        for unit in exported["units"]
    ] == RESULT_2020
    assert {unit["total"] == unit["reviewed"] for unit in exported["units"]} == {True}
    assert {unit["self"] == unit["reviewed"] for unit in exported["units"]} == {False}


def test_one_tie_of_2020_is_broken_by_a_rule_that_is_told(year_2020):
    notes = {row.membership.unit.code: row.tie_note for row in ranking(year_2020).rows if row.tie_note}

    assert notes == {
        "UBKTTU": "Same total as Ban Tổ chức Tỉnh ủy; ahead by section A: 422,65 against 421,82.",
        "BTCTU": "Same total as Ủy ban Kiểm tra Tỉnh ủy; behind by section A: 421,82 against 422,65.",
    }


def test_cards_of_2020_are_approved_by_the_leader_and_the_leaders_own_by_the_deputy(year_2020):
    approvals = Approval.objects.filter(scorecard__membership__year=year_2020, revoked_at=None)

    assert statuses(year_2020) == dict.fromkeys(UNITS, "approved")
    assert {
        unit: (office, approver)
        for unit, office, approver in approvals.values_list("unit__code", "office", "approver__username")
    } == {
        **dict.fromkeys(UNITS, (ApprovalOffice.LEADER, "tct")),
        "TCT": (ApprovalOffice.DEPUTY, "ubkttu"),
    }


def test_results_of_2020_are_published_by_two_persons_at_the_conference(year_2020):
    publication = Publication.objects.get(year=year_2020)

    assert (publication.proposed_by.username, publication.confirmed_by.username) == ("tct", "ubkttu")
    assert year_2020.published_at == publication.published_at == in_vietnam(2020, 12, 30, 15, 30)


def test_conference_of_2020_settled_what_the_article_says(year_2020):
    meeting = Meeting.objects.get(year=year_2020)
    named = meeting.resolutions.exclude(named=None).order_by("order")

    assert (meeting.kind, meeting.held_on) == (MeetingKind.YEAR_END, date(2020, 12, 30))
    assert [(one.kind, one.named.unit.code, one.named.year.year) for one in named] == [
        (ResolutionKind.EXEMPLARY_UNIT, "VPTU", 2020),
        (ResolutionKind.LEADER, "UBKTTU", 2020),
        (ResolutionKind.DEPUTY, "BLS", 2020),
    ]
    assert meeting.resolutions.filter(kind=ResolutionKind.GENERAL).count() == 2


def test_report_of_2020_is_signed_by_the_leader_of_2020_in_the_january_after(year_2020):
    report = IssuedDocument.objects.get(kind="annual_summary")

    assert (report.cluster_key, report.year) == ("lang-son", 2020)
    assert (report.number_symbol, report.dated_on, report.issued_by_key) == ("03-BC/CTĐ", date(2021, 1, 26), "tct")
    assert "12 phong trào thi đua chuyên đề" in report.content
    assert "108 lượt tập thể, 527 lượt cá nhân" in report.content


def test_papers_of_2020_were_issued_by_the_leader_when_their_turn_came(year_2020):
    papers = IssuedDocument.objects.filter(cluster_key="lang-son", year=2020).order_by("issued_at")

    assert list(papers.values_list("kind", "number_symbol", "dated_on")) == [
        ("plan", "02-KH/CTĐ", date(2020, 2, 14)),
        ("reminder", "01-CV/CTĐ", date(2020, 12, 15)),
        ("invitation", "01-GM/CTĐ", date(2020, 12, 18)),
        ("invitation", "02-GM/CTĐ", date(2020, 12, 21)),
        ("notice", "01-TB/CTĐ", date(2020, 12, 31)),
        ("score_table", "01-BTH/CTĐ", date(2020, 12, 31)),
        ("annual_summary", "03-BC/CTĐ", date(2021, 1, 26)),
        ("proposal", "01/TTr-CTĐ", date(2021, 1, 27)),
        ("proposal_list", "01/DS-CTĐ", date(2021, 1, 27)),
    ]
    assert set(papers.values_list("issued_by_key", flat=True)) == {"tct"}
    assert all("SỐ LIỆU MINH HỌA" in paper.content for paper in papers)


def test_invitation_of_2020_was_withdrawn_with_a_reason_and_sent_anew(year_2020):
    first, second = IssuedDocument.objects.filter(kind="invitation").order_by("issued_at")

    assert first.withdrawn_reason.startswith("Hội nghị chuyển sang Hội trường Trường Chính trị")
    assert "Phòng họp số 2" in first.content
    assert second.withdrawn_at is None
    assert "Hội trường Trường Chính trị Hoàng Văn Thụ" in second.content


def test_letter_of_2020_went_to_the_two_units_that_were_late(year_2020):
    letter = IssuedDocument.objects.get(kind="reminder").content

    assert [name for name in year_2020.memberships.values_list("name", flat=True) if name in letter] == [
        "Ban Nội chính Tỉnh ủy",
        "Đảng ủy Khối các cơ quan tỉnh",
    ]


def test_register_of_2021_shows_an_issued_a_void_and_a_reserved_number(year_2021):
    numbers = DocumentNumber.objects.order_by("register__type_code")

    assert [find(number).rules.own_register for number in (2020, 2021)] == [False, True]
    assert list(
        numbers.values_list("register__type_code", "register__period", "number", "status", "document__number_symbol")
    ) == [
        ("GM", "2021", 1, "void", None),
        ("KH", "2021", 2, "issued", "02-KH/CTĐ"),
        ("TB", "2021", 1, "reserved", None),
    ]
    assert "lấy ý kiến bằng văn bản" in numbers.get(status="void").void_reason


def test_letter_of_2021_is_ready_for_the_unit_that_is_late(year_2021):
    letter = paperwork_queries.draft(year_2021, DocumentKind.REMINDER, NOW)

    assert (letter.missing, letter.blocking) == ([], [])
    assert letter.filled["late_units"] == "Ban Nội chính Tỉnh ủy"
    assert "trước 17 giờ 00 ngày 26 tháng 11 năm 2021" in " ".join(text_of(letter.document(is_draft=True)))


def test_tally_of_2020_is_that_of_the_article(year_2020):
    counts = tally(year_2020)
    levels = {part.level: part.subtotal.count for part in counts.levels}

    assert {level: (count.collective, count.individual) for level, count in levels.items()} == {
        AwardLevel.STATE: (3, 9),
        AwardLevel.PROVINCE: (27, 96),
        AwardLevel.AGENCY: (78, 422),
    }
    assert (counts.total.collective, counts.total.individual, counts.total.household) == (108, 527, 0)


@pytest.mark.parametrize("number", [2020, 2021])
def test_tally_is_the_sum_of_the_register(demo, number):
    assert reconcile(find(number)) == ()


def test_register_of_2020_holds_rows_that_do_not_count(year_2020):
    rows = Commendation.objects.filter(membership__year=year_2020, status=CommendationStatus.AWARDED)
    rules = year_2020.rules

    assert rows.filter(decision__decided_on__lt=rules.tally_from).exists()
    assert rows.filter(decision__decided_on__gt=rules.tally_to).exists()
    assert rows.filter(award_form__system="party").exists()
    assert rows.aggregate(Sum("occasions"))["occasions__sum"] == 108 + 527 + 6


def test_commendations_of_2021_that_the_units_entered_wait_for_the_secretariat(year_2021):
    units = dict(Membership.objects.filter(year=year_2021).values_list("pk", "unit__code"))

    assert {units[pk]: count for pk, count in unconfirmed_counts(year_2021).items()} == {"VPTU": 9, "BDVTU": 5}


def test_no_commendation_is_recorded_before_it_was_decided(demo):
    assert not Commendation.objects.filter(recorded_at__date__lt=F("decision__decided_on")).exists()


def test_campaigns_of_2020_are_one_movement_twelve_campaigns_and_three_drives(year_2020):
    counts = campaign_counts(year_2020)

    assert (counts.regular.total, counts.thematic.total, counts.drive.total) == (1, 12, 3)


@pytest.mark.parametrize(("number", "day"), [(2020, date(2020, 2, 20)), (2021, date(2020, 12, 30))])
def test_pledge_is_signed_by_all_nine(demo, number, day):
    pledge = find(number).pledges.get()
    signatures = PledgeSignature.objects.filter(pledge=pledge)

    assert pledge.status == PledgeStatus.SIGNED
    assert sorted(signatures.values_list("membership__unit__code", flat=True)) == sorted(UNITS)
    assert set(signatures.values_list("signed_on", flat=True)) == {day}
    assert all(signature.recorded_by.username == signature.membership.unit.code.lower() for signature in signatures)


def test_cards_of_2021_stand_where_the_issue_says(year_2021):
    assert statuses(year_2021) == STATUS_2021


def test_approved_card_of_2021_is_the_leaders_approval(year_2021):
    approval = Approval.objects.get(scorecard__membership__year=year_2021)

    assert (approval.unit.code, approval.approver.username, approval.office) == ("VPTU", "ubkttu", "leader")


def test_card_of_the_leader_of_2021_waits_for_the_deputy(year_2021):
    card = card_of(year_2021, "UBKTTU")

    assert permissions.check_can_approve(person("bls"), card, NOW).office == ApprovalOffice.DEPUTY
    with pytest.raises(NotAllowed):
        permissions.check_can_approve(person("ubkttu"), card, NOW)


def test_returned_card_of_2021_says_why_and_which_lines(year_2021):
    card = card_of(year_2021, "DUK")

    assert card.returned_reason.startswith("A2.1: danh mục chưa ghi số và ngày")
    assert list(card.lines.filter(is_returned=True).values_list("criterion__code", flat=True)) == ["A2.1", "C1.2"]


def test_submitted_card_of_2021_holds_two_estimates_of_the_whole_year(year_2021):
    lines = ScoreLine.objects.filter(is_estimate=True).order_by("criterion__code")

    assert list(lines.values_list("scorecard__membership__unit__code", "criterion__code", "self_value")) == [
        ("TCT", "A1.1", Decimal("98.94")),
        ("TCT", "A3.1", Decimal(41)),
    ]
    assert all("ước cả năm" in line.self_note.lower() for line in lines)
    estimates.check_open(card_of(year_2021, "TCT"), person("tct.cb"))


def test_cards_of_2021_were_handed_in_in_all_three_ways_and_one_is_a_day_late(year_2021):
    submissions = Submission.objects.filter(scorecard__membership__year=year_2021).order_by("submitted_at")

    assert list(
        submissions.values_list("scorecard__membership__unit__code", "way", "submitted_by__username", "late_days")
    ) == [
        ("VPTU", "signatory", "vptu", 0),
        ("UBKTTU", "signatory", "ubkttu", 0),
        ("BTCTU", "signatory", "btctu", 0),
        ("BTGTU", "officer", "btgtu.cb", 0),
        ("TCT", "signatory", "tct", 0),
        ("DUK", "signatory", "duk", 0),
        ("BLS", "on_behalf", "thuky", 1),
    ]


def test_signed_papers_of_2021_were_recorded_with_their_scans_before_the_cards_were_handed_in(year_2021):
    papers = SignedPaper.objects.order_by("recorded_at")
    submissions = Submission.objects.filter(scorecard__membership__year=year_2021, paper__isnull=False)

    assert list(papers.values_list("number", "signed_on", "recorded_by__username", "scan__name")) == [
        ("148-BC/BTGTU", date(2021, 11, 17), "btgtu.cb", "phieu-tu-cham-2021-btgtu.pdf"),
        ("146-BC/BLS", date(2021, 11, 22), "thuky", "phieu-tu-cham-2021-bls.pdf"),
    ]
    assert [one.paper.recorded_at < one.submitted_at for one in submissions] == [True, True]


def test_card_entered_on_behalf_of_its_unit_is_not_the_work_of_the_secretary_at_home(year_2021):
    card = card_of(year_2021, "BLS")

    assert signed_papers.way_of(person("thuky"), card) == "on_behalf"
    assert signed_papers.way_of(person("thuky2"), card) == "officer"
    assert set(card.evidence.values_list("added_by__username", flat=True)) == {"thuky"}


def test_deputys_signatory_signs_for_the_leader_on_three_days_of_december_only(year_2021):
    [delegation] = Delegation.objects.all()

    assert (delegation.principal.unit.code, delegation.delegate_unit.unit.code) == ("UBKTTU", "BLS")
    assert (delegation.form, delegation.delegate.username) == (SignatureForm.KT, "bls")
    assert [
        delegation_held(person("bls"), year_2021, moment) is not None
        for moment in (
            NOW,
            in_vietnam(2021, 11, 30, 23, 59),
            in_vietnam(2021, 12, 1),
            in_vietnam(2021, 12, 3, 23, 59),
            in_vietnam(2021, 12, 4),
        )
    ] == [False, False, True, True, False]


def test_objections_of_both_years_stand_as_they_ended(demo):
    found = Objection.objects.order_by("raised_at")
    names = ("line__scorecard__membership__unit__code", "line__criterion__code", "status")

    assert list(found.values_list("line__scorecard__membership__year__year", *names)) == [
        (2020, "UBKTTU", "C1.2", "accepted"),
        (2020, "BTGTU", "A2.3", "kept"),
        (2020, "DUK", "A2.1", "withdrawn"),
        (2021, "BTGTU", "A3.3", "open"),
    ]


def test_one_card_of_2021_is_reviewed_by_another_unit(year_2021):
    [asked] = ReviewAssignment.objects.all()

    assert (asked.scorecard.membership.unit.code, asked.membership.unit.code) == ("BLS", "BTCTU")
    permissions.check_can_review(person("btctu.cb"), asked.scorecard)


@pytest.mark.parametrize("unit", ["BNCTU", "BDVTU"])
def test_draft_of_2021_is_half_filled(year_2021, unit):
    lines = ScoreLine.objects.filter(scorecard=card_of(year_2021, unit))

    assert lines.count() == 48
    assert 20 <= lines.filter(self_value__isnull=False).count() <= 28


def test_self_scores_of_2021_are_due_softly_and_one_unit_has_more_time_with_a_reason(year_2021):
    members = {member.unit.code: member for member in year_2021.memberships.select_related("unit")}
    late, extended = (due_for(year_2021, DeadlineStep.SELF_SCORING, members[code]) for code in ("BNCTU", "BDVTU"))

    assert (late.due_at, late.is_hard, late.is_extended) == (in_vietnam(2021, 11, 22, 23, 59, 59), False, False)
    assert late_days(late.due_at, NOW) == 2
    assert (extended.due_at, extended.is_extended) == (in_vietnam(2021, 11, 26, 23, 59, 59), True)
    assert late_days(extended.due_at, NOW) == 0
    assert Extension.objects.get().reason.startswith("Đơn vị tập trung phục vụ đoàn kiểm tra")


def test_accounts_are_those_of_the_issue(demo):
    units = [code.lower() for code in UNITS]
    of_main_cluster = {"quantri", "thuky", "thuky2", "quansat", *units, *(f"{unit}.cb" for unit in units)}
    usernames = set(User.objects.values_list("username", flat=True))

    assert of_main_cluster <= usernames
    assert {name for name, _part in accounts()} == usernames
    others = usernames - of_main_cluster
    assert others == {"thuky.thu-nghiem"} | {
        f"{member.unit.code.lower()}{suffix}"
        for member in find(2021, "thu-nghiem").memberships.select_related("unit")
        for suffix in ("", ".cb")
    }


@pytest.mark.parametrize(
    ("username", "role", "unit", "cluster"),
    [
        ("quantri", AssignmentRole.ADMINISTRATOR, None, None),
        ("thuky", AssignmentRole.SECRETARIAT, "UBKTTU", "lang-son"),
        ("thuky2", AssignmentRole.SECRETARIAT, "BLS", "lang-son"),
        ("quansat", AssignmentRole.OBSERVER, None, "lang-son"),
        ("thuky.thu-nghiem", AssignmentRole.SECRETARIAT, None, "thu-nghiem"),
        ("tct", AssignmentRole.SIGNATORY, "TCT", None),
        ("tct.cb", AssignmentRole.OFFICER, "TCT", None),
    ],
)
def test_account_plays_one_part(demo, username, role, unit, cluster):
    parts = Assignment.objects.filter(user__username=username)

    assert list(parts.values_list("role", "unit__code", "cluster__slug", "ended_on")) == [(role, unit, cluster, None)]


@pytest.mark.parametrize(("secretary", "home", "other"), [("thuky", "UBKTTU", "TCT"), ("thuky2", "BLS", "UBKTTU")])
def test_secretary_does_not_review_the_card_of_the_home_unit(year_2021, secretary, home, other):
    permissions.check_can_review(person(secretary), card_of(year_2021, other))
    with pytest.raises(NotAllowed):
        permissions.check_can_review(person(secretary), card_of(year_2021, home))


def test_accounts_share_one_password_and_need_not_change_it(demo):
    hashes = set(User.objects.values_list("password", flat=True))

    assert len(hashes) == 1
    assert check_password(PASSWORD, hashes.pop())
    assert not User.objects.filter(must_change_password=True).exists()


def test_catalogue_is_there(demo):
    assert AwardForm.objects.filter(code="GK").exists()
    assert BaseSalary.objects.filter(amount=1_490_000, valid_from=date(2019, 7, 1)).exists()


def test_demo_verifies(demo):
    assert verify().problem == ""
    assert list(integrity.problems()) == []


def test_demo_happened_before_its_clock_starts(demo):
    assert AuditEvent.objects.filter(at__gte=NOW).count() == 0
    assert demo_clock.origin() == NOW


def test_events_of_the_demo_are_in_the_order_of_time(demo):
    moments = list(AuditEvent.objects.order_by("sequence").values_list("at", flat=True))

    assert moments == sorted(moments)


def test_second_seeding_changes_nothing(demo):
    events = AuditEvent.objects.count()
    people = list(User.objects.order_by("pk").values_list("pk", "password"))

    call_command("seed_demo", password=PASSWORD)

    assert AuditEvent.objects.count() == events
    assert list(User.objects.order_by("pk").values_list("pk", "password")) == people
    assert Cluster.objects.count() == 2


def test_second_seeding_with_another_password_sets_it_for_all_with_one_hash(demo):
    events = AuditEvent.objects.count()
    User.objects.filter(username="vptu").update(must_change_password=True)

    call_command("seed_demo", password="mot-mat-khau-khac")

    hashes = set(User.objects.values_list("password", flat=True))
    assert len(hashes) == 1
    assert check_password("mot-mat-khau-khac", hashes.pop())
    assert not User.objects.filter(must_change_password=True).exists()
    assert AuditEvent.objects.count() == events


def test_evidence_of_all_four_kinds_stands_in_both_years(demo):
    found = Evidence.objects.filter(hidden_at__isnull=True).values_list("scorecard__membership__year__year", "kind")

    assert set(found) == {(year, kind) for year in (2020, 2021) for kind in EvidenceKind.values}


def test_one_file_was_handed_in_by_two_units_so_that_the_warning_is_seen(year_2021):
    twice = StoredFile.objects.filter(year=year_2021).values("sha256").annotate(count=Count("pk")).filter(count=2)

    assert twice.count() == 1
