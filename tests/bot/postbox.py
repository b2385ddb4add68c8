"""A real mail server on the loopback (aiosmtpd) and what it was given."""

import asyncio
import re
import socket
import warnings
from contextlib import contextmanager
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller


class Postbox:
    """What a mail server on this machine has received, by address; and the ways in which it can fail."""

    def __init__(self):
        self.mails = []
        self.refused = set()
        self.down = False
        self.answer = "550 no such address"
        self.seconds = 0

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - aiosmtpd's name
        if address in self.refused:
            return self.answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        if self.seconds:
            await asyncio.sleep(self.seconds)
        if self.down:
            return "451 try again later"
        mail = message_from_bytes(envelope.content, policy=policy.default)
        self.mails.append((envelope.rcpt_tos, mail))
        return "250 OK"

    def link(self):
        return re.search(r"http\S+/sign-in/link\?token=\S+", self.mails[-1][1].get_content())[0]


@contextmanager
def serving(box, **options):
    """A mail server that hands what it receives to a postbox."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        box.port = free_port()
        controller = Controller(box, hostname="127.0.0.1", port=box.port, **options)
        controller.start()
        try:
            yield box
        finally:
            controller.stop()


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]
