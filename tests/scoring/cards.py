"""Score cards in a world of two clusters, for the tests of scoring."""

from datetime import date

from django.db import connection, transaction

from cluster_app.lib.errors import NotAllowed, NotKnown, Refused, Stale, WrongState
from cluster_app.lib.uploads import Upload
from members.enums import Phase
from scoring.enums import CardStatus
from scoring.models import Scorecard
from scoring.services import signed_papers
from scoring.services.approvals import Seen, digest_of
from scoring.services.lines import Entry
from scoring.services.signed_papers import Paper
from scoring.sheets import load
from tests.cluster_app.sample_uploads import pdf
from tests.factories.scoring import ScorecardFactory
from tests.scenarios import NOW, TwoClusters, two_clusters

TRAIT = {
    CardStatus.DRAFT: {"filled": True},
    CardStatus.SUBMITTED: {"submitted": True},
    CardStatus.RETURNED: {"returned": True},
    CardStatus.REVIEWED: {"reviewed": True},
    CardStatus.APPROVED: {"approved": True},
}


def reviewing_world(unit_count: int = 4) -> TwoClusters:
    return two_clusters(unit_count, phase=Phase.REVIEWING)


def card_in(status: str, membership, **values) -> Scorecard:
    """The card of a unit in a status, filled in as far as that status says, read as a request would."""
    return reread(ScorecardFactory(membership=membership, **TRAIT[CardStatus(status)], **values))


def reread(card: Scorecard) -> Scorecard:
    return Scorecard.objects.select_related(
        "membership__year__cluster", "membership__year__rules", "membership__unit", "criteria_set"
    ).get(pk=card.pk)


def paper(number: str = "15-BC/CQ", signed_on: date = date(2021, 11, 20)) -> Paper:
    """The paper that the head of a unit signed, with its scan."""
    return Paper(number, signed_on, Upload("ban-giay.pdf", "pdf", pdf(number)))


def record_paper(card: Scorecard, user) -> None:
    """Records that paper, so that `user` may enter the card on behalf of its unit."""
    signed_papers.record(card=card, paper=paper(), by=user, at=NOW)


def line_of(card: Scorecard, code: str):
    return card.lines.select_related("criterion").get(criterion__code=code)


def entry(card: Scorecard, code: str, value, text: str = "", *, version: int | None = None) -> Entry:
    """What a person typed into the line `code`, on a page as it is now unless `version` says otherwise."""
    line = line_of(card, code)
    return Entry(line.pk, value, text, line.version if version is None else version)


def seen(card: Scorecard) -> Seen:
    """The card as its page shows it now."""
    fresh = reread(card)
    return Seen(fresh.pk, fresh.version, digest_of(load(fresh)))


def state_of(card: Scorecard) -> list[tuple]:
    """Everything stored of a card, as the database keeps it, to show that nothing was changed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM scoring_scorecard WHERE id = %s", [card.pk])
        found = cursor.fetchall()
        cursor.execute("SELECT * FROM scoring_scoreline WHERE scorecard_id = %s ORDER BY id", [card.pk])
        return found + cursor.fetchall()


class _Worked(Exception):
    pass


def outcome(act) -> str:
    """What the service answers, as a letter of the truth tables; whatever it did is taken back.

    Y works · 3 not allowed · 4 not known · W wrong state · S stale · R refused
    """
    letters = {_Worked: "Y", NotAllowed: "3", NotKnown: "4", WrongState: "W", Stale: "S", Refused: "R"}
    try:
        with transaction.atomic():
            act()
            raise _Worked
    except tuple(letters) as error:
        return letters[type(error)]


def truth_table(world: TwoClusters, act, *, people: dict | None = None) -> dict[str, str]:
    """What every person gets from `act(card, user)` in every status of the card of the unit `member`: one row a
    status, one letter a person, in the order of `people`."""
    found = {}
    for status in CardStatus.values:
        with transaction.atomic():
            card = card_in(status, world.member)
            found[status] = " ".join(
                outcome(lambda user=user, card=card: act(card, user)) for user in (people or world.people()).values()
            )
            transaction.set_rollback(True)
    return found


def forget(year) -> None:
    """The year forgets what it read of its members and cards, as with the next request."""
    for name in ("_waiting", "_review_assignments", "_entered_on_behalf", "_roster", "_calendar"):
        year.__dict__.pop(name, None)
