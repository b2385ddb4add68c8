"""Curated answers: written and checked by a person, given to whoever asks the same, until they are due for review."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from knowledge.answering.citations import cited_as
from knowledge.answering.wording import answer_text
from knowledge.calibration.thresholds import SimilarityThresholds
from knowledge.dates import UK, stamp, utc_now
from knowledge.domain.ids import new_id
from knowledge.domain.insights import CuratedAnswer, CuratedSource
from knowledge.domain.library import Answer, Chunk, CuratedNote
from knowledge.errors import QuestionError
from knowledge.insights import curated_text
from knowledge.insights.curated_review import DueReview, due_for_review, is_due, passage_of
from knowledge.insights.same_question import asks_the_same
from knowledge.language.sentences import split_units
from knowledge.language.words import content_stems
from knowledge.library import Library
from knowledge.storage.arrays import Vectors

LONGEST_TEXT = 1500
LONGEST_QUESTION = 300
MOST_SOURCES = 5
MOST_WORDINGS = 20
_LONGEST_REVIEW = timedelta(days=730)
_USUAL_REVIEW = timedelta(days=365)


class CuratedAnswers:
    """The curated answers of one library. Safe to use from several threads."""

    def __init__(self, library: Library, clock: Callable[[], datetime] = utc_now) -> None:
        self._library = library
        self._store = library.curated
        self._clock = clock

    # -- what moderators do

    def write(
        self,
        question: str,
        text: str,
        sources: Sequence[str],
        *,
        review_by: str | None = None,
        wordings: Sequence[str] = (),
        checked_by: str | None = None,
        answer_id: str | None = None,
    ) -> CuratedAnswer:
        """Keep an answer to a question, checked today; with `answer_id`, in the place of the one that it names.

        `sources` are ids or addresses of documents in the library. `review_by` is a day, in a year unless given.

        Raises:
            QuestionError: Something is missing, too long, or no document of the library; nothing is kept.
        """
        question, text = " ".join(question.split()), curated_text.clean(text)
        asked = tuple(dict.fromkeys(" ".join(wording.split()) for wording in wordings if wording.strip()))
        if not question or not text:
            raise QuestionError("A curated answer needs a question and an answer.")
        if max(map(len, (question, *asked))) > LONGEST_QUESTION or len(text) > LONGEST_TEXT:
            raise QuestionError(
                f"A question may have {LONGEST_QUESTION} characters and its answer {LONGEST_TEXT}. Nothing was kept."
            )
        if len(asked) > MOST_WORDINGS:
            raise QuestionError(f"At most {MOST_WORDINGS} other ways to ask it can be given. Nothing was kept.")
        if answer_id is not None and self._store.find(answer_id) is None:
            raise QuestionError(f"There is no curated answer with the id {answer_id}.")
        found = self._sources(text, [source.strip() for source in sources if source.strip()])
        if (highest := max(curated_text.marks_in(text), default=0)) > len(found):
            raise QuestionError(f"The answer names source [{highest}], and has {len(found)}. Nothing was kept.")
        kept = CuratedAnswer(
            id=answer_id or new_id(),
            question=question,
            wordings=asked,
            text=text,
            sources=found,
            checked_on=self._today().isoformat(),
            review_by=self._review_day(review_by),
            checked_by=checked_by,
        )
        self._store.save(kept, stamp(self._clock()))
        self._vectors()
        return kept

    def checked(self, answer_id: str, checked_by: str | None, review_by: str | None = None) -> CuratedAnswer:
        """Note that somebody has read an answer and its sources again today, and that it holds.

        Raises:
            QuestionError: There is no such answer, or a source of it is gone: then it has to be written anew.
        """
        known = self._known(answer_id)
        return self.write(
            known.question,
            known.text,
            [source.document_id for source in known.sources],
            review_by=review_by,
            wordings=known.wordings,
            checked_by=checked_by,
            answer_id=answer_id,
        )

    def add_wording(self, answer_id: str, wording: str) -> CuratedAnswer:
        """Give an answer to another way of asking, too, without checking it anew.

        Raises:
            QuestionError: There is no such answer, or it has too many.
        """
        known = self._known(answer_id)
        wording = " ".join(wording.split())[:LONGEST_QUESTION]
        if wording and wording not in (known.question, *known.wordings):
            if len(known.wordings) >= MOST_WORDINGS:
                raise QuestionError(f"At most {MOST_WORDINGS} other ways to ask it can be given. Nothing was kept.")
            known = known.model_copy(update={"wordings": (*known.wordings, wording)})
            self._store.save(known, stamp(self._clock()))
            self._vectors()
        return known

    def all(self) -> list[CuratedAnswer]:
        """Return all, by question."""
        return self._store.all()

    def find(self, answer_id: str) -> CuratedAnswer | None:
        """Return one."""
        return self._store.find(answer_id)

    def remove(self, answer_id: str) -> None:
        """Delete one.

        Raises:
            QuestionError: There is no such answer.
        """
        if not self._store.remove(answer_id):
            raise QuestionError(f"There is no curated answer with the id {answer_id}.")

    def due(self) -> list[DueReview]:
        """Return what has to be looked at again; see `due_for_review`."""
        return due_for_review(self._store, self._library.store, self._today())

    # -- what whoever asks gets

    def answer(self, question: str) -> Answer | None:
        """Return the curated answer to a question, taken as it stands; `None` where there is none that surely fits."""
        if not self._store.any():
            return None
        curated = self._matching(question)
        return None if curated is None else self._shown(question, curated)

    def _matching(self, question: str) -> CuratedAnswer | None:
        library = self._library
        query = library.searcher.read(question)
        vector = library.searcher.embed(query)
        least = SimilarityThresholds.packaged().insights.same_question.value
        scale = library.similarity
        alike = sorted(
            (
                (scale.comparable(float(known @ vector)), answer_id, wording)
                for answer_id, wording, known in self._vectors()
            ),
            reverse=True,
        )
        for cosine, answer_id, wording in alike:
            if cosine < least:
                return None
            if asks_the_same(question, wording, library.words):
                return self._store.find(answer_id)
        return None

    def _shown(self, question: str, curated: CuratedAnswer) -> Answer | None:
        """Return a curated answer for whoever asks; `None` where a source does not hold what it rests on any more."""
        citations = []
        for number, source in enumerate(curated.sources, start=1):
            chunk = passage_of(source, self._library.store)
            if chunk is None:
                return None
            citations.append(cited_as(number, chunk, source.quote))
        sentences = curated_text.sentences(curated.text, len(citations))
        note = CuratedNote(
            id=curated.id,
            question=curated.question,
            checked_on=curated.checked_on,
            review_by=curated.review_by,
            due=is_due(curated, self._today()),
        )
        return Answer(
            question=question,
            answered=True,
            text=answer_text(sentences),
            sentences=sentences,
            citations=tuple(citations),
            curated=note,
        )

    # -- the parts

    def _vectors(self) -> list[tuple[str, str, Vectors]]:
        """Return every wording with its vector by the present model; those that have none yet get one."""
        embedder, found = self._library.embedder, []
        for answer_id, wording, vector in self._store.vectors(embedder.name):
            if vector is None:
                vector = self._library.searcher.embed(self._library.searcher.read(wording))
                self._store.save_vector(answer_id, wording, embedder.name, vector)
            found.append((answer_id, wording, vector))
        return found

    def _sources(self, text: str, names: Sequence[str]) -> tuple[CuratedSource, ...]:
        names = list(dict.fromkeys(names))
        if not names or len(names) > MOST_SOURCES:
            raise QuestionError(f"A curated answer needs 1 to {MOST_SOURCES} documents of the library as its sources.")
        vector = self._library.embedder.embed_documents([text])[0]
        found = []
        for name in names:
            store = self._library.store
            document = store.document_at_url(name) or store.document(name.rpartition("/documents/")[2])
            if document is None:
                raise QuestionError(
                    f"{name} is no document of the library. Give its id or address (`haln index list` shows them), or "
                    "add it first. Nothing was kept."
                )
            chunks = {chunk.id: chunk for chunk in self._library.store.document_chunks(document.id)}
            near = self._library.index.similarities(vector, list(chunks))
            if not chunks:
                raise QuestionError(f"{name} has no text that an answer could rest on. Nothing was kept.")
            best = chunks[max(chunks, key=lambda chunk_id: near.get(chunk_id, 0.0))]
            found.append(
                CuratedSource(
                    document_id=document.id, quote=_nearest_sentence(text, best), content_hash=document.content_hash
                )
            )
        return tuple(found)

    def _known(self, answer_id: str) -> CuratedAnswer:
        known = self._store.find(answer_id)
        if known is None:
            raise QuestionError(f"There is no curated answer with the id {answer_id}.")
        return known

    def _review_day(self, said: str | None) -> str:
        today = self._today()
        if not said:
            return (today + _USUAL_REVIEW).isoformat()
        try:
            day = date.fromisoformat(said)
        except ValueError:
            raise QuestionError(f"{said} is no day. Write it like {today + _USUAL_REVIEW}.") from None
        if not today < day <= today + _LONGEST_REVIEW:
            raise QuestionError("The day for the review has to be after today, and within two years.")
        return day.isoformat()

    def _today(self) -> date:
        return self._clock().astimezone(UK).date()


def _nearest_sentence(text: str, chunk: Chunk) -> str:
    """Return the sentence of a chunk that has most words of the answer, as it stands there."""
    wanted = content_stems(text)
    units = [unit.text for unit in split_units(chunk.text)] or [chunk.text]
    return max(units, key=lambda unit: (len(wanted & content_stems(unit)), -len(unit)))
