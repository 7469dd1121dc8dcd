"""A row of every protected table, each known to the log."""

from awards.models import Commendation, Decision, PledgeSignature
from cluster_app.audit import log
from cluster_app.documents import issuing
from cluster_app.documents.enums import DocumentKind
from cluster_app.documents.models import IssuedDocument
from members.enums import Phase
from members.models import Delegation, EmulationYear, Membership, StoredFile
from scoring.enums import CardStatus, EvidenceKind
from scoring.models import (
    Approval,
    Evidence,
    Objection,
    ObjectionMessage,
    Publication,
    Scorecard,
    ScoreLine,
    SignedPaper,
    Submission,
)
from tests.cluster_app import sample_documents
from tests.factories.awards import (
    AwardFormFactory,
    CampaignFactory,
    CommendationFactory,
    DecisionFactory,
    PledgeFactory,
    PledgeSignatureFactory,
)
from tests.factories.members import (
    ClusterFactory,
    DelegationFactory,
    EmulationYearFactory,
    MembershipFactory,
    ResolutionFactory,
    StoredFileFactory,
)
from tests.factories.rounds import ObjectionFactory, ObjectionMessageFactory, SubmissionFactory
from tests.factories.scoring import (
    ApprovalFactory,
    CriteriaSetFactory,
    EvidenceFactory,
    PublicationFactory,
    ScorecardFactory,
    SignedPaperFactory,
    put_into_log,
)
from tests.scenarios import NOW, two_clusters


