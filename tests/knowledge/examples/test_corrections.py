"""Corrections of published examples: a new version goes through review, and the published one stays until then."""

import sqlite3

import pytest

from knowledge.domain.examples import OPERATOR, Action, Author, State
from knowledge.domain.vocabulary import Credit, Nation, Outcome
from knowledge.errors import ExampleConflictError, ExampleError, ExampleNotAllowedError
from knowledge.examples import messages
from knowledge.examples.examples import Examples
from knowledge.examples.machine import Command
from knowledge.storage.example_protocols import Selection
from tests.fakes import WordCheck
from tests.knowledge.examples.conftest import ADMIN, AUTHOR, MODERATOR, OTHER, SECOND, content


@pytest.fixture
def published(examples):
    given = examples.share(AUTHOR, content()).id
    examples.review(MODERATOR, given, Action.APPROVE)
    return given


def changed(**fields):
    return lambda before: before.model_copy(update=fields)


def begun(examples, actor, example, **fields):
    draft = examples.correct(actor, example)
    examples.revise(actor, draft.id, changed(**fields))
    return draft.id


def handed_in(examples, actor, example, **fields):
    correction = begun(examples, actor, example, **fields)
    assert examples.submit(actor, correction).state is State.SUBMITTED
    return correction


@pytest.mark.parametrize("actor", [AUTHOR, SECOND, ADMIN, OPERATOR], ids=["author", "moderator", "admin", "operator"])
def test_what_is_published_stays_until_the_new_version_is_approved(examples, published, library, actor):
    correction = handed_in(examples, actor, published, what_happened="Sixty colleagues cycle now.")
    assert examples.show(OTHER, published).what_happened.startswith("Forty")
    assert not any("Sixty" in chunk.text for chunk in library.store.document_chunks(published))
    view = examples.show(MODERATOR, correction)
    assert (view.corrects, view.changes) == (published, ("what_happened",))
    applied = examples.review(MODERATOR, correction, Action.APPROVE)
    assert applied.state is State.APPLIED
    now = examples.show(OTHER, published)
    assert (now.state, now.what_happened) == (State.PUBLISHED, "Sixty colleagues cycle now.")
    assert (now.credited_to, now.organisation) == ("Sample Hospital Trust", "Sample Hospital Trust")
    [document] = [d for d in library.store.documents() if d.location == f"example:{published}"]
    assert any("Sixty" in chunk.text for chunk in library.store.document_chunks(document.id))
    assert library.examples.problems() == []
    assert examples.publish_waiting() == 0


def test_who_corrects_does_not_approve(examples, published):
    correction = handed_in(examples, MODERATOR, published, title="Bicycles")
    with pytest.raises(ExampleNotAllowedError, match="Nobody reviews their own"):
        examples.review(MODERATOR, correction, Action.APPROVE)
    with pytest.raises(ExampleNotAllowedError, match="corrected by its author or by a moderator"):
        examples.correct(OTHER, published)


def test_a_declined_correction_changes_nothing(examples, published):
    correction = handed_in(examples, AUTHOR, published, title="Bicycles")
    examples.review(MODERATOR, correction, Action.DECLINE, "The old title was better.")
    assert examples.show(OTHER, published).title == "Bicycle repair on the ward"
    assert handed_in(examples, AUTHOR, published, title="Repairs") != correction


def test_only_what_the_correction_changes_is_changed(examples, published):
    correction = handed_in(examples, AUTHOR, published, differently="Order tyres early.")
    examples.tag(MODERATOR, published, outcome=Outcome.PARTLY)
    examples.set_credit(AUTHOR, published, Credit.ANONYMOUS)
    examples.review(MODERATOR, correction, Action.APPROVE)
    now = examples.show(OTHER, published)
    assert (now.differently, now.outcome, now.organisation) == ("Order tyres early.", "partly", None)


def test_one_correction_at_a_time_and_its_author_goes_on_with_it(examples, published):
    first = begun(examples, AUTHOR, published, title="Bicycles")
    assert examples.correct(AUTHOR, published).id == first
    other = begun(examples, SECOND, published, title="Cycles")
    examples.submit(AUTHOR, first)
    assert examples.correct(AUTHOR, published).id == first
    with pytest.raises(ExampleConflictError, match="waits for review already"):
        examples.submit(SECOND, other)
    with pytest.raises(ExampleConflictError, match="waits for review already"):
        examples.correct(MODERATOR, published)


def test_only_what_is_published_is_corrected_and_a_correction_has_no_credit(examples, published):
    waiting = examples.share(AUTHOR, content(title="Other")).id
    with pytest.raises(ExampleConflictError, match="only what is published is corrected"):
        examples.correct(AUTHOR, waiting)
    correction = handed_in(examples, AUTHOR, published, title="Bicycles")
    with pytest.raises(ExampleError, match="no credit of its own"):
        examples.set_credit(AUTHOR, correction, Credit.NAMED)
    with pytest.raises(ExampleError, match="cannot be merged"):
        examples.merge(MODERATOR, correction, published)
    with pytest.raises(ExampleError, match="cannot be merged"):
        examples.merge(MODERATOR, waiting, correction)


