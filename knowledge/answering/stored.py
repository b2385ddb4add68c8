"""Shows a stored answer again, without anything of it that the library does not hold any more."""

from collections.abc import Collection

from knowledge.answering.wording import answer_text, closest_text, refusal_text, withdrawn_reason, without_nearest
from knowledge.domain.library import Answer, Chunk, Citation, NearDocument, Noun, Sentence
from knowledge.storage.library_protocols import LibraryStore
from knowledge.storage.question_protocols import QuestionStore


class StoredAnswer(Noun):
    """An answer of the question log as it may be shown now.

    `asked_at` is ISO 8601 in UTC. `changed` says that something of the answer as it was given is left out, because its
    document is gone or says something else now.
    """

    question_id: str
    asked_at: str
    answer: Answer
    changed: bool


def without_what_is_gone(answer: Answer, store: LibraryStore) -> tuple[Answer, bool]:
    """Return the answer with only what the library still holds, and whether anything had to be left out.

    Citations keep their numbers, and describe their sources as they are now. A sentence stays if all that it cites
    does. Where none stays, it is a refusal that says so.
    """
    citations = tuple(now for citation in answer.citations if (now := _as_it_is_now(citation, store)))
    nearest = tuple(still for near in answer.nearest if (still := _near_now(near, store)))
    whole = len(citations) == len(answer.citations) and len(nearest) == len(answer.nearest)
    if whole and _quoted(nearest) == _quoted(answer.nearest):
        return _described_anew(answer, citations, nearest), False
    answer = answer.model_copy(update={"sentences": _titled_anew(answer.sentences, citations)})
    held = {citation.n for citation in citations}
    before, lost = _quoted(answer.nearest), len(nearest) < len(answer.nearest)
    sentences = tuple(sentence for sentence in answer.sentences if held.issuperset(sentence.citations))
    shown = {n for sentence in sentences for n in sentence.citations}
    answer = answer.model_copy(
        update={
            "sentences": sentences,
            "citations": tuple(citation for citation in citations if citation.n in shown),
            "nearest": nearest,
        }
    )
    if answer.answered and sentences:
        return answer.model_copy(update={"text": answer_text(sentences, answer.note)}), True
    if answer.closest and sentences and answer.reason:
        return answer.model_copy(update={"text": closest_text(answer.reason, sentences)}), True
    return _refusal(answer, keep_reason=not lost and _quoted(nearest) == before), True


def withdraw_quotes(documents: Collection[str], questions: QuestionStore, store: LibraryStore) -> int:
    """Take out of the question log what it quotes of these documents (ids) and they do not say any more.

    A document that was removed or changed must not live on in answers given before, nor its title or author before it
    was edited. How many answers lost something.
    """
    count = 0
    for logged in questions.citing(documents):
        answer, changed = without_what_is_gone(logged.answer, store)
        if changed:
            questions.withdraw(logged.id, answer)
            count += 1
        elif answer != logged.answer:
            questions.replace(logged.id, answer)
    return count


def _described_anew(answer: Answer, citations: tuple[Citation, ...], nearest: tuple[NearDocument, ...]) -> Answer:
    """Return the answer with its sources as they are called now, in its text, too."""
    sentences, reason = _titled_anew(answer.sentences, citations), answer.reason
    described: dict[str, object] = {"citations": citations, "nearest": nearest, "sentences": sentences}
    if nearest != answer.nearest and reason:
        # Whom the nearest is about may be called otherwise now.
        described["reason"] = reason = without_nearest(reason)
    if sentences != answer.sentences or nearest != answer.nearest:
        if answer.answered and sentences:
            described["text"] = answer_text(sentences, answer.note)
        elif not answer.answered and answer.closest and sentences:
            described["text"] = closest_text(reason or "", sentences)
        elif not answer.answered:
            described["text"] = refusal_text(reason or "", nearest)
    return answer.model_copy(update=described)


def _titled_anew(sentences: tuple[Sentence, ...], citations: tuple[Citation, ...]) -> tuple[Sentence, ...]:
    """Return the sentences; where documents are listed, under their titles as they are now."""
    titles = {citation.n: citation.title for citation in citations}
    return tuple(
        sentence.model_copy(update={"title": titles.get(sentence.citations[0], sentence.title)})
        if sentence.title is not None and sentence.citations
        else sentence
        for sentence in sentences
    )


def _as_it_is_now(citation: Citation, store: LibraryStore) -> Citation | None:
    """Return the citation with its quote's place and source as they are now; `None` if its document lacks the quote."""
    chunk = store.chunks([int(citation.chunk_id)]).get(int(citation.chunk_id))
    if chunk is None or citation.quote not in chunk.text:
        # A rebuild gives every chunk a new id, and an edit may move a sentence. The document's id is never reused.
        chunks = store.document_chunks(citation.document_id)
        chunk = next((other for other in chunks if citation.quote in other.text), None)
    return None if chunk is None else citation.model_copy(update=_described(chunk))


def _described(chunk: Chunk) -> dict[str, object]:
    metadata = chunk.metadata
    return {
        "chunk_id": str(chunk.id),
        "title": metadata.title,
        "section": chunk.section,
        "organisation": metadata.organisation,
        "source_title": metadata.source_title,
        "url": metadata.url,
        "kind": metadata.kind,
        "evidence": metadata.evidence,
        "published": metadata.published,
        "locator": chunk.locator,
    }


def _near_now(near: NearDocument, store: LibraryStore) -> NearDocument | None:
    document = store.document(near.document_id)
    if document is None:
        return None
    held = near.quote and any(near.quote in chunk.text for chunk in store.document_chunks(near.document_id))
    now = {"title": document.metadata.title, "url": document.metadata.url, "quote": near.quote if held else None}
    return near.model_copy(update=now)


def _quoted(nearest: tuple[NearDocument, ...]) -> list[str]:
    return [near.quote for near in nearest if near.quote]


def _refusal(answer: Answer, *, keep_reason: bool) -> Answer:
    """Return the refusal.

    Its reason may name whom a document or quote is about that is gone, and then does not stay.
    """
    reason = answer.reason if keep_reason and not answer.answered and answer.reason else withdrawn_reason()
    text = refusal_text(reason, answer.nearest)
    without = {"sentences": (), "citations": (), "closest": False, "shape": None}
    return answer.model_copy(update={"answered": False, "reason": reason, "text": text, **without})
