"""What everything about people works with: the store, the members' vectors, the clock. No methods of its own."""

from collections.abc import Callable
from datetime import UTC, datetime

from knowledge.library import Library
from knowledge.matching.directory import Directory
from knowledge.matching.expiry import Expiry
from knowledge.matching.introductions import Introductions, new_id
from knowledge.matching.matcher import Matcher
from knowledge.matching.notices import DueNotices
from knowledge.matching.profiles import Profiles
from knowledge.matching.questions import PeerQuestions


def utc_now() -> datetime:
    """This moment in UTC."""
    return datetime.now(UTC)


class MatchingContext:
    """The parts over one library. Safe in threads; make one and keep it, it holds the members' vectors.

    Every method acts for the member whose id comes first; whoever calls it has made sure that this is who asks.
    `clock` gives the present moment in UTC, `make_id` new ids.
    """

    def __init__(
        self, library: Library, clock: Callable[[], datetime] = utc_now, make_id: Callable[[], str] = new_id
    ) -> None:
        self._library = library
        self._clock = clock
        store, settings = library.members, library.settings
        self.directory = Directory(store, library.embedder)
        self._matcher = Matcher(store, self.directory, settings)
        self._introductions = Introductions(store, settings, make_id)
        self._profiles = Profiles(store, self._introductions, settings)
        self._questions = PeerQuestions(store, self._matcher, settings)
        self._expiry = Expiry(store, settings)
        self._notices = DueNotices(store, self._introductions, self._matcher, self._questions, self._expiry)
