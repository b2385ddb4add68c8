"""The nouns of insights: what is asked, what cannot be answered, curated answers, and figures that name nobody."""

from typing import Annotated

from pydantic import AfterValidator, Field

from knowledge.domain.library import Noun, on_the_calendar

_DAY = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$"), AfterValidator(on_the_calendar)]


class AskedQuestion(Noun):
    """A question of the log as insights count it; `asked_at` is ISO 8601 in UTC.

    `text` is what it was understood as. `helpful` and `unhelpful` are numbers of votes. `curated` names the curated
    answer that it got. `settled` says that a moderator has dealt with the votes.
    """

    id: str
    asked_at: str
    text: str
    answered: bool
    helpful: int = 0
    unhelpful: int = 0
    settled: bool = False
    curated: str | None = None

    @property
    def lacking(self) -> bool:
        """Return whether the library failed whoever asked: it was refused, or the answer helped nobody who voted."""
        return not self.settled and (not self.answered or (self.unhelpful > 0 and self.helpful == 0))


class Disliked(Noun):
    """A question whose answer did not help, for moderators; nobody is named.

    `votes` is how many said so, `None` where that is fewer than five; `reasons` why (values of `FeedbackReason`),
    `said_at` when that was last said.
    """

    question_id: str
    question: str
    answered: bool
    votes: int | None
    reasons: tuple[str, ...]
    said_at: str
    settled: bool = False


class FeedbackCard(Noun):
    """A message in a moderators' channel that shows a question."""

    question_id: str
    channel_id: int
    message_id: int


class CuratedSource(Noun):
    """A document that a curated answer rests on: a passage, and the `content_hash` of when that was checked."""

    document_id: str
    quote: str
    content_hash: str


class CuratedAnswer(Noun):
    """An answer that a person has written and checked, for a question and its `wordings`.

    `text` may name its sources by number: [1]. `checked_by` is a member's id; `None` once they are forgotten.
    """

    id: str
    question: str
    wordings: tuple[str, ...] = ()
    text: str
    sources: tuple[CuratedSource, ...]
    checked_on: _DAY
    review_by: _DAY
    checked_by: str | None = None


class Topic(Noun):
    """Questions that ask for much the same.

    `words` set it apart from the other topics; `typical` is the question that is nearest to all others. `unanswered`
    were refused, `unhelpful` answered without helping (`None` for one to four: that is votes). `latest` is the day of
    the last one.
    """

    words: tuple[str, ...]
    typical: str
    questions: int
    unanswered: int
    unhelpful: int | None
    latest: str


class Gap(Noun):
    """A hole in the library, for a moderator to act on. `examples` are some of the questions, redacted.

    `question_id` is of the typical one. `refused` were refused and `unhelpful` answered without helping: both `None`
    where the latter are one to four, as that is votes. `nearest` are titles of documents that come near; `people` is
    how many members can probably help, `None` where nobody counted or they are fewer than five; `can_help` is whether
    anybody can.
    """

    words: tuple[str, ...]
    typical: str
    question_id: str
    questions: int
    refused: int | None
    unhelpful: int | None
    examples: tuple[str, ...]
    nearest: tuple[str, ...] = ()
    people: int | None = None
    can_help: bool = False


class FigureRow(Noun):
    """A row of figures. A figure that is `None` is not shown, because it or the rest of its group is under five."""

    name: str
    figures: tuple[int | None, ...]


class FigureTable(Noun):
    """Figures by group or by month, with how they were counted. `key` names the table in addresses and files."""

    key: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[FigureRow, ...]
    counted: str


class Insights(Noun):
    """All that insights say about a period. Dates are days; `until` is not included."""

    since: str
    until: str
    questions: int
    answered: int
    topics: tuple[Topic, ...]
    apart: int
    gaps: tuple[Gap, ...]
    other_gaps: tuple[Gap, ...]
    outside: int
    disliked: tuple[Disliked, ...]
    due: tuple[str, ...]
    tables: tuple[FigureTable, ...]
    notes: tuple[str, ...]
    seconds: float
