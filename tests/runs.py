"""Which tests run where, and in what order, as far as measuring says it: tests/conftest.py reads it.

Whoever writes a test marks it (`slow`, `once`, `any_database`); here is what was found by measuring the whole suite.

FIRST_RUN_ONLY  is about what a page, a paper or a file is made of. What these tests ask the database is asked in the
                second run too, by the tests named beside them, by others or by tests/test_matrix.py, statement by
                statement (tests/statements.py compares); so SQLite is enough for the rest. tests/test_runs.py holds
                that none of them is about what databases do differently.
NOT_QUICK       takes 0.3 seconds or more of processor time: left out of `make quick`, which is for daily work. They are
                lines of tests/not_quick.txt.
LONGEST         takes 20 seconds or more: begun first, or at the end of a run one core waits for another.
"""

from __future__ import annotations

from pathlib import Path

import pytest

# File → its tests that stay in both runs: they alone send some statement.
FIRST_RUN_ONLY: dict[str, tuple[str, ...]] = {
    "tests/accounts/lists/test_agency_list.py": ("test_added_changed_and_left",),
    "tests/accounts/lists/test_people_list.py": (
        "test_a_queued_letter_is_sent_once_and_not_when_withdrawn",
        "test_an_inactive_account_is_named_with_its_cell",
        "test_many_letters_go_out_in_slices",
        "test_seen_first_then_invited_with_names",
        "test_what_an_earlier_version_queued_is_sent",
    ),
    "tests/evidence/attaching/test_guide.py": (),
    "tests/evidence/attaching/test_pages.py": ("test_pages_cost_the_same_however_much_there_is",),
    "tests/evidence/attaching/test_photos.py": (),
    "tests/evidence/renditions/test_renditions.py": (
        "test_a_killed_worker_s_document_is_due_again_but_not_for_ever",
        "test_an_upload_gets_its_pdf_once_whatever_messages_come",
        "test_what_cannot_be_made_is_tried_three_times",
        "test_without_libreoffice_it_is_made_once_there_is_one",
    ),
    "tests/evidence/reviewing/test_shown.py": (),
    "tests/evidence/viewing/test_look.py": (
        "test_a_file_that_is_still_scanned_is_its_senders",
        "test_office_documents_are_read_or_drawn_as_pdf",
        "test_the_page_costs_the_same_however_much_there_is",
        "test_what_cannot_be_read_says_so",
    ),
    "tests/nation/bulk/test_pages.py": (
        "test_a_stale_preview_is_shown_anew",
        "test_an_act_under_way_shows_its_progress",
        "test_files_of_many_are_one_job",
        "test_one_workbook_brings_agencies_and_people_of_many_provinces",
        "test_the_template_is_read_back",
        "test_what_is_not_understood_is_refused_with_the_choice_kept",
        "test_what_the_page_showed_counts_not_what_stands",
    ),
    "tests/nation/desk/test_desk.py": (
        "test_a_list_of_attention_says_how_many_more_there_are",
        "test_an_estimate_says_that_the_answer_changed_since",
        "test_filters_and_search_narrow_the_table",
    ),
    "tests/nation/national/test_pages.py": ("test_a_file_is_made_in_the_background_for_the_centre_alone",),
    "tests/nation/national/test_same_figures.py": (),
    "tests/nation/releases/test_agency_releases.py": (
        "test_a_release_is_frozen_and_the_next_says_what_changed",
        "test_closed_until_the_centre_releases",
    ),
    "tests/nation/releases/test_embargo.py": (),
    "tests/reports/api/test_gate.py": (
        "test_a_token_gives_no_more_than_it_names",
        "test_revoked_and_expired_tokens_say_so_in_both_languages",
        "test_use_is_counted_by_day_and_noted",
    ),
    "tests/reports/documents/test_brief.py": (),
    "tests/reports/documents/test_certificate.py": ("test_nothing_to_certify",),
    "tests/reports/documents/test_committee.py": (
        "test_a_meeting_that_is_gone_and_a_contribution_have_no_paper",
        "test_the_agenda_has_five_parts_with_what_was_written_and_the_draft_answers",
        "test_what_changed_since_last_year_stands_in_it",
    ),
    "tests/reports/documents/test_pillar.py": (
        "test_an_agency_that_answers_nothing_of_it_has_no_paper",
        "test_the_questionnaire_of_an_agency_is_a_job_of_its_contribution",
    ),
    "tests/reports/handover/test_command.py": ("test_an_agency_has_its_own_evidence_and_a_part_only_its_own",),
    "tests/reports/handover/test_recovery.py": (),
    "tests/reports/jobs/test_pages.py": ("test_download_is_noted_and_sandboxed", "test_only_a_get_is_a_download"),
    "tests/reports/jobs/test_versions.py": ("test_files_made_before_are_told_apart_by_the_time_of_their_making",),
    "tests/reports/letters/test_pages.py": (
        "test_pages_cost_few_queries_whatever_there_is",
        "test_the_shipped_text_comes_back_and_that_is_undone",
        "test_wording_a_letter_is_looked_at_before_it_is_saved",
    ),
    "tests/reports/offline_form/test_sending_back.py": (
        "test_a_file_of_the_library_is_offered_and_attached",
        "test_a_part_handed_in_meanwhile_stays",
        "test_a_preview_is_private_and_expires",
        "test_nothing_is_saved_before_it_is_applied_and_then_once",
        "test_the_commands_do_the_same",
        "test_the_secretariats_workbook_comes_back_by_the_same_way",
    ),
    "tests/reports/test_commands.py": ("test_what_is_not_there_is_said",),
    "tests/scoring/comparing/test_own_result.py": ("test_a_level_that_is_not_printed_follows_from_the_sub_pillars",),
    "tests/scoring/engine/test_ranges.py": (),
    "tests/scoring/engine/test_tree.py": ("test_the_workbook_shows_the_same",),
    "tests/scoring/moving/test_page.py": (
        "test_a_card_of_the_old_page_is_saved_to_the_new_question",
        "test_every_page_of_a_moved_round_opens",
        "test_the_command_shows_then_moves",
        "test_the_page_shows_and_moves",
        "test_the_preview_says_what_the_move_does",
    ),
    "tests/scoring/results/test_fit.py": (),
    "tests/scoring/results/test_fit_year.py": (
        "test_a_fitted_version_is_nobody_s_uploaded_scheme",
        "test_without_a_result_the_page_says_so",
    ),
    "tests/scoring/results/test_import_files.py": (),
    "tests/scoring/results/test_province_tables.py": (
        "test_every_shape",
        "test_exactly_what_was_looked_at_is_stored",
        "test_undoing_puts_back_what_was_there",
    ),
    "tests/scoring/test_marked_figures.py": ("test_a_fit_marks_a_result_that_was_recovered",),
    "tests/scoring/test_pages.py": ("test_a_coordinator_sees_the_panel_of_the_own_contribution",),
    "tests/survey/answering/test_card_extras.py": (),
    "tests/survey/answering/test_checker.py": (),
    "tests/survey/answering/test_edit_refusals.py": ("test_the_secretariat_is_told_why",),
    "tests/survey/answering/test_fill.py": ("test_unknown_places_are_404",),
    "tests/survey/answering/test_open_points_walk.py": (),
    "tests/survey/approval/test_return_loop.py": (
        "test_remarks_come_back_with_their_replies",
        "test_the_form_of_a_return_blocks_unless_told_otherwise",
    ),
    "tests/survey/approval/test_submission_guards.py": (
        "test_last_years_reasons_are_shown_with_their_year",
        "test_roles_that_only_read_are_not_waited_for",
        "test_which_parts_are_settled",
    ),
    "tests/survey/assigning/test_assignments.py": (
        "test_a_dry_run_is_nobody_elses_and_not_of_another_round",
        "test_a_person_stands_for_their_agency_and_one_sub_pillar_can_go_alone",
        "test_a_workbook_is_tried_first_and_then_applied",
        "test_everybody_means_what_counts_as_the_province",
        "test_everything_of_one_agency_goes_to_another_after_a_look",
        "test_replacing_takes_away_what_is_not_named",
        "test_the_journal_says_it_in_words",
    ),
    "tests/survey/committee/test_delegations.py": (
        "test_given_listed_read_and_taken_back_on_pages",
        "test_taken_back_it_counts_no_longer",
        "test_what_is_refused",
    ),
    "tests/survey/committee/test_papers.py": ("test_the_secretarys_print_is_tabled_and_a_second_try_gives_the_same",),
    "tests/survey/consolidating/test_consolidation_pages.py": (
        "test_evidence_of_a_row_follows_it",
        "test_options_texts_and_numbers_by_hand",
    ),
    "tests/survey/consolidating/test_consolidation_size.py": (),
    "tests/survey/contributing/test_board.py": (),
    "tests/survey/contributing/test_desk.py": (
        "test_a_part_is_opened_submitted_taken_back_and_declined",
        "test_the_round_says_how_much_each_agency_has_let_go_of",
    ),
    "tests/survey/contributing/test_review.py": (
        "test_nothing_to_report_and_not_ours_are_acts_of_their_own",
        "test_the_page_says_everything_before_it_goes",
        "test_the_pages_of_a_part_are_cheap",
    ),
    "tests/survey/entry/test_entry.py": (
        "test_a_conflict_and_a_fault_come_back_on_the_page",
        "test_an_agency_types_its_own_part_and_the_board_counts_it",
        "test_photos_become_one_document_and_one_of_the_library_can_be_chosen",
        "test_the_scan_is_kept_in_the_offices_library_and_proves_nothing",
        "test_what_cannot_be_shown_is_refused_and_nothing_is_kept",
    ),
    "tests/survey/first_page/test_home.py": (
        "test_a_province_is_set_up_step_by_step",
        "test_parts_asked_for_on_several_days_show_the_first",
        "test_several_roles_are_one_list",
        "test_who_also_works_in_a_province_has_its_rounds_too",
    ),
    "tests/survey/linking/test_link_check.py": (),
    "tests/survey/rounds/test_closing.py": ("test_it_shows_five_things_and_nothing_else",),
    "tests/survey/rounds/test_windows_shown.py": (),
    "tests/survey/workflow/test_four_eyes.py": (),
}
# Single tests of other files that the same is true of: each walks what tests/test_matrix.py and others walk in both.
FIRST_RUN_TESTS = {
    "tests/demo/test_demo.py::test_a_closed_round_is_opened_again",
    # On PostgreSQL tests/browser/test_demonstration.py makes the demonstration, and
    # tests/demo/simulation/test_play.py plays a round anew.
    "tests/demo/test_demo.py::test_first_second_and_fresh_run",
    "tests/nation/releases/test_releases.py::test_pages_ask_no_more_with_many_provinces",
    # scoring/results/test_province_tables.py imports tables on both.
    "tests/nation/replies/test_reply_pages.py::test_76_provinces_with_sub_pillars_of_the_running_year_go_in_together",
    "tests/reports/jobs/test_jobs.py::test_real_files",
    "tests/survey/approval/test_workflow_pages.py::test_pages_in_every_state_take_few_queries",
    "tests/survey/committee/test_pages.py::test_pages_take_few_queries",
    "tests/survey/contributing/test_parts.py::test_from_where_a_step_goes",
    "tests/survey/contributing/test_parts.py::test_who_may_and_who_may_not",
    "tests/survey/first_page/test_menu.py::test_every_page_has_the_menu_of_its_reader_and_help",
}
NOT_QUICK = frozenset(
    line
    for line in (Path(__file__).parent / "not_quick.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
)
# The browser's in the order in which they are begun; the others before everything.
LONGEST = (
    "tests/browser/test_year_real.py",
    "tests/browser/test_year.py",
    "tests/browser/test_demonstration.py",
    "tests/nation/scale/test_nation_size.py",
    "tests/survey/consolidating/test_consolidation_played.py",
    "tests/demo/test_nation.py",
    "tests/demo/test_demo.py",
    "tests/migrations/test_dump.py",
    "tests/evidence/uploading/test_real.py",
    "tests/frame/serving/test_frozen_store.py",
    "tests/drill/test_drill.py",
    "tests/nodes/test_nodes.py",
)


def place_of(item: pytest.Item) -> tuple[str, str]:
    """The file of a test, from the root of the checkout, and its name without parameters."""
    file, _, name = item.nodeid.partition("::")
    return file, name.partition("[")[0]


def mark_measured(item: pytest.Item) -> None:
    """Marks a test with what measuring says of it."""
    file, name = place_of(item)
    if name not in FIRST_RUN_ONLY.get(file, (name,)) or f"{file}::{name}" in FIRST_RUN_TESTS:
        item.add_marker("any_database")
    if f"{file}::{name}" in NOT_QUICK:
        item.add_marker("slow")


def begin_with_longest(items: list[pytest.Item]) -> None:
    """Puts what takes long before everything, and of the browser's tests before those.

    The browser's come late: from the first of them on its driver's event loop runs, and others need their own.
    """
    longest = [item for file in LONGEST for item in items if place_of(item)[0] == file]
    others = [item for item in items if place_of(item)[0] not in LONGEST]
    late = [item for item in longest if item.get_closest_marker("browser")]
    first = next((n for n, item in enumerate(others) if item.get_closest_marker("browser")), len(others))
    items[:] = [*(item for item in longest if item not in late), *others[:first], *late, *others[first:]]
