"""Giving an example: drafts, what is missing, once for each request, credit, withdrawal."""

import json

import pytest

from knowledge.domain.examples import Action, Actor, Author, Content, Role, State
from knowledge.domain.vocabulary import Credit, EvidenceKind, Kind, Outcome
from knowledge.errors import ExampleConflictError, ExampleError, ExampleNotAllowedError
from knowledge.examples.examples import Examples
from tests.fakes import WordCheck
from tests.knowledge.examples.conftest import AUTHOR, MODERATOR, OTHER, content


def approved(examples, actor=AUTHOR, given=None, author=None):
    receipt = examples.share(actor, given or content(), author)
    examples.review(MODERATOR, receipt.id, Action.APPROVE)
    return receipt.id


def test_an_approved_example_is_a_document_and_found(examples, library, found):
    given = approved(examples)
    document = library.store.document(given)
    assert document.location == f"example:{given}"
    metadata = document.metadata
    assert (metadata.kind, metadata.evidence, metadata.outcome) == (
        Kind.EXAMPLE,
        EvidenceKind.MEMBER_EXAMPLE,
        Outcome.WORKED,
    )
    assert (metadata.organisation, metadata.source_title, metadata.published) == (
        "Sample Hospital Trust",
        "Sample Hospital Trust",
        "2026-03-02",
    )
    assert [section.heading_path[0] for section in library.store.sections(given)] == [
        "What was done",
        "For whom and why",
        "What happened",
        "What they would do differently",
        "How it was measured",
    ]
    assert library.store.sections(given)[0].text == (
        "We opened a bicycle workshop next to the canteen.\n\n- two mornings a week\n- run by apprentices"
    )
    assert found("bicycle workshop")[0] == given
    assert found("bicycle workshop", outcome=Outcome.DID_NOT_WORK) == []
    assert found("bicycle workshop", outcome=Outcome.WORKED)[0] == given
    assert examples.show(OTHER, given).state is State.PUBLISHED
    assert library.examples.problems() == library.store.problems() == []


def test_what_is_incomplete_is_kept_as_a_draft(examples):
    receipt = examples.share(AUTHOR, Content(what="We planted trees"))
    assert receipt.state is State.DRAFT
    assert receipt.missing == ("what_happened", "outcome", "clearance")
    completed = examples.edit(AUTHOR, receipt.id, content())
    assert (completed.state, completed.missing) == (State.DRAFT, ())
    assert examples.submit(AUTHOR, receipt.id).state is State.SUBMITTED
    assert examples.show(AUTHOR, receipt.id).what.startswith("We opened")


def test_a_draft_is_nobody_elses(examples):
    draft = examples.draft(AUTHOR, content())
    for actor in (OTHER, MODERATOR):
        with pytest.raises(ExampleNotAllowedError):
            examples.show(actor, draft.id)
        with pytest.raises(ExampleNotAllowedError):
            examples.preview(actor, draft.id)
    assert examples.list(MODERATOR, examples_all()) == []


def examples_all():
    from knowledge.storage.example_protocols import Selection

    return Selection()


def test_the_same_request_makes_one_submission(examples, library):
    first = examples.share(AUTHOR, content(), request_id="interaction-1")
    again = examples.share(AUTHOR, content(), request_id="interaction-1")
    assert (again.id, again.state, again.version) == (first.id, first.state, first.version)
    assert examples.share(OTHER, content(), request_id="interaction-1").id != first.id
    assert len(examples.mine(AUTHOR)) == 1
    assert len(library.examples.history(first.id)) == 2


def test_a_request_that_was_cut_off_goes_on(examples):
    draft = examples.draft(AUTHOR, content(), request_id="interaction-2")
    receipt = examples.share(AUTHOR, content(), request_id="interaction-2")
    assert (receipt.id, receipt.state) == (draft.id, State.SUBMITTED)


def test_personal_data_is_marked_and_never_repeated(examples):
    given = content(what_happened="Patient NHS943 came by bicycle.")
    receipt = examples.share(AUTHOR, given)
    [finding] = receipt.personal_data
    assert (finding.field, given.what_happened[finding.start : finding.end]) == ("what_happened", "NHS943")
    assert finding.label == "NHS number"
    assert examples.show(MODERATOR, receipt.id).personal_data == (finding,)
    assert "943" not in finding.model_dump_json()
    changed = examples.edit(AUTHOR, receipt.id, content())
    assert changed.personal_data == ()


