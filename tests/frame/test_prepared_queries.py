"""A prepared queryset gives what the queryset gives, in the same number of queries."""

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Membership, User
from dgready.prepared_queries import PreparedInsert, PreparedQuery, PreparedUpdate
from survey.answering import actions as answers
from survey.models import Answer
from tests.factories import MembershipFactory
from tests.trial import make_trial

pytestmark = pytest.mark.django_db

_POSTS = (
    Membership.objects.select_related("user", "province", "agency")
    .only("role", "user__email", "province__code", "agency__active")
    .order_by("pk")
)


def test_same_objects_in_one_query() -> None:
    first = MembershipFactory()
    MembershipFactory(user=first.user)
    MembershipFactory()
    prepared = PreparedQuery(_POSTS, "user_id")
    prepared.all(0)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        found = prepared.all(first.user_id)
        shown = [(m.pk, m.role, m.user.email, m.province and m.province.code, m.agency) for m in found]
    assert len(asked) == 1
    wanted = _POSTS.filter(user_id=first.user_id)
    assert shown == [(m.pk, m.role, m.user.email, m.province and m.province.code, m.agency) for m in wanted]
    assert len(shown) == 2
    assert found[0].get_deferred_fields() == wanted[0].get_deferred_fields()
    assert found[0].user.get_deferred_fields() == wanted[0].user.get_deferred_fields()


def test_several_values_and_converted_columns() -> None:
    trial = make_trial()
    question = trial.question(trial.compiled.questions[0].id)
    other = trial.question(trial.compiled.questions[1].id)
    for row in (other, question):
        value = {"a": ["1", row.item_id]}
        answers.save_answer(by=trial.secretariat, response=trial.response, question=row, value=value, base_revision=0)
    prepared = PreparedQuery(Answer.objects.order_by(), "response_id", "question_id")
    for row in (question, other):
        found = prepared.first(trial.response.pk, row.pk)
        assert found is not None
        assert found == Answer.objects.get(response=trial.response, question=row)
        assert found.value == {"a": ["1", row.item_id]}
    assert prepared.first(question.pk, 0) is None
    with pytest.raises(ValueError, match="places"):
        prepared.first(1)


@pytest.mark.django_db(transaction=True)
def test_locks_only_in_a_transaction() -> None:
    prepared = PreparedQuery(User.objects.select_for_update(), "pk")
    with transaction.atomic():
        prepared.all(1)
    with pytest.raises(TransactionManagementError):
        prepared.all(1)


def test_update_changes_what_matches_and_nothing_else() -> None:
    trial = make_trial()
    rows = [trial.question(q.id) for q in trial.compiled.questions[:2]]
    first, second = (
        answers.save_answer(
            by=trial.secretariat, response=trial.response, question=q, value={q.item_id: "ก"}, base_revision=0
        ).answer
        for q in rows
    )
    assert first is not None
    assert second is not None
    update = PreparedUpdate(Answer, columns=("value", "saved_at", "note"), where=("id", "revision"))
    moment = timezone.now()
    assert update.run({"a": ["1"]}, moment, "'); DROP", first.pk, first.revision) == 1
    assert update.run({"a": ["2"]}, moment, "", first.pk, 99) == 0
    changed, other = Answer.objects.get(pk=first.pk), Answer.objects.get(pk=second.pk)
    assert (changed.value, changed.saved_at, changed.note) == ({"a": ["1"]}, moment, "'); DROP")
    assert other.value == second.value


def test_a_lookup_of_two_values_and_an_insert() -> None:
    trial = make_trial()
    questions = [trial.question(q.id) for q in trial.compiled.questions[:3]]
    insert = PreparedInsert(Answer)
    for question in questions:
        row = Answer(
            response=trial.response,
            question=question,
            value={question.item_id: "ก"},
            revision=1,
            saved_by=trial.secretariat,
            saved_at=timezone.now(),
        )
        insert.run(row)
        assert Answer.objects.get(pk=row.pk).value == {question.item_id: "ก"}
        row.note = "แก้"
        row.save()
    assert Answer.objects.filter(response=trial.response).count() == 3
    prepared = PreparedQuery(Answer.objects.order_by("pk"), "response_id", "question_id__in")
    found = prepared.all(trial.response.pk, questions[2].pk, questions[0].pk)
    assert [answer.question_id for answer in found] == [questions[0].pk, questions[2].pk]
    assert [a.question_id for a in prepared.all(trial.response.pk, questions[1].pk, questions[1].pk)] == [
        questions[1].pk
    ]


@pytest.mark.postgres
def test_postgresql_plans_a_statement_once_per_connection() -> None:
    membership = MembershipFactory()
    prepared = PreparedQuery(_POSTS, "user_id")
    for _ in range(3):
        with CaptureQueriesContext(connection) as asked:
            assert [m.pk for m in prepared.all(membership.user_id)] == [membership.pk]
        assert [q["sql"].split(" (")[0].rsplit("_", 1)[0] for q in asked] == ["EXECUTE dgready_accounts_membership"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s", ["%accounts_membership%"])
        assert cursor.fetchone()[0] >= 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_new_connection_is_told_again_and_a_pooler_never(monkeypatch: pytest.MonkeyPatch) -> None:
    membership = MembershipFactory()
    prepared = PreparedQuery(_POSTS, "user_id")
    assert len(prepared.all(membership.user_id)) == 1
    connection.close()
    assert len(prepared.all(membership.user_id)) == 1
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)
    with CaptureQueriesContext(connection) as asked:
        assert len(prepared.all(membership.user_id)) == 1
    assert asked[0]["sql"].startswith("SELECT")


@pytest.mark.postgres
def test_a_statement_survives_the_transaction_that_brought_it() -> None:
    membership = MembershipFactory()
    prepared = PreparedQuery(_POSTS, "user_id")
    sid = transaction.savepoint()
    prepared.all(membership.user_id)
    transaction.savepoint_rollback(sid)
    assert len(prepared.all(membership.user_id)) == 1
