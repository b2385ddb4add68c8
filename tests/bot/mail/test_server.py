import ssl

import pytest
import trustme
from aiosmtpd.smtp import AuthResult

from bot.mail.message import Mail, as_message
from bot.mail.server import AddressRefusedError, MailError, MailServer
from tests.bot.postbox import Postbox, free_port, serving

MAIL = Mail("sam@example.org", "New in the library", "Line one.\n")


@pytest.fixture
def server(settings, postbox):
    """Return what makes the mail server's other end, with other settings."""

    def made(seconds=10, **changes):
        values = {"mail_server": f"127.0.0.1:{postbox.port}", "mail_from": "haln@example.org", "mail_security": "none"}
        return MailServer(settings.model_validate({**settings.model_dump(), **values, **changes}), seconds)

    return made


async def test_a_mail_has_both_forms_and_what_its_receiver_needs(server, postbox):
    address = "https://haln.example.org/digest/stop/abc"
    await server().send(MAIL._replace(html="<p>Line one.</p>", unsubscribe=address, mark="digest-1"))
    [(to, mail)] = postbox.mails
    assert to == ["sam@example.org"]
    assert mail["from"] == "HALN Assistant <haln@example.org>"
    assert mail["message-id"] == "<digest-1@example.org>"
    assert mail["list-unsubscribe"] == f"<{address}>"
    assert mail["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    assert mail.get_body(["plain"]).get_content().strip() == "Line one."
    assert mail.get_body(["html"]).get_content().strip() == "<p>Line one.</p>"


def test_one_press_is_offered_over_https_only():
    message = as_message(MAIL._replace(unsubscribe="http://127.0.0.1:8017/digest/stop/abc"), "haln@example.org")
    assert "List-Unsubscribe" in message
    assert "List-Unsubscribe-Post" not in message


def test_what_members_wrote_adds_no_header():
    message = as_message(MAIL._replace(subject="Potatoes\r\nBcc: everybody@example.org"), "haln@example.org")
    assert message["Subject"] == "Potatoes Bcc: everybody@example.org"
    assert "Bcc" not in message


@pytest.mark.parametrize("address", ["", "sam", "sam@example.org\r\nBcc: x@example.org", "a@b@c", "Sam <sam@x.org>"])
async def test_what_is_no_address_goes_nowhere(server, postbox, address):
    with pytest.raises(AddressRefusedError):
        await server().send(MAIL._replace(to=address))
    assert postbox.mails == []


@pytest.mark.parametrize("answer", ["550 no such user here", "550 5.1.1 unknown", "550 5.2.1 switched off", "553 bad"])
async def test_an_address_that_is_gone_is_told_apart(server, postbox, answer):
    postbox.refused.add("gone@example.org")
    postbox.answer = answer
    async with server().connected() as connection:
        with pytest.raises(AddressRefusedError):
            await connection.send(MAIL._replace(to="gone@example.org"))
        await connection.send(MAIL)
    assert [to for to, _ in postbox.mails] == [["sam@example.org"]]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("450 4.2.0 greylisted, come back", "asks to try again later (450 4.2.0)"),
        ("452 4.2.2 mailbox full", "asks to try again later (452 4.2.2)"),
        ("554 5.7.1 relay access denied", "takes no mail from here (554 5.7.1)"),
        ("550 relaying denied", "takes no mail from here (550)"),
        ("550 5.7.26 not authenticated", "takes no mail from here (550 5.7.26)"),
    ],
)
async def test_a_server_that_refuses_everybody_puts_no_address_in_doubt(server, postbox, caplog, answer, said):
    postbox.refused.add(MAIL.to)
    postbox.answer = answer
    with pytest.raises(MailError) as raised:
        await server().send(MAIL)
    assert not isinstance(raised.value, AddressRefusedError)
    [line] = caplog.messages
    assert said in line
    assert MAIL.to not in line


async def test_a_server_that_is_down_is_named_in_one_line(server, caplog):
    port = free_port()
    with pytest.raises(MailError, match="cannot be reached"):
        await server(mail_server=f"127.0.0.1:{port}").send(MAIL)
    assert [f"127.0.0.1:{port} cannot be reached: check HALN_MAIL_SERVER" in line for line in caplog.messages] == [True]


async def test_a_slow_server_is_not_waited_for(server, postbox, caplog):
    postbox.seconds = 3
    with pytest.raises(MailError):
        await server(seconds=0.3).send(MAIL)
    assert "did not answer within" in caplog.text


async def test_a_server_without_tls_gets_no_mail_in_the_clear(server, postbox, caplog):
    with pytest.raises(MailError):
        await server(mail_security="starttls").send(MAIL)
    assert "does not offer STARTTLS" in caplog.text
    assert postbox.mails == []


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture(scope="module")
def context(authority):
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(made)
    return made


async def test_a_certificate_that_nobody_vouches_for_is_refused(server, context, caplog):
    with serving(Postbox(), tls_context=context) as box:
        with pytest.raises(MailError):
            await server(mail_server=f"localhost:{box.port}", mail_security="starttls").send(MAIL)
        assert box.mails == []
    assert "is not trusted" in caplog.text


async def test_starttls_and_the_password(server, context, authority, monkeypatch, caplog):
    trusted = ssl.create_default_context()
    authority.configure_trust(trusted)
    monkeypatch.setattr(ssl, "create_default_context", lambda: trusted)

    def known(server, session, envelope, mechanism, data):
        return AuthResult(success=data.password == b"right", handled=False)

    with serving(Postbox(), tls_context=context, require_starttls=True, auth_required=True, authenticator=known) as box:
        secure = {"mail_server": f"localhost:{box.port}", "mail_security": "starttls", "mail_user": "haln"}
        await server(**secure, mail_password="right").send(MAIL)
        with pytest.raises(MailError):
            await server(**secure, mail_password="wrong").send(MAIL)
    assert len(box.mails) == 1
    assert "does not take HALN_MAIL_USER and HALN_MAIL_PASSWORD" in caplog.text