def test_who_asked_not_to_be_named_is_told_where_the_text_names_them(examples):
    given = content(credit="anonymous", what="Sam Sample of the Sample  hospital Trust did it.")
    receipt = examples.share(AUTHOR, given, Author(member=AUTHOR.id, name="Sam Sample"))
    assert [finding.kind for finding in receipt.personal_data] == ["OWN_NAME", "OWN_ORGANISATION"]
    named = examples.share(AUTHOR, content(what="The Sample Hospital Trust did it, NHS943 too."))
    assert [finding.kind for finding in named.personal_data] == ["UK_NHS"]
    examples.set_credit(AUTHOR, named.id, Credit.ANONYMOUS)
    kinds = [finding.kind for finding in examples.show(AUTHOR, named.id).personal_data]
    assert kinds == ["UK_NHS", "OWN_ORGANISATION"]


@pytest.mark.parametrize(
    ("credit", "name", "line"),
    [
        (Credit.NAMED, "Sam Sample", "Sam Sample, Sample Hospital Trust"),
        (Credit.NAMED, None, "sample-author, Sample Hospital Trust"),
        (Credit.ORGANISATION, "Sam Sample", "Sample Hospital Trust"),
        (Credit.ANONYMOUS, "Sam Sample", "A member of the network"),
    ],
)
def test_credit_is_as_chosen(examples, library, credit, name, line):
    given = approved(examples, given=content(credit=credit), author=Author(member=AUTHOR.id, name=name))
    metadata = library.store.document(given).metadata
    assert metadata.source_title == line
    assert (metadata.organisation is None) == (credit is Credit.ANONYMOUS)
    assert examples.show(OTHER, given).credited_to == line


def test_a_discord_number_is_no_name(examples, library):
    given = approved(examples, actor=Actor("123456789012345678", Role.MEMBER), given=content(credit="named"))
    assert library.store.document(given).metadata.source_title == "Sample Hospital Trust"


def test_anonymous_is_anonymous_for_everybody_but_the_author(examples, library, caplog):
    caplog.set_level("DEBUG")
    given = approved(examples, given=content(credit="anonymous"), author=Author(member=AUTHOR.id, name="Sam Sample"))
    secrets = (AUTHOR.id, "Sam Sample", "Sample Hospital Trust")
    seen = [examples.show(MODERATOR, given), *examples.list(MODERATOR, examples_all()), examples.show(OTHER, given)]
    texts = [view.model_dump_json() for view in seen]
    texts.append(library.store.document(given).model_dump_json())
    texts += [chunk.model_dump_json() for chunk in library.store.document_chunks(given)]
    texts.append(caplog.text)
    for text in texts:
        assert not [secret for secret in secrets if secret in text]
    assert all(view.anonymous for view in seen)
    assert seen[0].audit[0].by == "author"
    assert examples.show(AUTHOR, given).author == AUTHOR.id


def test_the_author_never_learns_who_decided(examples):
    receipt = examples.share(AUTHOR, content())
    examples.review(MODERATOR, receipt.id, Action.REQUEST_CHANGES, "Please say for whom.")
    view = examples.mine(AUTHOR)[0]
    assert [event.by for event in view.audit] == [AUTHOR.id, AUTHOR.id, "moderator", "moderator"]
    assert view.audit[-1].reason == "Please say for whom."
    assert MODERATOR.id not in view.model_dump_json()
    assert examples.show(MODERATOR, receipt.id).audit[-1].by == MODERATOR.id


def test_editing_after_a_request_for_changes_hands_in_again(examples):
    receipt = examples.share(AUTHOR, content())
    examples.review(MODERATOR, receipt.id, Action.REQUEST_CHANGES, "Please say for whom.")
    assert examples.edit(AUTHOR, receipt.id, content(for_whom="Day staff")).state is State.SUBMITTED
    with pytest.raises(ExampleError, match="outcome"):
        examples.edit(AUTHOR, receipt.id, content(outcome=None))
    with pytest.raises(ExampleNotAllowedError):
        examples.edit(OTHER, receipt.id, content())
    examples.review(MODERATOR, receipt.id, Action.APPROVE)
    with pytest.raises(ExampleConflictError, match="already published"):
        examples.edit(AUTHOR, receipt.id, content())


@pytest.mark.parametrize("handed_in", [False, True])
def test_of_two_changes_at_once_neither_is_lost(examples, handed_in):
    draft = examples.draft(AUTHOR, content())
    if handed_in:
        examples.submit(AUTHOR, draft.id)
    meanwhile = []

    def retitled(before):
        if not meanwhile:
            meanwhile.append(
                examples.revise(AUTHOR, draft.id, lambda now: now.model_copy(update={"measured": "Trees."}))
            )
        return before.model_copy(update={"title": "Another title"})

    receipt = examples.revise(AUTHOR, draft.id, retitled, "press 1")
    assert receipt.version == meanwhile[0].version + 1
    (mine,) = examples.mine(AUTHOR)
    assert (mine.title, mine.measured, mine.what) == ("Another title", "Trees.", content().what)
    assert examples.revise(AUTHOR, draft.id, retitled, "press 1").version == receipt.version


