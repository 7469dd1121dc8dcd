"""Every print of the year as PDF and as Word file: the same paper, for the same people."""

import zipfile
from io import BytesIO

import pytest

from members.addresses import year_url
from members.enums import Phase
from scoring.enums import CardStatus
from tests.cluster_app import read_pdfs
from tests.factories.awards import PledgeFactory
from tests.scenarios import CANARY, two_clusters
from tests.scoring.cards import card_in
from tests.scoring.pages import content

pytestmark = pytest.mark.django_db

# What each paper says of the own cluster.
SAID = {
    "scoring:ranking_print": "Đơn vị A1",
    "scoring:objection_list_print": "Không có kiến nghị về điểm nào",
    "scoring:reviewer_list_print": "Đơn vị A1",
    "scoring:criteria_analysis_print": "A1",
    "scoring:summary": "Đơn vị A1",
    "awards:pledge_print": "Đơn vị A1",
    "scoring:scorecard_print": "Đơn vị A3",
    "scoring:scorecard_versions_print": "Đơn vị A3",
}


def build_world():
    world = two_clusters(phase=Phase.APPROVING)
    for member in (*world.members, world.foreign.member):
        card_in(CardStatus.APPROVED, member)
    PledgeFactory(year=world.year)
    return world


def _address(world, name):
    code = {"code": world.member.unit.code} if "scorecard" in name else {}
    return year_url(name, world.year, **code)


@pytest.mark.parametrize("name", SAID)
def test_each_print_is_also_a_pdf_and_a_word_file_for_those_who_see_the_page(client, world, name):
    url = _address(world, name)
    client.force_login(world.secretariat)

    page, printed, written = client.get(url), client.get(f"{url}?format=pdf"), client.get(f"{url}?format=docx")
    unknown = client.get(f"{url}?format=exe")
    client.force_login(world.foreign.secretariat)
    kept = [client.get(f"{url}{query}").status_code for query in ("", "?format=pdf", "?format=docx")]

    assert f'href="{url}?format=pdf"' in content(page)
    assert f'href="{url}?format=docx"' in content(page)
    words = " ".join(read_pdfs.words(printed.content))
    body = zipfile.ZipFile(BytesIO(written.content)).read("word/document.xml").decode()
    assert SAID[name].casefold() in words.casefold()
    assert CANARY not in words
    assert CANARY not in body
    assert unknown.status_code == 404
    assert kept == [404, 404, 404]