class Records:
    """A year with one row of every protected table, two drafts beside them, and a log that says so.

    The rows carry reasons, so that no constraint on a missing reason keeps a changed cell out.
    """

    def __init__(self):
        world = two_clusters(unit_count=6, phase=Phase.REVIEWING)
        self.world = world
        world.member.standing_reason = "Đã xem xét"
        world.member.save()
        self.submitted = ScorecardFactory(membership=world.members[2], submitted=True)
        self.reviewed = ScorecardFactory(membership=world.members[3], reviewed=True)
        self.approved = ScorecardFactory(membership=world.members[4], approved=True)
        self.returned = ScorecardFactory(membership=world.members[1], returned=True)
        self.draft = ScorecardFactory(membership=world.members[0], filled=True)
        self.decision, other_decision = (DecisionFactory(cluster=world.cluster) for _place in range(2))
        self.commendation = CommendationFactory(
            membership=world.member, decision=self.decision, confirmed=True, revoked_reason="Đã xem xét"
        )
        self.signature = PledgeSignatureFactory(membership=world.member, pledge__year=world.year)
        self.approval = ApprovalFactory(
            scorecard=self.submitted, revoked_at=NOW, revoked_by=world.deputy_signatory, revoked_reason="Đã xem xét"
        )
        self.publication = PublicationFactory(year=world.year, withdrawn_at=NOW, withdrawn_reason="Đã xem xét")
        self.document = issuing.withdraw(issued=self._issue(year=2021), reason="Đã xem xét", by=world.signatory, at=NOW)
        self.line = self.submitted.lines.order_by("pk").first()
        self.line.not_assigned_reason = "Đã xem xét"
        self.line.save()
        self._keep_files()
        self._object()
        self._make_targets_of_foreign_keys(world)
        log.append(
            by=None,
            at=NOW,
            verb="scenario.records",
            thing=world.year,
            rows=[
                world.member,
                self.decision,
                other_decision,
                self.commendation,
                self.signature,
                self.publication,
                self.document,
                *StoredFile.objects.all(),
                *self.papers,
                self.submission,
                *self.evidence,
                *self.objections,
                *self.messages,
                self.delegation,
            ],
        )
        put_into_log(self.submitted, self.reviewed, self.approved, self.returned)

    def _keep_files(self):
        """A file, two signed papers, what was handed in with the first, and evidence that has a content of every kind,
        beside another one that it may replace."""
        by, card = self.world.signatory, self.submitted
        self.file = StoredFileFactory(membership=self.world.member, uploaded_by=by)
        scan = StoredFileFactory(membership=self.world.member, uploaded_by=by, extension="png")
        self.papers = [
            SignedPaperFactory(scorecard=card, number=number, scan=scan, recorded_by=by)
            for number in ("15-BC/CQ", "16-BC/CQ")
        ]
        self.submission = SubmissionFactory(scorecard=card, paper=self.papers[0], submitted_by=by)
        self.evidence = [
            EvidenceFactory(
                line=self.submitted.lines.get(criterion__code="A1"),
                kind=EvidenceKind.FILE,
                file=self.file,
                url="https://example.vn/bao-cao",
                record_key="commendation:1",
                added_by=by,
                hidden_at=NOW,
                hidden_by=by,
                hidden_reason="Đã xem xét",
            ),
            EvidenceFactory(line=self.line, added_by=by),
        ]

    def _object(self):
        """An accepted objection and an open one with their claims, and a delegation that was ended."""
        world = self.world
        accepted = ObjectionFactory(line=self.reviewed.lines.get(criterion__code="A1"), accepted=True)
        self.objections = [accepted, ObjectionFactory(line=self.reviewed.lines.get(criterion__code="A2"))]
        self.messages = [ObjectionMessageFactory(objection=objection) for objection in self.objections]
        self.delegation = self._delegate(
            starts_on=NOW.date(), ended_at=NOW, ended_by=world.signatory, ended_reason="Đã xem xét"
        )

    def _delegate(self, **fields):
        world = self.world
        return DelegationFactory(
            principal=world.leader, delegate_unit=world.deputy, recorded_by=world.signatory, **fields
        )

    def _issue(self, year):
        return issuing.issue(
            document=sample_documents.pledge(),
            kind=DocumentKind.PLEDGE,
            cluster_key=self.world.cluster.slug,
            year=year,
            by=self.world.signatory,
            at=NOW,
        )

    def _make_targets_of_foreign_keys(self, world):
        """Rows of tables that the log does not vouch for; every foreign key has another one to point to."""
        ClusterFactory()
        AwardFormFactory()
        CampaignFactory(year=world.year)
        PledgeFactory(year=world.foreign.year)
        ResolutionFactory(meeting__year=world.year)
        ScorecardFactory(membership=world.foreign.leader)
        empty_set = CriteriaSetFactory(year=world.foreign.year, version=2)
        Scorecard.objects.create(membership=world.foreign.deputy, criteria_set=empty_set)

    def row_of(self, model):
        return {
            EmulationYear: self.world.year,
            Membership: self.world.member,
            Commendation: self.commendation,
            Decision: self.decision,
            PledgeSignature: self.signature,
            Scorecard: self.approved,
            ScoreLine: self.line,
            Approval: self.approval,
            Publication: self.publication,
            IssuedDocument: self.document,
            StoredFile: self.file,
            SignedPaper: self.papers[0],
            Submission: self.submission,
            Evidence: self.evidence[0],
            Objection: self.objections[0],
            ObjectionMessage: self.messages[0],
            Delegation: self.delegation,
        }[model]

    def unlogged(self, model):
        """One more row of the table, which no event mentions."""
        world = self.world
        group = self.submitted.criteria_set.criteria.get(code="A")
        return {
            EmulationYear: lambda: EmulationYearFactory(cluster=world.cluster, year=2022),
            Membership: lambda: MembershipFactory(year=world.year),
            Commendation: lambda: CommendationFactory(membership=world.member, decision=self.decision),
            Decision: lambda: DecisionFactory(cluster=world.cluster),
            PledgeSignature: lambda: PledgeSignatureFactory(pledge=self.signature.pledge, membership=world.other),
            Scorecard: lambda: Scorecard.objects.create(
                membership=world.members[5],
                criteria_set=self.submitted.criteria_set,
                status=CardStatus.SUBMITTED,
                submitted_at=NOW,
            ),
            ScoreLine: lambda: ScoreLine.objects.create(
                scorecard=self.submitted, criterion=group, section=group.section, max_points=group.max_points
            ),
            Approval: lambda: ApprovalFactory(scorecard=self.submitted),
            Publication: lambda: PublicationFactory(year=world.foreign.year),
            IssuedDocument: lambda: self._issue(year=2022),
            StoredFile: lambda: StoredFileFactory(membership=world.member),
            SignedPaper: lambda: SignedPaperFactory(scorecard=self.submitted, scan=self.file),
            Submission: lambda: SubmissionFactory(scorecard=self.submitted),
            Evidence: lambda: EvidenceFactory(line=self.line),
            Objection: lambda: ObjectionFactory(line=self.line),
            ObjectionMessage: lambda: ObjectionMessageFactory(objection=self.objections[0]),
            Delegation: self._delegate,
        }[model]()
