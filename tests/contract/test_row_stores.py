"""Questions, spending, servers and sources on PostgreSQL, by the tests of SQLite's stores."""

import pytest

from knowledge.settings import Settings
from knowledge.storage.sqlite import SQLiteQuestionStore
from tests.contract.same import same_as
from tests.knowledge.servers import test_servers
from tests.knowledge.storage import test_outbox, test_questions

OF_THE_FILE = (
    "path",
    "store",
    "test_a_conversation_can_be_forgotten_at_once",
    "test_a_conversation_that_has_expired_is_deleted",
    "test_an_answer_in_a_form_of_another_version_is_not_shown",
    "test_neither_who_voted_nor_which_conversation_it_was_can_be_read",
    "test_a_database_of_the_version_before_is_brought_up_to_date",
    "test_questions_expire_with_their_feedback",
    "test_what_was_logged_outlives_the_process",
)
globals().update(same_as(test_questions, but=OF_THE_FILE))
globals().update(
    same_as(
        test_outbox,
        but=(
            "test_a_new_database_begins_with_the_first_number_and_has_one_outbox",
            "test_no_number_is_given_out_twice_where_nothing_waited",
            "test_of_two_processes_one_takes_each_message_and_the_order_holds",
            "test_what_waits_in_both_outboxes_before_is_carried_over",
            "test_what_was_delivered_is_not_kept",
        ),
    )
)
globals().update(same_as(test_servers, but=("connections", "test_a_card_knows_its_asker_without_keeping_who_it_was")))


@pytest.fixture
def store(connections, clock):
    return SQLiteQuestionStore(connections, Settings(conversation_minutes=60, question_days=30), clock)
