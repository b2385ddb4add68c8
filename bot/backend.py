"""An open library and the front doors to it, one of each, as every face that runs for long needs them."""

import functools
import gc
from collections.abc import Callable
from datetime import datetime

from indexer.pipeline import publisher
from indexer.sandbox.personal_data import SandboxedCheck
from knowledge.accounts.accounts import Accounts
from knowledge.answering.follow_requests import FollowRequestCheck
from knowledge.assistant import Assistant
from knowledge.digest.digests import MemberDigests
from knowledge.examples.examples import Examples
from knowledge.insights.insights import InsightReports
from knowledge.library import Library
from knowledge.matching.access import Access
from knowledge.matching.peers import Peers
from knowledge.privacy.member_data import PersonalData


class Backend:
    """The front doors of one library. Safe to use from several threads."""

    def __init__(self, library: Library, now: Callable[[], datetime], check: SandboxedCheck | None = None) -> None:
        """Open the doors; `check` is another backend's, where one process for personal data is enough for both."""
        self.library = library
        self.servers = library.servers
        self.assistant = Assistant(library)
        # For questions that no member asks: they leave nothing in the question log.
        self.unlogged = Assistant(library, log_questions=False)
        self.follow_requests = FollowRequestCheck(library, self.assistant, self.unlogged, now)
        self.check = check or SandboxedCheck(library.settings)
        self.examples = Examples(library, publisher(library), self.check, clock=now)
        self.peers = Peers(library, now)
        self.access = Access(self.peers)
        self.insights = InsightReports(library, self.peers, self.check, now)
        self.digests = MemberDigests(library, self.peers, now)
        self.accounts = Accounts(library.accounts, library.settings)
        self.privacy = PersonalData(library, self.peers, self.examples)

    @property
    def is_loaded(self) -> bool:
        """Return whether indexes or members are in memory."""
        return self.library.index.is_loaded or self.library.lexical.is_loaded or self.peers.directory.is_loaded

    def unload(self) -> None:
        """Let go of indexes and members, which are read again when they are asked for."""
        self.library.index.unload()
        self.library.lexical.unload()
        self.peers.directory.unload()

    def warm_up(self) -> None:
        """Load models and indexes now, so that the first question is as quick as the next and none is held up."""
        self.assistant.warm_up()
        _keep_for_good()


@functools.cache
def _keep_for_good() -> None:
    """Let the collector of garbage look no more at what is there when a process has started, which stays.

    It stops every thread while it looks: 170 ms at a time beside the models' threads, and then a few.
    """
    gc.collect()
    gc.freeze()
