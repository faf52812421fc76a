"""Outside scores, published results, and the sheet of a stored response."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Province
from dgready import canonical
from scoring.engine import queries
from scoring.externals import actions as externals
from scoring.kpi.queries import evaluate_province_kpi, get_past_result
from scoring.models import Benchmark, ExternalScore, OfficialResult
from scoring.results.actions import official as results
from scoring.results.queries import list_results_before
from scoring.scheme import registry
from survey.answering import actions as answers
from survey.answering.actions import NotEditable
from survey.approval import snapshot as frozen
from survey.models import Event, Response
from tests.factories import ProvinceFactory
from tests.scoring.published import load_published_results, published
from tests.trial import Trial

SOURCE = {"source": "หนังสือแจ้งผล ที่ ตย 1/2570", "dated": date(2026, 12, 1)}


def enter(trial: Trial, score: str = "49.83", **more) -> ExternalScore:
    values = {**SOURCE, "dated": timezone.localdate(), "sub_pillar": "2.2", "score": Decimal(score), **more}
    return externals.save_external_score(by=trial.secretariat, response=trial.response, **values)


def saves(trial: Trial) -> list[Event]:
    """What the journal has of outside scores."""
    return list(Event.objects.filter(response=trial.response, verb__startswith="external."))


def answer(trial: Trial, item_id: str, value: dict) -> None:
    answers.save_answer(
        by=trial.secretariat,
        response=trial.response,
        question=trial.question(item_id),
        value=value,
        base_revision=0,
    )


# -- outside scores -------------------------------------------------------------------------------


def test_an_outside_score_is_stored_counted_and_journalled(trial: Trial) -> None:
    assert queries.get_score_sheet(trial.response).unknown == ("2.2",)
    row = enter(trial)
    assert (row.score, row.entered_by) == (Decimal("49.83"), trial.secretariat)
    sheet = queries.get_score_sheet(trial.response)
    assert sheet.unknown == ()
    assert sheet.sub_pillars[-1].score == Decimal("49.83")
    event = Event.objects.get(response=trial.response, verb="external.save")
    assert event.data["after"]["score"] == "49.83"
    assert event.data["before"] == {}


def test_entering_the_same_again_changes_nothing(trial: Trial) -> None:
    enter(trial)
    enter(trial, "49.830")
    assert len(saves(trial)) == 1
    enter(trial, "50")
    assert ExternalScore.objects.get().score == 50
    assert saves(trial)[-1].data["before"]["score"] == "49.83"


def test_taking_an_outside_score_out(trial: Trial) -> None:
    enter(trial)
    externals.remove_external_score(by=trial.secretariat, response=trial.response, sub_pillar="2.2")
    externals.remove_external_score(by=trial.secretariat, response=trial.response, sub_pillar="2.2")
    assert queries.get_score_sheet(trial.response).unknown == ("2.2",)
    assert [e.verb for e in saves(trial)] == ["external.save", "external.remove"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"sub_pillar": "1.1"},
        {"sub_pillar": "9.9"},
        {"score": Decimal("100.01")},
        {"score": Decimal("-1")},
        {"score": Decimal("NaN")},
        {"source": " "},
        {"dated": date.max},
    ],
)
def test_what_is_refused(trial: Trial, wrong: dict) -> None:
    with pytest.raises(externals.ExternalScoreRefused):
        enter(trial, **wrong)
    assert not ExternalScore.objects.exists()


def test_a_submitted_response_keeps_its_outside_scores(trial: Trial) -> None:
    enter(trial)
    Response.objects.update(state=Response.State.SUBMITTED)
    with pytest.raises(NotEditable):
        enter(trial, "50")
    with pytest.raises(NotEditable):
        externals.remove_external_score(by=trial.secretariat, response=trial.response, sub_pillar="2.2")


def test_the_database_holds_the_rules_too(trial: Trial) -> None:
    enter(trial)
    row = ExternalScore.objects.get()
    for change in ({"score": Decimal(101)}, {"source": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ExternalScore.objects.filter(pk=row.pk).update(**change)
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


# -- the sheet ------------------------------------------------------------------------------------


def test_the_sheet_takes_three_queries_and_none_when_kept(trial: Trial, django_assert_num_queries) -> None:
    answer(trial, "T1", {"T1": "doing", "T1.2": "2027-01"})
    queries.get_score_sheet(trial.response)  # compiles and checks
    answer(trial, "T8", {"T8": "no"})
    with django_assert_num_queries(3):
        sheet = queries.get_score_sheet(trial.response)
    with django_assert_num_queries(0):
        assert queries.get_score_sheet(trial.response) is sheet


def test_every_write_makes_a_new_sheet(trial: Trial) -> None:
    answer(trial, "T1", {"T1": "none"})
    before = queries.get_score_sheet(trial.response)
    answer(trial, "T5.1", {"T5.1": "trial"})
    after = queries.get_score_sheet(trial.response)
    assert after is not before
    assert after.sub_pillars[1].parts[1].score == 40


def test_what_a_frozen_response_records(trial: Trial) -> None:
    enter(trial)
    parts = queries.build_score_snapshot(trial.response)
    assert set(parts) == {"scheme", "external", "score"}
    assert parts["scheme"]["key"] == "dg-trial-2570"
    assert len(parts["scheme"]["checksum"]) == 64
    assert parts["external"][0]["score"] == "49.83"
    assert canonical.canonical_json(frozen.to_canonical_data(parts)) == canonical.canonical_json(
        frozen.to_canonical_data(parts)
    )


def test_a_year_without_a_scheme_says_so(trial: Trial, settings) -> None:
    settings.SCHEME_DIRS = []
    with pytest.raises(registry.MissingScheme):
        queries.get_score_sheet(trial.response)


def test_a_faulty_scheme_says_what_is_wrong(trial: Trial, settings, tmp_path) -> None:
    source = registry.get_scheme_by_year(2570).path.read_text(encoding="utf-8")
    (tmp_path / "dg-trial-2570.yaml").write_text(source.replace("choice: T1\n", "choice: T77\n", 1), encoding="utf-8")
    settings.SCHEME_DIRS = [tmp_path]
    with pytest.raises(registry.FaultyScheme, match="unknown field 'T77'"):
        queries.get_score_sheet(trial.response)


def test_a_changed_scheme_file_is_read_again(settings, tmp_path) -> None:
    path = tmp_path / "dg-made-2581.yaml"
    source = (registry.FIXTURES / "schemes/dg-province-2566.yaml").read_text(encoding="utf-8")
    source = source.replace("dg-province-2566", "dg-made-2581").replace("year: 2566", "year: 2581")
    path.write_text(source, encoding="utf-8")
    settings.SCHEME_DIRS = [tmp_path]
    first = registry.get_scheme_by_name("dg-made-2581")
    assert registry.get_scheme_by_name("dg-made-2581") is first
    path.write_text(source.replace("version: 1", "version: 12"), encoding="utf-8")
    assert registry.get_scheme_by_year(2581).scheme.version == 12


# -- published results ----------------------------------------------------------------------------


@pytest.fixture
def nong_khai(db: None) -> Province:
    """The sample province with the published results of the product."""
    province = ProvinceFactory(code="TH-43")
    load_published_results()
    return province


def test_results_load_once(nong_khai: Province, capsys) -> None:
    count = OfficialResult.objects.count()
    assert count == 24 + 3 * 27 + 6
    assert Benchmark.objects.count() == 197
    call_command("load_results")
    assert OfficialResult.objects.count() == count
    assert Benchmark.objects.count() == 197
    assert capsys.readouterr().out.count("0 added, 0 changed") == 4


def test_a_corrected_file_corrects(nong_khai: Province) -> None:
    row = OfficialResult.objects.get(year=2567, province=nong_khai, kind="total")
    header = ",".join(results.COLUMNS)
    done = results.import_official_results(
        table=published(f"{header}\n2567,TH-43,total,total,71.00,7,3,official,correction\n")
    )
    assert (done.added, done.changed, done.same) == (0, 1, 0)
    row.refresh_from_db()
    assert (row.score, row.source) == (Decimal("71.00"), "correction")


def test_the_command_names_the_file(tmp_path) -> None:
    with pytest.raises(CommandError, match=r"none\.csv"):
        call_command("load_results", str(tmp_path / "none.csv"))


def test_compared_reads_earlier_years_in_one_query(nong_khai: Province, django_assert_num_queries) -> None:
    ProvinceFactory()
    with django_assert_num_queries(1):
        found = list_results_before(nong_khai, 2568)
    assert [y.year for y in found] == [2567, 2566, 2559]
    assert found[0].score("province", "pillar", "1") == Decimal("91.79")
    assert found[0].score("average", "sub_pillar", "7.1") == Decimal("57.00")
    assert found[1].total("rank-1").origin == "recovered"
    assert [y.year for y in list_results_before(nong_khai, 2567)] == [2566, 2559]


def test_levels_of_a_past_year_follow_from_its_sub_pillars(nong_khai: Province) -> None:
    newest, older, _first = list_results_before(nong_khai, 2568)
    assert get_past_result(newest).count_pillars_at(3) == 6
    assert get_past_result(older).levels == (), "2566 has no published sub-pillars"


def test_kpi_of_a_stored_response(nong_khai: Province) -> None:
    past = list_results_before(nong_khai, 2568)
    from tests.scoring.worlds import full_answers, sheet_of

    standing = evaluate_province_kpi(nong_khai, sheet_of("real", full_answers("real")), past)
    assert standing.points == 10
    assert [t.needed for t in standing.parts[0].targets] == [5, 6, 7]
    assert evaluate_province_kpi(nong_khai, sheet_of("trial", {}), past) is None


def test_dates_of_sources_may_be_today_but_not_later(trial: Trial) -> None:
    enter(trial, dated=timezone.localdate())
    with pytest.raises(externals.ExternalScoreRefused):
        enter(trial, dated=timezone.localdate() + timedelta(days=1))