@pytest.mark.parametrize("state", ["draft", "handed in"])
def test_a_correction_goes_with_its_example(examples, published, library, state):
    begin = begun if state == "draft" else handed_in
    correction = begin(examples, SECOND, published, title="Bicycles")
    examples.withdraw(AUTHOR, published)
    left = library.examples.find(correction)
    assert left is None if state == "draft" else left.state is State.WITHDRAWN
    assert library.examples.select(Selection(corrects=published, states=(State.SUBMITTED,))) == []


def test_what_a_killed_process_left_is_finished_once(library, examples, published, clock):
    correction = handed_in(examples, SECOND, published, title="Bicycles")
    without = Examples(library, None, WordCheck(), clock)
    assert without.review(MODERATOR, correction, Action.APPROVE).state is State.APPROVED
    assert examples.show(OTHER, published).title == "Bicycle repair on the ward"
    assert examples.publish_waiting() == 1
    assert examples.show(OTHER, published).title == "Bicycles"
    corrected = [event for event in library.examples.history(published) if event.action is Action.CORRECT]
    assert len(corrected) == 1
    assert library.examples.find(correction).base == {}


def test_an_example_that_went_meanwhile_is_not_brought_back(library, examples, published, clock):
    correction = handed_in(examples, SECOND, published, title="Bicycles")
    Examples(library, None, WordCheck(), clock).review(MODERATOR, correction, Action.APPROVE)
    # By a process that ended before it could close the correction.
    examples._change(published, Command(Action.WITHDRAW, AUTHOR))
    assert examples.publish_waiting() == 0
    assert library.examples.find(correction).state is State.WITHDRAWN
    assert library.store.document_at(f"example:{published}") is None


def test_personal_data_and_duplicates_of_a_correction(examples, published):
    correction = begun(examples, AUTHOR, published, what="NHS943 mended a bicycle.")
    receipt = examples.submit(AUTHOR, correction)
    assert [finding.field for finding in receipt.personal_data] == ["what"]
    # It repeats what it corrects, and what waits to correct is nothing that others repeat.
    assert receipt.duplicates == ()
    [near] = examples.share(OTHER, content()).duplicates
    assert near.id == published


def test_answers_that_quoted_the_old_text_are_put_in_line(examples, published, library):
    chunk = library.store.document_chunks(published)[0]
    assert chunk.text
    correction = handed_in(examples, AUTHOR, published, what="We closed the workshop.")
    examples.review(MODERATOR, correction, Action.APPROVE)
    assert all("canteen" not in c.text for c in library.store.document_chunks(published))


def test_what_a_correction_took_out_is_overwritten_later_where_somebody_reads(examples, published, library):
    def is_due():
        with library.store._connections.read() as connection:
            return bool(connection.execute("SELECT 1 FROM flags WHERE name = 'scrub_due'").fetchone())

    correction = handed_in(examples, SECOND, published, what="We opened a workshop.")
    reader = sqlite3.connect(library.settings.database_path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM chunks").fetchone()
    examples.review(MODERATOR, correction, Action.APPROVE)
    assert is_due()
    reader.execute("ROLLBACK")
    reader.close()
    assert library.store.finish_scrub()
    assert not is_due()


def test_a_moderators_tag_stays_when_the_author_sends_the_whole_form_again(examples):
    given = examples.share(AUTHOR, content(nation="england")).id
    examples.tag(MODERATOR, given, nation=Nation.WALES)
    examples.edit(AUTHOR, given, content(nation="england", differently="Nothing."))
    now = examples.show(AUTHOR, given)
    assert (now.nation, now.differently) == ("wales", "Nothing.")
    examples.edit(AUTHOR, given, content(nation=None))
    assert examples.show(AUTHOR, given).nation == "wales"
    # What its author says on purpose counts.
    examples.edit(AUTHOR, given, content(nation="scotland"))
    assert examples.show(AUTHOR, given).nation == "scotland"


def test_forgetting_the_author_leaves_nothing_of_what_others_would_have_corrected(examples, published, library):
    correction = handed_in(examples, SECOND, published, title="Bicycles")
    examples.review(MODERATOR, correction, Action.DECLINE, "No.")
    examples.withdraw(AUTHOR, published)
    examples.forget(AUTHOR)
    left = library.examples.find(correction)
    assert (left.content.what, left.content.title, left.base) == ("", "", {})


def test_both_hear_of_it(library, examples, published):
    correction = handed_in(examples, SECOND, published, title="Bicycles")
    examples.review(MODERATOR, correction, Action.APPROVE)
    with library.examples._connections.read() as connection:
        told = {tuple(row) for row in connection.execute("SELECT recipient, kind FROM outbox")}
    assert {(AUTHOR.id, messages.CORRECTED), (SECOND.id, messages.APPLIED)} <= told


def test_a_correction_by_its_author_is_no_news_to_them(library, examples, published):
    correction = handed_in(examples, AUTHOR, published, title="Bicycles")
    examples.review(MODERATOR, correction, Action.APPROVE)
    with library.examples._connections.read() as connection:
        kinds = [row["kind"] for row in connection.execute("SELECT kind FROM outbox WHERE recipient = ?", [AUTHOR.id])]
    assert messages.APPLIED in kinds
    assert messages.CORRECTED not in kinds


def test_the_operator_enters_corrections_for_nobody(examples, published):
    draft = examples.correct(OPERATOR, published, Author())
    assert draft.author == Author()
    assert examples.correct(OPERATOR, published, Author()) == draft
