"""Answers for the tests of faces: sentences with their citations, without a library."""

from knowledge.domain.library import Answer, Citation, Sentence


def citation(n, chunk="1", quote="Q.", **fields):
    """A citation of a chunk."""
    described = {"title": "A title", "section": None, "organisation": None, "url": None, "evidence": None}
    described |= {"document_id": f"d{chunk}", "kind": "report", "published": None}
    return Citation(n=n, chunk_id=chunk, quote=quote, **described | fields)


def said(text, n=1, **marks):
    """A sentence that cites one quote."""
    return Sentence(text=text, citations=(n,), **marks)


def answer(*sentences, citations=None, **fields):
    """An answer of these sentences, each number a citation of one chunk unless they are given."""
    numbers = sorted({n for sentence in sentences for n in sentence.citations})
    cited = citations or [citation(n) for n in numbers]
    return Answer(**{"question": "Q?", "answered": True, "text": "t", **fields}, sentences=sentences, citations=cited)
