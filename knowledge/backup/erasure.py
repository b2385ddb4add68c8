"""Makes erasures again in a database that was restored from before them."""

from collections.abc import Iterable

from knowledge.domain.examples import OPERATOR, Actor, Role, State
from knowledge.errors import MemberError
from knowledge.examples.examples import Examples
from knowledge.library import Library
from knowledge.privacy.member_data import PersonalData, Published
from knowledge.storage.library_protocols import Erased, Erasure
from knowledge.storage.sqlite.erasure_journal import FLAG

_REASON = "It was withdrawn before a backup was restored."


def erase_again(library: Library, personal: PersonalData, examples: Examples, erasures: Iterable[Erasure]) -> int:
    """Forget members, withdraw examples and remove documents that the notes name; how many of them were there.

    Raises:
        HalnError: One of them cannot be erased.
    """
    done = 0
    for erasure in erasures:
        match erasure.sort:
            case Erased.MEMBER:
                done += _forget(personal, erasure)
            case Erased.EXAMPLE:
                done += _withdraw(library, examples, erasure.subject)
            case Erased.DOCUMENT:
                done += _remove(library, erasure.subject)
        # Known from now on: the next restore of a backup of this database need not make it again.
        library.store.set_flag(f"{FLAG}{erasure.name}", "again")
    if done:
        library.store.scrub()
    return done


def _forget(personal: PersonalData, erasure: Erasure) -> bool:
    try:
        personal.forget(erasure.subject, Published(erasure.detail or Published.WITHOUT_NAME))
    except MemberError:  # the backup holds nothing about them
        return False
    return True


def _withdraw(library: Library, examples: Examples, example_id: str) -> bool:
    found = library.examples.find(example_id)
    if found is None or found.state in (State.WITHDRAWN, State.DECLINED, State.DRAFT):
        return False
    author = found.author.member
    examples.withdraw(OPERATOR if author is None else Actor(author, Role.MEMBER), example_id, _REASON)
    return True


def _remove(library: Library, location: str) -> bool:
    document = library.store.document_at(location)
    library.store.sources.withdraw(location)
    return document is not None and library.store.remove_document(document.id)
