import pytest

from bot.web.notifications import Notifications
from tests.bot.web.test_share import handed_in


@pytest.fixture
def author(sign_in):
    return sign_in("sam@example.org")


async def decided(sign_in, author):
    example_id = handed_in(author)
    moderator, path = sign_in("mo@example.net"), f"/review/{example_id}"
    moderator.submit(path, page=path, action="decline", reason="It is about another network.")
    return example_id


async def test_an_author_hears_the_outcome_once_by_mail(sign_in, author, members, postbox):
    await decided(sign_in, author)
    postbox.mails.clear()
    notifications = Notifications(members)
    await notifications.flush()
    [(to, mail)] = postbox.mails
    assert to == ["sam@example.org"]
    assert mail["subject"] == "Your example: Potatoes from nearby"
    assert "It is about another network." in mail.get_content()
    await notifications.flush()
    assert len(postbox.mails) == 1


async def test_discord_takes_no_message_that_goes_by_mail(sign_in, author, members):
    await decided(sign_in, author)
    outbox = members.backend.library.outbox
    assert outbox.take(["example.declined"], members.now()) == []
    assert len(outbox.take(["example.declined"], members.now(), by_mail=True)) == 1


async def test_a_server_that_is_down_loses_nothing(sign_in, author, members, postbox, clock):
    await decided(sign_in, author)
    postbox.down = True
    postbox.mails.clear()
    notifications = Notifications(members)
    await notifications.flush()
    assert postbox.mails == []
    postbox.down = False
    clock.later(minutes=2)
    await notifications.flush()
    assert len(postbox.mails) == 1


async def test_an_address_that_is_gone_is_given_up(sign_in, author, members, postbox, clock):
    await decided(sign_in, author)
    postbox.refused.add("sam@example.org")
    notifications = Notifications(members)
    await notifications.flush()
    clock.later(days=1)
    assert members.backend.library.outbox.take(["example.declined"], clock(), by_mail=True) == []
