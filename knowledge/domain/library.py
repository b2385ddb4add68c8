"""The nouns of the library, frozen and typed. The first file to open.

JSON that people script against (`haln search --json`, `haln ask --json`) is made from `SearchResponse` and `Answer`:
names here are names there, so add fields freely and rename none.
"""

from datetime import datetime
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from knowledge.domain.vocabulary import EvidenceKind, Kind, Level, Measured, Nation, Outcome, Pillar, Stage

_DATE = r"^\d{4}(-\d{2}(-\d{2})?)?$"
_LONGEST_NAME = 300
_MOMENT = r"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}Z)?$"


def on_the_calendar(text: str | None) -> str | None:
    """Return the text as it is, if it is a year, month, day or moment that there is.

    Raises:
        ValueError: The calendar has no such day, month or time.
    """
    if text is not None:
        datetime.fromisoformat(text + "-01-01"[len(text) - 4 :] if len(text) < len("2021-03-25") else text)
    return text


def _short(name: object) -> object:
    """Return the name of an organisation or a place; of what is longer than any, the beginning."""
    return name[:_LONGEST_NAME] if isinstance(name, str) else name


class Noun(BaseModel):
    """Base of every noun: immutable, no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Measure(Noun):
    """One way in which described work was measured, in the words of its source.

    `indicator` is what was counted, `baseline` what that was before, `period` when it was followed; `None` is not said.
    """

    indicator: Annotated[str, Field(min_length=1, max_length=300)]
    baseline: Annotated[str | None, Field(max_length=300)] = None
    period: Annotated[str | None, Field(max_length=300)] = None

    @property
    def words(self) -> str:
        """Return it in words: "share of local suppliers (before: 35%; period: April to September 2020)"."""
        known = (("before", self.baseline), ("period", self.period))
        details = "; ".join(f"{name}: {text}" for name, text in known if text)
        return f"{self.indicator} ({details})" if details else self.indicator


class Metadata(Noun):
    """The facts known about a document besides its text. What is not known is `None`, never guessed.

    `published` is a date as precise as its source: "2021", "2021-03" or "2021-03-25". `starts`, `ends` and `place` are
    an event's: a day ("2026-05-12") or a moment in UTC ("2026-05-12T13:00:00Z"). `stage` is how far the work is that it
    describes, or whom it is for. `true_as_of` says when its facts were so, `review_by` when they are to be checked,
    `superseded_by` is the id of the document that takes its place; dates are as precise as `published`. `shared_by` is
    the title of the network whose document it is, where another shows it.
    """

    title: Annotated[str, Field(max_length=300)]
    kind: Kind = Kind.RESOURCE
    organisation: Annotated[str | None, BeforeValidator(_short)] = None
    nation: Nation | None = None
    region: Annotated[str | None, BeforeValidator(_short)] = None
    pillars: tuple[Pillar, ...] = ()
    level: Level | None = None
    stage: Stage | None = None
    outcome: Outcome | None = None
    evidence: EvidenceKind | None = None
    published: Annotated[str | None, Field(pattern=_DATE), AfterValidator(on_the_calendar)] = None
    source_title: str | None = None
    url: Annotated[str | None, Field(pattern=r"^https?://\S+$")] = None
    author: str | None = None
    starts: Annotated[str | None, Field(pattern=_MOMENT), AfterValidator(on_the_calendar)] = None
    ends: Annotated[str | None, Field(pattern=_MOMENT), AfterValidator(on_the_calendar)] = None
    place: str | None = None
    true_as_of: Annotated[str | None, Field(pattern=_DATE), AfterValidator(on_the_calendar)] = None
    review_by: Annotated[str | None, Field(pattern=_DATE), AfterValidator(on_the_calendar)] = None
    superseded_by: str | None = None
    measured: tuple[Measure, ...] = ()
    shared_by: str | None = None


# What a document may say of itself: not whose it is.
OWN_FIELDS = tuple(field for field in Metadata.model_fields if field != "shared_by")


class Section(Noun):
    """A part of a document under one heading path, outermost heading first; the opening part has an empty path.

    `text` is normalised: paragraphs separated by a blank line, list items on lines of their own starting with "- ".
    `locator` says where a reader finds it: "page 12", "slide 3", "at 12:40"; `None` where headings are all there is.
    """

    heading_path: tuple[str, ...] = ()
    text: str
    locator: str | None = None


class LeftOutWords(Noun):
    """Words of a file that are not stored for one reason, and the text that they begin with."""

    reason: str
    words: int
    text: str


class TextCoverage(Noun):
    """The number of words that a simple second reading finds in a file, and what became of them.

    `missing` is the beginning of the text that is neither kept nor left out for a reason.
    """

    words_read: int
    words_kept: int
    left_out: tuple[LeftOutWords, ...] = ()
    missing: str = ""

    @property
    def unexplained(self) -> int:
        """Return how many words are missing without a reason."""
        return self.words_read - self.words_kept - sum(part.words for part in self.left_out)


class Document(Noun):
    """A document as loaded: where it came from (`location`, unique in the library), what it is, and its sections.

    `suggested_id` is what its id will be if that one was never used before. `coverage` is `None` where nobody counted.
    """

    location: str
    suggested_id: str
    metadata: Metadata
    sections: tuple[Section, ...]
    coverage: TextCoverage | None = None


class NewChunk(Noun):
    """A chunk about to be stored. `embedded_text` is what the model sees; `embedding_hash` is its content hash."""

    ordinal: int
    heading_path: tuple[str, ...]
    text: str
    embedded_text: str
    embedding_hash: str
    locator: str | None = None


class Chunk(Noun):
    """The unit of retrieval, with the metadata of the document that it is a part of."""

    id: int
    document_id: str
    ordinal: int
    heading_path: tuple[str, ...]
    text: str
    metadata: Metadata
    locator: str | None = None

    @property
    def section(self) -> str | None:
        """Return the heading path as a citation shows it, outermost first; `None` in a document's opening part."""
        return " › ".join(self.heading_path) or None


