"""Before the results are published no figure of another unit reaches a unit: not on a page, not in a file or its name,
not in a notification; nor ever one of another cluster. Every GET address is asked, with every code and key there is."""

import io
import re
import zipfile
from html import unescape
from itertools import product

import pytest
from django.db import transaction
from django.urls import NoReverseMatch, get_resolver, reverse

from cluster_app.lib import clock
from members.enums import PendingKind, Phase
from members.models import PendingStep
from scoring.models import Objection, Scorecard
from scoring.services import approvals, publications
from tests.factories.scoring import EvidenceFactory, ScorecardFactory, put_into_log
from tests.scenarios import NOW, fresh, two_clusters
from tests.scoring.cards import line_of, seen

pytestmark = pytest.mark.django_db

# By unit: points of A1 as the unit claims them, and as they are in the end; no figure of one stands with another.
CLAIMED = {"A1": "29.13", "A2": "28.27", "A3": "27.39", "A4": "26.43", "B1": "25.51", "B2": "24.61"}
FINAL = {"A1": "23.17", "A2": "22.29", "A3": "21.31", "A4": "20.47", "B1": "19.53", "B2": "18.67"}
SKIPPED = {"members:logout", "members:login"}


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """All cards are approved by the services, so that everybody was notified; one was objected to."""
    with django_db_blocker.unblock(), clock.stopped_at(NOW), transaction.atomic():
        yield approved_world()
        transaction.set_rollback(True)


def approved_world():
    built = two_clusters(4, phase=Phase.APPROVING)
    for place in (built, built.foreign):
        for member in place.members:
            code = member.unit.code
            card = ScorecardFactory(
                membership=member,
                reviewed=True,
                self_values={"A1": ("95", CLAIMED[code])},
                reviewed_values={"A1": ("87", FINAL[code])},
            )
            EvidenceFactory(line=line_of(card, "A1"), title=evidence_title(member))
            put_into_log(card)
    for member in built.members:
        card = Scorecard.objects.get(membership=member)
        by = built.deputy_signatory if member == built.leader else built.leader_signatory
        if member == built.other:
            objection = Objection.objects.create(
                line=line_of(card, "A1"), raised_by=built.other_signatory, raised_at=NOW
            )
            Objection.objects.filter(pk=objection.pk).update(
                status="kept", settled_by=by, settled_at=NOW, settled_reason="Đối chiếu lại hồ sơ gốc"
            )
        approvals.approve(seen=seen(card), by=fresh(by), at=NOW)
    publications.propose(year=built.year, by=built.leader_signatory, at=NOW)
    return built


# --- what must not be read ---
def evidence_title(membership) -> str:
    return f"MINH-CHỨNG-CỦA-{membership.unit.code}"


def figures(membership) -> set[str]:
    """What would betray the unit: its totals and the points of one line, as pages and as files write them."""
    card = Scorecard.objects.get(membership=membership)
    line = line_of(card, "A1")
    found = (card.self_total, card.reviewed_total, card.total_points, card.base_points)
    numbers = {str(number) for number in (*found, line.self_points, line.final_points)}
    return numbers | {number.replace(".", ",") for number in numbers} | {evidence_title(membership)}


def forbidden_to(user, world) -> dict[str, str]:
    """The figures of every unit of the cluster but the own one, each with the unit it belongs to."""
    return {text: member.unit.code for member in others_than(user, world) for text in figures(member)}


def others_than(user, world) -> list:
    own_units = {held.unit_id for held in user.assignments_held()}
    return [member for member in world.members if member.unit_id not in own_units]


def leaks(response, forbidden) -> set[str]:
    text = text_of(response)
    return {unit for figure, unit in forbidden.items() if re.search(rf"(?<![\d.,]){re.escape(figure)}(?!\d)", text)}


def text_of(response) -> str:
    """Everything that reaches the person: head and body, spreadsheets unpacked."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    head = "\n".join(f"{name}: {value}" for name, value in response.items())
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as parts:
            body = b"\n".join(parts.read(name) for name in parts.namelist())
    return f"{head}\n{unescape(body.decode(errors='replace'))}"


# --- where it is looked for ---
def routes(resolver=None, namespace=""):
    """Every named address with the names of its parts."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if hasattr(pattern, "url_patterns"):
            inner = f"{namespace}{pattern.namespace}:" if getattr(pattern, "namespace", None) else namespace
            yield from routes(pattern, inner)
        elif pattern.name:
            yield f"{namespace}{pattern.name}"


def addresses(world) -> list[str]:
    """Every address of every route in the year, with the own and another unit, and with the keys of the
    other one. The admin's, which are closed to units as a whole, are asked without keys."""
    found = []
    units = [world.member.unit.code, world.other.unit.code]
    keys = keys_of(world)
    values = {
        "cluster": [world.cluster.slug],
        "year": [world.year.year],
        "code": [*units, "A1"],
        "unit": units[1:],
        "criterion": ["A1"],
        "app_label": ["scoring"],
    }
    for name in sorted(set(routes()) - SKIPPED):
        for parts in parts_of(name):
            if name.startswith("admin:") and parts not in ([], ["app_label"]):
                continue
            for chosen in product(*(values.get(part, keys) for part in parts)):
                try:
                    found.append(reverse(name, kwargs=dict(zip(parts, chosen, strict=True))))
                except NoReverseMatch:
                    continue
    return list(dict.fromkeys(found))


