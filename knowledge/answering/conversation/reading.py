"""From a question and the turns before it to what is searched and judged, and what is remembered of it."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.answering.conversation import rewrite
from knowledge.answering.conversation.follow_up import FollowUp, FollowUpKind, read_follow_up
from knowledge.answering.conversation.nouns import own_topic
from knowledge.domain.library import Answer, Filters
from knowledge.domain.vocabulary import Kind, Nation
from knowledge.language.library_words import LibraryWords
from knowledge.language.names import Name, NameKind, find_names
from knowledge.language.nations import nation_terms
from knowledge.retrieval.query import check_query
from knowledge.storage.library_protocols import LibraryStore
from knowledge.storage.question_protocols import Turn

# Kinds of documents that tell of one case: what they do not say of it, no other document says.
_OF_ONE_CASE = frozenset({Kind.CASE_STUDY, Kind.EVENT, Kind.EXAMPLE})
_MOST_MENTIONS = 200
# Nobody hangs so many characters on an earlier question; and of a longer one the beginning says what it is about.
_LONGEST_FOLLOW_UP = 300
_LONGEST_TOPIC = 600
# A reference with more words of its own than this may well be a question of its own.
_MOST_REFERENCE_WORDS = 3
# What is asked by "tell me more", "go on" and the like.
_MORE = "More"


@dataclass(frozen=True)
class Reading:
    """One way to take a question: the text that is searched and judged.

    `understood` is what it was taken for, in words for whoever asked; `None` where it is taken as it stands.
    `chunks` are the only ones that may answer it; `None` for all. `shown` are hashes of quotes that it may not repeat.
    `focus` is what is asked of the topic, for documents that are all about the topic; `None` where both count the same.
    """

    text: str
    understood: str | None = None
    chunks: frozenset[int] | None = None
    shown: frozenset[str] = frozenset()
    focus: str | None = None

    def allows(self, quote: str) -> bool:
        """Return whether a quote was not shown before."""
        return not self.shown or quote_hash(quote) not in self.shown


@dataclass(frozen=True)
class Understood:
    """A question as it was understood: readings in the order in which they are tried, the first answered one counts.

    `topic` is what a follow-up is about, `last` the turn that it follows; a question that stands alone has neither.
    `rivals` says that the readings are rivals: the one with the nearer evidence goes first.
    """

    question: str
    readings: tuple[Reading, ...]
    topic: str = ""
    last: Turn | None = None
    rivals: bool = False


def quote_hash(quote: str) -> str:
    """Return what names a quote without holding it."""
    return hashlib.sha256(quote.encode("utf-8", "replace")).hexdigest()[:16]


class Understanding:
    """Understands questions with the turns before them. Safe to use from several threads."""

    def __init__(self, store: LibraryStore, library_words: LibraryWords) -> None:
        self._store = store
        self._words = library_words

    def understand(self, question: str, turns: Sequence[Turn]) -> Understood:
        """Return what a question asks, `turns` being the ones before it, oldest first."""
        alone = Understood(question, (Reading(question),))
        text = check_query(question)
        if not turns or len(text) > _LONGEST_FOLLOW_UP:
            return alone
        names = self._names(text)
        follow_up = read_follow_up(text, names)
        last = turns[-1]
        documents = _spoken_of(turns)
        match follow_up.bond:
            case FollowUpKind.NONE:
                return alone
            case FollowUpKind.ELSEWHERE:
                return self._elsewhere(question, follow_up, turns)
            case FollowUpKind.OTHERS:
                asked = _asked(turns)
                spoken = asked
                if rewrite.hangs_on_another(asked):
                    spoken = rewrite.following(rewrite.asked_in(asked), _base(turns))
                reading = Reading(asked, spoken, shown=frozenset(last.shown))
                return Understood(question, (reading,), last.topic, last)
            case FollowUpKind.MORE:
                asked = _MORE if re.search(r"more|detail|on$|expand|elaborate", follow_up.rest) else follow_up.rest
                written = rewrite.about(asked, last.topic)
                base = _base(turns)
                spoken = f"More on “{base}”" if asked == _MORE else rewrite.following(asked, base)
                return self._of_documents(question, written, spoken, last, documents, shown=frozenset(last.shown))
            case FollowUpKind.REFERENCE:
                return self._reference(question, follow_up, turns, documents)
            case FollowUpKind.ASPECT:
                rest = rewrite.with_written_names(follow_up.rest, self._names)
                written, spoken = rewrite.about(rest, last.topic), rewrite.following(rest, _base(turns))
                readings = (Reading(written, spoken), Reading(follow_up.rest))
                return Understood(question, readings, last.topic, last, rivals=True)

    def turn(self, understood: Understood, answer: Answer) -> Turn:
        """Return what is to be remembered of a question and its answer."""
        asked, last = understood.question, understood.last
        shown = [quote_hash(citation.quote) for citation in answer.citations]
        # Of two rivals the question as it stands may have won: then it begins a topic of its own.
        read = (r.text for r in understood.readings if answer.understood and r.understood == answer.understood)
        taken = next(read, answer.understood or asked)[:_LONGEST_TOPIC]
        topic = understood.topic if last and answer.understood else rewrite.topic_of(taken, self._names)
        if last and topic == last.topic:
            shown = [*last.shown, *shown]
        return Turn(
            question=asked,
            understood=rewrite.with_written_names(taken, self._names),
            topic=topic,
            answered=answer.answered,
            documents=tuple(dict.fromkeys(citation.document_id for citation in answer.citations)),
            shown=tuple(dict.fromkeys(shown)),
        )

    def _elsewhere(self, question: str, follow_up: FollowUp, turns: Sequence[Turn]) -> Understood:
        last = turns[-1]
        written = spoken = rewrite.elsewhere(_asked(turns), follow_up.rest, self._names)
        topic = rewrite.elsewhere(last.topic, follow_up.rest, self._names_inside)
        if rewrite.hangs_on_another(written):
            base = rewrite.elsewhere(_base(turns), follow_up.rest, self._names)
            spoken = rewrite.following(rewrite.asked_in(written), base)
        return Understood(question, self._of_place(written, spoken, self._names(follow_up.rest)), topic, last)

    def _reference(
        self, question: str, follow_up: FollowUp, turns: Sequence[Turn], documents: tuple[str, ...]
    ) -> Understood:
        names, last = self._names(follow_up.rest), turns[-1]
        topic = last.topic
        if places := [name for name in names if name.replaceable]:
            topic = rewrite.without([name for name in self._names_inside(topic) if name.replaceable], topic)
            documents = ()
        rest = rewrite.with_written_names(follow_up.rest, self._names)
        written, spoken = rewrite.about(rest, topic), rewrite.following(rest, _base(turns))
        understood = self._of_documents(question, written, spoken, last, documents, focus=rest)
        if len(own_topic(follow_up.rest)) > _MOST_REFERENCE_WORDS:
            return Understood(question, (Reading(written, spoken), Reading(follow_up.rest)), topic, last, rivals=True)
        if places:
            topic = f"{topic} in {' and '.join(name.shown for name in places)}"
            return Understood(question, self._of_place(written, spoken, places), topic, last)
        return Understood(question, understood.readings, topic, last)

    def _names(self, text: str, *, begins: bool = True) -> list[Name]:
        """Return the names in a text; a year is none that a question can be asked of instead of a place."""
        return [name for name in find_names(text, self._words, begins=begins) if name.kind is not NameKind.YEAR]

    def _names_inside(self, topic: str) -> list[Name]:
        return self._names(topic, begins=False)

    def _of_documents(
        self,
        question: str,
        written: str,
        spoken: str,
        last: Turn,
        documents: tuple[str, ...],
        *,
        shown: frozenset[str] = frozenset(),
        focus: str | None = None,
    ) -> Understood:
        """Answer from the documents just cited if they say so; else from others, unless these tell of one case."""
        everywhere = Reading(written, spoken, shown=shown)
        cited = [stored for document in documents if (stored := self._store.document(document))]
        if not cited:
            return Understood(question, (everywhere,), last.topic, last)
        chunks = frozenset(chunk.id for stored in cited for chunk in self._store.document_chunks(stored.id))
        named = bool(self._names_inside(last.topic))
        wider = () if cited[0].metadata.kind in _OF_ONE_CASE and not named else (everywhere,)
        return Understood(question, (Reading(written, spoken, chunks, shown, focus), *wider), last.topic, last)

    def _of_place(self, written: str, spoken: str, names: Sequence[Name]) -> tuple[Reading, ...]:
        """Return the gate holds an answer to the places that are named; a whole nation is found by the catalogue."""
        nation = next((name.nation for name in names if name.nation), None)
        if nation is None:
            return (Reading(written, spoken),)
        return tuple(Reading(written, spoken, chunks) for chunks in self._of_nation(nation))

    def _of_nation(self, nation: Nation) -> list[frozenset[int]]:
        """Return the chunks of documents of a nation; then those that mention it."""
        catalogued = frozenset(self._store.chunk_ids(Filters(nation=nation)).tolist())
        found = self._store.lexical_search(nation_terms(nation), _MOST_MENTIONS).found
        mentioned = frozenset(chunk_id for chunk_id, _ in found)
        return [chunks for chunks in (catalogued, mentioned) if chunks] or [frozenset()]


def _asked(turns: Sequence[Turn]) -> str:
    """Return the question that was asked last; "tell me more" asks nothing new, so then it is the one behind it."""
    last = turns[-1].understood
    return _base(turns) if rewrite.hangs_on_another(last) and rewrite.asked_in(last) == _MORE else last


def _base(turns: Sequence[Turn]) -> str:
    """Return the question that the present topic began with.

    Where that was asked of another place since, it is the topic itself.
    """
    last = turns[-1]
    began = next((turn for turn in reversed(turns) if not rewrite.hangs_on_another(turn.understood)), last)
    return began.understood if began.topic == last.topic else last.topic


def _spoken_of(turns: Sequence[Turn]) -> tuple[str, ...]:
    """Return the documents cited last in the part of the conversation that is about its present topic."""
    for turn in reversed(turns):
        if turn.topic != turns[-1].topic:
            return ()
        if turn.documents:
            return turn.documents
    return ()