class Acronym(NamedTuple):
    """A short form, its long form, and whether a text says so in brackets (else they are the initials of a name)."""

    short: str
    long: str
    stated: bool


class StoredDocument(Noun):
    """A document as the library holds it, without its text."""

    id: str
    location: str
    metadata: Metadata
    content_hash: str
    chunk_count: int
    updated_at: str


class Filters(Noun):
    """Restrictions on a search. `None` means any. A pillar matches a document that names it among others.

    `measured` asks for what says how it was measured, or for what says so with a baseline.
    """

    kind: Kind | None = None
    pillar: Pillar | None = None
    level: Level | None = None
    nation: Nation | None = None
    outcome: Outcome | None = None
    measured: Measured | None = None
    evidence: EvidenceKind | None = None
    stage: Stage | None = None

    @property
    def empty(self) -> bool:
        """Return whether nothing is restricted."""
        return self == Filters()


class SearchResult(Noun):
    """A chunk with its rank (from 1) and its score (higher is better; comparable within one search only)."""

    rank: int
    score: float
    document_id: str
    chunk_id: str
    title: str
    section: str | None
    text: str
    url: str | None
    kind: Kind
    evidence: EvidenceKind | None
    published: str | None
    organisation: str | None
    locator: str | None = None
    true_as_of: str | None = None
    review_by: str | None = None
    superseded_by: str | None = None
    shared_by: str | None = None


class SearchResponse(Noun):
    """The outcome of one search; `timings_ms` in milliseconds. `reason` says why nothing could be searched."""

    query: str
    results: tuple[SearchResult, ...]
    timings_ms: dict[str, float]
    reason: str | None = None


class Citation(Noun):
    """A chunk shown as proof. `quote` is a verbatim part of the stored chunk; `n` is its number in the answer."""

    n: int
    document_id: str
    chunk_id: str
    title: str
    section: str | None
    organisation: str | None
    source_title: str | None = None
    url: str | None
    kind: Kind
    evidence: EvidenceKind | None
    published: str | None
    quote: str
    locator: str | None = None
    true_as_of: str | None = None
    review_by: str | None = None
    superseded_by: str | None = None
    shared_by: str | None = None


class Sentence(Noun):
    """One sentence of an answer with the numbers of the citations that support it.

    `strong` marks the one that answers; `span` the shortest answer in it, as offsets in `text`. `item` says that it is
    an item of a list. `title` is the document's, where documents are listed and a new one begins.
    """

    text: str
    citations: tuple[int, ...]
    strong: bool = False
    span: tuple[int, int] | None = None
    item: bool = False
    title: str | None = None


class NearDocument(Noun):
    """A document that is near the question without answering it.

    `quote` is what it says instead, where that is worth showing: of another place than the one asked about.
    """

    document_id: str
    title: str
    url: str | None
    quote: str | None = None


class CuratedNote(Noun):
    """Says of an answer that a person has written and checked it, on which day, and when that is to be done again.

    `id` and `question` are the curated answer's. `due` says that the review date has passed.
    """

    id: str
    question: str
    checked_on: str
    review_by: str
    due: bool = False


class Answer(Noun):
    """An answer for faces to render. `text` is plain Markdown, `timings_ms` in milliseconds.

    `answered` false means that the library does not support an answer: `text` and `reason` say so; where `closest` is
    true, the sentences and citations are the passage that comes nearest, and `missing` says what it lacks beside the
    answer ("name", "kind"). `shape` is "passage", "list" or "definition".
    `confidence` is the gate's probability, 0 to 1, that the library answers. `note` says which part of the question an
    answer leaves open. `understood` is the
    whole question that a follow-up was taken for, and `None` where it was taken as it stands. `question_id` finds the
    answer again (`Assistant.stored_answer`); `None` where it is not kept. `written_by` names the language model that
    wrote the sentences, and is `None` where they are the library's own. `admitted` are the ids of the chunks that the
    evidence gate let speak, strongest first: what a written answer may be made of. `asks_for_people` says that the
    question asks for somebody to talk to, whatever the library says: a face then says how to find members. `curated` is
    there where a person has written and checked the answer; its sources are what it rests on, not what it quotes.
    """

    question: str
    answered: bool
    text: str
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    nearest: tuple[NearDocument, ...] = ()
    reason: str | None = None
    note: str | None = None
    understood: str | None = None
    question_id: str | None = None
    written_by: str | None = None
    admitted: tuple[str, ...] = ()
    asks_for_people: bool = False
    closest: bool = False
    missing: str | None = None
    shape: str | None = None
    confidence: float | None = None
    curated: CuratedNote | None = None
    timings_ms: dict[str, float] = {}
