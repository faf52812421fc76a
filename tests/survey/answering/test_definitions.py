"""The terms a form defines: on each page that uses them, once, with a place to link to; on paper at their first use."""

import pytest
from django.test import Client

from reports.content.queries import gather_report
from reports.documents.questionnaire import questionnaire_html
from tests.trial import TRIAL, Trial, make_trial

TEXT = "จุดบริการคือสถานที่หรือตู้ที่ประชาชนรับบริการได้"


@pytest.fixture
def world(db: None) -> Trial:
    return make_trial(TRIAL)


def test_a_page_defines_what_it_uses_once_and_papers_at_the_first_use(world: Trial, client: Client) -> None:
    client.force_login(world.secretariat)
    for section in world.compiled.sections:
        page = client.get(f"/r/{world.response.pk}/fill/{section.id}/").content.decode()
        uses = bool(section.definitions)
        assert page.count('id="definition-point"') == page.count(TEXT) == uses, section.id
        assert ("คำนิยาม: จุดบริการ" in page) is uses
    client.cookies["django_language"] = "en"
    english = client.get(f"/r/{world.response.pk}/fill/1.1/").content.decode()
    assert "Definitions: service point" in english
    assert "Made up for fiscal year 2570" in english
    client.cookies["django_language"] = "th"

    paper = questionnaire_html(gather_report(world.response, "th"))
    assert paper.count(TEXT) == 1
    assert paper.index("1.1 จุดบริการ") < paper.index(TEXT) < paper.index("<h4>T1")

    listed = client.get(f"/p/{world.province.code}/{world.round.year}/assignments/print/")
    assert listed.status_code == 200
    assert listed.content.decode().count(TEXT) == 1
