"""A digest to 1,100 addresses over the loopback: seconds and memory. `python -m tests.benchmarks.digest_mails [N]`."""

import asyncio
import resource
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from bot.backend import Backend
from bot.mail.digests import DigestMails
from bot.mail.server import MailServer
from indexer.pipeline import Indexer
from knowledge.digest.storage.protocols import Frequency, Means
from knowledge.domain.vocabulary import Pillar, Stage
from knowledge.library import Library
from knowledge.settings import Settings, Switch
from knowledge.storage.sqlite import documents
from tests.bot.postbox import Postbox, serving
from tests.fakes import Clock, WordEmbedder

MEMBERS = 1100
DOCUMENTS = 200


class Counter(Postbox):
    """A mail server that keeps how large each mail was, and nothing more."""

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        self.mails.append((envelope.rcpt_tos, len(envelope.content)))
        return "250 OK"


class Face:
    """What sending needs of a face."""

    def __init__(self, library, clock):
        self.backend = Backend(library, clock)
        self.mail = MailServer(library.settings)
        self.now = clock
        self._thread = ThreadPoolExecutor(1)

    async def db(self, work):
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, self.backend)


def fill(library, folder, members, clock):
    """A library with news in it, and members with profiles who chose the weekly digest."""
    pillars, stages = tuple(Pillar), tuple(Stage)
    backend = Backend(library, clock)
    moment = clock().isoformat()
    for number in range(members):
        address, me = f"member{number}@example.org", f"web-member{number}"
        library.accounts.account_for(address, me, moment)
        profile = {"id": me, "pillars": [pillars[number % 5]], "stage": stages[number % 3], "consent": True}
        backend.peers.save(profile)
        backend.digests.choose(me, Frequency.WEEKLY, Means.EMAIL)
    clock.later(days=7)
    for number in range(DOCUMENTS):
        front = f"title: Sample document {number}\npillars: [{pillars[number % 5]}]\nkind: case_study\n"
        outcome = "outcome: partly\n" if number % 10 == 0 else ""
        text = f"---\n{front}{outcome}---\n\nSample Trust number {number} planted trees.\n"
        (folder / f"{number}.md").write_text(text, encoding="utf-8")
    Indexer(library).add([str(folder)])
    return backend


def megabytes():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main():
    members = int(sys.argv[1]) if len(sys.argv) > 1 else MEMBERS
    clock = Clock(datetime(2026, 3, 2, 10, tzinfo=UTC))
    documents.utc_now = clock
    with tempfile.TemporaryDirectory() as name, serving(Counter()) as box:
        folder = Path(name) / "sources"
        folder.mkdir()
        settings = Settings(
            data_dir=Path(name) / "data",
            starter_library=Switch.OFF,
            mail_server=f"127.0.0.1:{box.port}",
            mail_from="haln@example.org",
            mail_security="none",
            web_url="https://haln.example.org",
        )
        library = Library.open(settings, lambda _: WordEmbedder())
        fill(library, folder, members, clock)
        before, begun, busy = megabytes(), time.perf_counter(), time.process_time()
        sent = asyncio.run(DigestMails(Face(library, clock)).flush())
        seconds = time.perf_counter() - begun
        busy = time.process_time() - busy
        size = box.mails[0][1]
        library.close()
    addresses = {address for to, _ in box.mails for address in to}
    print(
        f"{sent} digests to {len(addresses)} addresses in {seconds:.1f} s ({sent / seconds:.0f} a second; {busy:.1f} s "
        f"of the processor), {size / 1000:.1f} kB each; memory {before:.0f} MB before, {megabytes():.0f} MB at most "
        "(with the mail server, which is in this process)"
    )


if __name__ == "__main__":
    main()