def test_nobody_revises_what_is_somebody_elses(examples):
    draft, seen = examples.draft(AUTHOR, content()), []
    with pytest.raises(ExampleNotAllowedError):
        examples.revise(OTHER, draft.id, lambda before: seen.append(before) or before)
    assert seen == []


def test_withdrawn_is_gone_at_once_and_for_good(examples, library, found):
    given = approved(examples)
    assert found("bicycle")[0] == given
    with pytest.raises(ExampleNotAllowedError):
        examples.withdraw(OTHER, given)
    assert examples.withdraw(AUTHOR, given).state is State.WITHDRAWN
    assert found("bicycle") == []
    assert library.store.document(given) is None
    assert library.index.size == 0
    with pytest.raises(ExampleConflictError):
        examples.withdraw(AUTHOR, given)
    assert library.examples.problems() == library.store.problems() == library.index.problems() == []


def test_a_moderator_withdraws_with_a_reason(examples):
    given = approved(examples)
    with pytest.raises(ExampleError, match="reason"):
        examples.withdraw(MODERATOR, given)
    assert examples.withdraw(MODERATOR, given, "A patient is recognisable.").state is State.WITHDRAWN


def test_a_change_of_credit_shows_at_once_and_keeps_the_id(examples, library, found):
    given = approved(examples, given=content(credit="named"), author=Author(member=AUTHOR.id, name="Sam Sample"))
    chunks = [chunk.id for chunk in library.store.document_chunks(given)]
    assert examples.set_credit(AUTHOR, given, Credit.ANONYMOUS).state is State.PUBLISHED
    metadata = library.store.document(given).metadata
    assert (metadata.source_title, metadata.organisation) == ("A member of the network", None)
    assert [chunk.id for chunk in library.store.document_chunks(given)] == chunks
    examples.set_credit(AUTHOR, given, Credit.ORGANISATION, organisation="Sample University")
    assert library.store.document(given).metadata.organisation == "Sample University"
    with pytest.raises(ExampleNotAllowedError):
        examples.set_credit(OTHER, given, Credit.NAMED)
    with pytest.raises(ExampleError, match="organisation"):
        examples.set_credit(AUTHOR, given, Credit.ORGANISATION, organisation=" ")
    assert found("bicycle") == [given] * len(chunks)


def test_the_old_credit_goes_with_the_decision_even_if_publishing_fails(examples, library):
    given = approved(examples, given=content(credit="named"), author=Author(member=AUTHOR.id, name="Sam Sample"))
    without = Examples(library, None, WordCheck())
    assert without.set_credit(AUTHOR, given, Credit.ANONYMOUS).state is State.APPROVED
    metadata = library.store.document(given).metadata
    assert (metadata.source_title, metadata.organisation) == (None, None)
    assert examples.publish_waiting() == 1
    assert library.store.document(given).metadata.source_title == "A member of the network"


def test_the_preview_is_what_will_be_published(examples, library):
    draft = examples.draft(AUTHOR, content())
    document, receipt = examples.preview(AUTHOR, draft.id)
    examples.submit(AUTHOR, draft.id)
    examples.review(MODERATOR, draft.id, Action.APPROVE)
    assert receipt.state is State.DRAFT
    assert library.store.sections(draft.id) == document.sections
    assert library.store.document(draft.id).metadata == document.metadata


def test_a_title_that_is_missing_is_made_of_the_first_words(examples, library):
    given = approved(examples, given=content(title="", what="We opened a workshop. " * 10))
    title = library.store.document(given).metadata.title
    assert title.startswith("We opened a workshop.")
    assert title.endswith("...")
    assert len(title) <= 84


def test_without_a_choice_the_credit_says_least(examples):
    assert examples.draft(AUTHOR, content(credit=None)).content.credit is Credit.ORGANISATION
    assert examples.draft(AUTHOR, content(credit=None, organisation="")).content.credit is Credit.ANONYMOUS


def test_the_database_takes_no_document_of_an_example_that_is_not_approved(examples, library):
    from indexer.pipeline import publisher
    from knowledge.errors import StorageError
    from knowledge.examples.document import as_document

    receipt = examples.share(AUTHOR, content())
    document = as_document(library.examples.find(receipt.id))
    with pytest.raises(StorageError, match="not approved"):
        publisher(library)(document)
    given = approved(examples)
    examples.withdraw(AUTHOR, given)
    with pytest.raises(StorageError, match="not approved"):
        publisher(library)(document.model_copy(update={"location": f"example:{given}"}))
    assert library.store.documents() == []


def test_the_receipt_is_json(examples):
    receipt = json.loads(examples.share(AUTHOR, content()).model_dump_json())
    assert {"id", "state", "duplicates", "personal_data"} <= set(receipt)
