"""The common ground of every part of `Peers`: the store, the members' vectors, the clock."""

from collections.abc import Callable
from datetime import datetime, timedelta

from knowledge.dates import stamp, utc_now
from knowledge.domain.ids import new_id
from knowledge.library import Library
from knowledge.matching.directory import Directory
from knowledge.matching.matcher import Matcher
from knowledge.matching.offer_reader import OfferReader

# What is noted of a member's presence is exact to a day, and no more.
_PRESENCE = timedelta(days=1)


class MatchingContext:
    """One library's members. Safe in threads; make one and keep it, it holds the members' vectors.

    Every method of what is built on it acts for the member whose id comes first; whoever calls it has made sure that
    this is who asks. `clock` gives the present moment in UTC, `make_id` new ids.
    """

    def __init__(
        self, library: Library, clock: Callable[[], datetime] = utc_now, make_id: Callable[[], str] = new_id
    ) -> None:
        self.library = library
        self._store, self._settings = library.members, library.settings
        self._clock, self._make_id = clock, make_id
        self.directory = Directory(self._store, library.embedder)
        self._matcher = Matcher(self._store, self.directory, self._settings, OfferReader(library.reader))

    def _here(self, member_id: str) -> datetime:
        """Return this moment, and note that a member is here: who stays away long is not suggested any more."""
        now = self._clock()
        self._store.note_activity(member_id, stamp(now), stamp(now - _PRESENCE))
        return now
