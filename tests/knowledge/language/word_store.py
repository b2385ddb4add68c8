"""A store of a few texts: finds words and phrases without regard to grammatical forms."""

from types import SimpleNamespace

from knowledge.domain.library import Chunk, Metadata
from knowledge.language.words import words


class FakeWordStore:
    """Texts in memory, one chunk each."""

    def __init__(self, texts, acronyms, organisations):
        self.texts, self._acronyms, self._organisations = list(texts), acronyms, organisations

    def version(self, *, anew=False):
        return str(len(self.texts))

    def vocabulary(self):
        return {word: len(self._with(word)) for text in self.texts for word in words(text)}

    def acronyms(self):
        return self._acronyms

    def named(self):
        return [(name, None) for name in self._organisations]

    def holds_word(self, word):
        return word in self.vocabulary()

    def texts_since(self, version):
        return None

    def document_frequencies(self, terms):
        return {term: len(self._with(term)) for term in terms}

    def lexical_search(self, terms, limit):
        return SimpleNamespace(found=[(place, 1.0) for term in terms for place in self._with(term)][:limit])

    @property
    def size(self):
        return len(self.texts)

    def chunks(self, ids):
        metadata = Metadata(title="T")
        return {
            i: Chunk(id=i, document_id="a", ordinal=i, heading_path=(), text=self.texts[i], metadata=metadata)
            for i in ids
        }

    def _with(self, phrase):
        sought = f" {' '.join(words(phrase))} "
        return [place for place, text in enumerate(self.texts) if sought in f" {' '.join(words(text))} "]