def keys_of(world) -> list[int]:
    """The keys of what belongs to another unit, and of what the whole year has."""
    card = Scorecard.objects.get(membership=world.other)
    return sorted({card.pk, world.other.pk, *Objection.objects.values_list("pk", flat=True)})


def parts_of(name) -> list[list[str]]:
    """The names of the parts of the address, in each of its forms."""
    resolver, before = get_resolver(), []
    *namespaces, last = name.split(":")
    for namespace in namespaces:
        prefix, resolver = resolver.namespace_dict[namespace]
        before += re.findall(r"\?P<(\w+)>", prefix)
    forms = [parts for possibility in resolver.reverse_dict.getlist(last) for _text, parts in possibility[0]]
    return [[*before, *(part for part in parts if part not in before)] for parts in forms]


def crawl(client, world, user, forbidden=None):
    """Asks every address as `user`, then every filter and export that a page links to; gives the leaks by address.
    Unless `forbidden` says otherwise, no figure of another unit may be read."""
    client.force_login(user)
    forbidden, found, more, answered = forbidden or forbidden_to(user, world), {}, set(), 0
    waiting = addresses(world)
    while waiting:
        url = waiting.pop()
        response = client.get(url)
        answered += response.status_code == 200
        if unit := leaks(response, forbidden):
            found[url] = unit
        if response.status_code == 200 and not response.streaming:
            links = {
                unescape(link)
                for link in re.findall(r'href="([^"#]*\?[^"#]*)"', response.content.decode(errors="replace"))
            }
            fresh_links = {reverse_of(url, link) for link in links} - more
            more |= fresh_links
            waiting += sorted(fresh_links)
    return found, answered


def reverse_of(url, link) -> str:
    return link if link.startswith("/") else url.partition("?")[0] + link[link.index("?") :]


def test_a_unit_reads_no_figure_of_another_unit_before_the_publication(client, world):
    found, answered = crawl(client, world, world.signatory)

    assert found == {}
    assert answered > 30  # the unit reads its own pages


def test_another_cluster_reads_no_figure_at_all(client, world):
    found, _answered = crawl(client, world, world.foreign.signatories[1])

    assert found == {}


def test_the_secretariat_reads_them_all_so_the_figures_can_be_found(client, world):
    client.force_login(world.secretariat)
    ranking = client.get(reverse("scoring:ranking", kwargs=world.url_kwargs()))

    assert leaks(ranking, forbidden_to(world.secretariat, world)) == {"A1", "A2", "A3", "A4"}


def publish(world):
    step = PendingStep.objects.select_related("proposed_by").get(kind=PendingKind.PUBLISH)
    publications.confirm(year=world.year, step=step, by=world.deputy_signatory, at=NOW)


def test_after_the_publication_every_unit_reads_them(client, world):
    publish(world)
    client.force_login(world.signatory)

    ranking = client.get(reverse("scoring:ranking", kwargs=world.url_kwargs()))

    assert leaks(ranking, forbidden_to(world.signatory, world)) == {"A1", "A2", "A4"}


def test_evidence_stays_closed_to_the_other_units_after_the_publication(client, world):
    publish(world)
    member = world.other.unit.code
    versions_of_all = [
        f"{reverse(f'scoring:{name}', kwargs=world.url_kwargs() | {'code': member})}?all=1"
        for name in ("scorecard_versions", "scorecard_versions_print")
    ]
    titles = {evidence_title(one): one.unit.code for one in others_than(world.signatory, world)}

    found, _answered = crawl(client, world, world.signatory, titles)
    client.force_login(world.signatory)
    asked = [client.get(url) for url in versions_of_all]

    assert found == {}
    assert [(answer.status_code, leaks(answer, titles)) for answer in asked] == [(200, set())] * 2
    client.force_login(world.secretariat)
    assert [leaks(client.get(url), titles) for url in versions_of_all] == [{member}] * 2


@pytest.mark.parametrize("name", ["home", "scorecard_list", "ranking", "ranking_print", "matrix", "summary"])
def test_after_a_reopening_they_are_hidden_again(client, world, name):
    publish(world)
    card = Scorecard.objects.get(membership=world.other)
    step = approvals.propose_reopening(card=card, reason="Bổ sung minh chứng", by=world.secretariat, at=NOW)
    approvals.confirm_reopening(card=card, step=step, by=world.leader_signatory, at=NOW)
    client.force_login(world.signatory)

    page = client.get(reverse(f"scoring:{name}", kwargs=world.url_kwargs()))

    assert leaks(page, forbidden_to(world.signatory, world)) == set()
