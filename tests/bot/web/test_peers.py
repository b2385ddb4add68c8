import pytest

from bot.discord.peers.notices import MemberNotices  # noqa: F401 - what is queued here is delivered there, too
from bot.web import peer_texts, texts
from bot.web.app import create_app
from indexer.pipeline import Indexer
from knowledge.domain.library import Answer
from knowledge.domain.vocabulary import DueKind
from knowledge.matching.letters import LETTER
from knowledge.matching.wording import CONSENT_VERSION
from tests.bot.web.conftest import ADDRESS, Browser, id_of
from tests.knowledge.matching.people import GARDEN, WANTS_GARDEN, add

ANN, ON_DISCORD = "100000000000000001", "100000000000000002"


def found(browser, **fields):
    page = browser.submit("/peers", page="/peers", **fields)
    handles = [part.partition('"')[0] for part in page.text.split('name="member" value="')[1:]]
    search = page.text.partition('name="search" value="')[2].partition('"')[0]
    return page, search, handles


def ask(browser, topic="Lawns"):
    _, search, handles = found(browser)
    return browser.submit("/peers/ask", page="/peers", search=search, member=handles[0], topic=topic)


def introduce(seeker, helper, backend):
    ask(seeker)
    [introduction] = backend.library.members.introductions_of(id_of(backend, "sam@example.org"))
    address = f"/peers/introductions/{introduction.id}"
    helper.submit(address, page=address, action="accept")
    return address


def test_a_profile_is_made_with_consent_only_and_nobody_is_found_by_default(sign_in, backend):
    browser = sign_in("sam@example.org")
    first = browser.get("/peers")
    assert "What you agree to" in first.text
    assert "your address is shown to nobody" in first.text
    refused = browser.submit("/peers/profile", page="/peers", version=CONSENT_VERSION, looking_for="Lawns")
    assert refused.status_code == 400
    assert '<a href="#consent">Tick the box' in refused.text
    assert ">Lawns</textarea>" in refused.text  # what was typed is not lost
    assert backend.library.members.members() == []
    older = browser.submit("/peers/profile", page="/peers", version="1", consent="yes")
    assert "The text has changed" in older.text
    made = browser.submit(
        "/peers/profile", page="/peers", version=CONSENT_VERSION, consent="yes", pillars=["estates"], sector="council"
    )
    assert "Saved." in made.text
    member = backend.peers.profile(id_of(backend, "sam@example.org"))
    assert (member.findable, member.consent) == (False, CONSENT_VERSION)
    assert [one.value for one in member.profile.pillars] == ["estates"]
    too_long = browser.submit("/peers/profile", page="/peers/profile", role="x" * 201)
    assert '<a href="#role">Your role must be 200 characters or fewer' in too_long.text


def test_pausing_and_leaving(seeker, backend):
    seeker.submit("/peers/switch", page="/peers/profile", action="pause")
    assert "You are paused" in seeker.get("/peers").text
    assert backend.peers.profile(id_of(backend, "sam@example.org")).paused
    seeker.submit("/peers/switch", page="/peers/profile", action="resume")
    assert '<a href="#sure">' in seeker.submit("/peers/leave", page="/peers/profile").text
    assert "have been deleted" in seeker.submit("/peers/leave", page="/peers/profile", sure="yes").text
    assert backend.library.members.members() == []


def test_who_fits_is_shown_with_reasons_filters_and_no_id(seeker, helper, backend):
    page, _, handles = found(seeker)
    assert "Kim Sample" in page.text
    assert "Opening hospital or clinic grounds to the public" in page.text
    assert len(handles) == 1
    assert id_of(backend, "kim@example.org") not in page.text
    assert "kim@example.org" not in page.text
    assert "Kim Sample" not in found(seeker, nation="scotland")[0].text
    assert "Kim Sample" in found(seeker, topic="Opening hospital grounds to the public", different="sector")[0].text
    assert found(seeker, topic="x" * 301)[0].status_code == 400


def test_one_reply_holds_resources_people_and_the_next_event(seeker, helper, backend, sources):
    (sources / "webinar.md").write_text(
        "---\ntitle: Open grounds webinar\nkind: event\nstarts: '2099-09-01'\n---\n\n"
        "Opening hospital grounds to the public.\n"
    )
    (sources / "grounds.md").write_text(
        "# Grounds\n\nThe Sample Trust is opening hospital grounds and clinic grounds to the public of Narnia.\n"
    )
    Indexer(backend.library).add([str(sources)])
    page, _, handles = found(seeker, topic=WANTS_GARDEN["looking_for"])
    assert len(handles) == 1
    assert '<a href="/documents/grounds">Grounds</a>' in page.text
    assert '<a href="/documents/webinar">Open grounds webinar</a>' in page.text
    given = Answer(question=WANTS_GARDEN["looking_for"], answered=False, text="No.", reason="No.")
    path = f"/answers/{backend.library.questions.log(given)}"
    page = seeker.get(path).text
    assert texts.PEOPLE_ONE in page
    assert "Open grounds webinar" in page
    assert "Kim Sample" in seeker.submit("/peers", page=path, topic=WANTS_GARDEN["looking_for"]).text
    # Members are for members: a visitor is not told how many there are.
    page = Browser(seeker.app, base_url=ADDRESS).get(path).text
    assert texts.PEOPLE_ONE not in page
    assert "Open grounds webinar" in page


def test_a_list_is_its_owners_alone(seeker, helper):
    _, search, handles = found(seeker)
    assert helper.get(f"/peers?search={search}").status_code == 404
    assert helper.submit("/peers/ask", page="/peers", search=search, member=handles[0]).status_code == 404


def test_two_members_without_discord_meet_and_neither_sees_the_others_address(seeker, helper, backend, deliver):
    asked = ask(seeker)
    assert "They have been asked" in asked.text
    [(to, subject, text)] = deliver()
    assert (to, subject) == ("kim@example.org", "Sam Sample would like to meet you")
    assert "“Lawns”" in text
    assert "sam@example.org" not in text
    assert deliver() == []  # said once
    page = helper.get("/peers/introductions")
    assert "waiting for your answer" in page.text
    [introduction] = backend.library.members.introductions_of(id_of(backend, "sam@example.org"))
    address = f"/peers/introductions/{introduction.id}"
    assert "Sam Sample would like to meet you" in helper.get(address).text
    assert seeker.get(address).status_code == 404  # not theirs to answer
    assert "You are introduced now" in helper.submit(address, page=address, action="accept").text
    told = deliver()
    assert {to for to, _, _ in told} == {"sam@example.org", "kim@example.org"}
    assert all(peer_texts.YOU_WRITE_FIRST in text for to, _, text in told if to == "sam@example.org")
    sent = seeker.submit(f"{address}/write", page=address, text="Hello Kim,\n\nhow did you begin?")
    assert "They get it by email" in sent.text
    [(to, subject, text)] = deliver()
    assert (to, subject) == ("kim@example.org", "Sam Sample has written to you")
    assert "> how did you begin?" in text
    helper.submit(f"{address}/write", page=address, text="With one lawn.")
    [(to, _, text)] = deliver()
    assert (to, "> With one lawn." in text) == ("sam@example.org", True)
    assert backend.library.outbox.waiting() == 0
    assert backend.library.store.naming("With one lawn.") == {}  # what has arrived is kept nowhere
    everything = seeker.get(address).text + helper.get(address).text + text
    assert "kim@example.org" not in everything.replace("signed in as kim@example.org", "")


def test_a_member_on_discord_and_one_on_the_page_meet(seeker, backend, deliver):
    add(backend.peers, ON_DISCORD, GARDEN, display_name="Dee on Discord")
    ask(seeker)
    assert deliver() == []  # Discord's own face tells them
    [due] = [one for one in backend.peers.due() if one.kind is DueKind.REQUEST]
    assert due.member_id == ON_DISCORD
    backend.peers.accept(ON_DISCORD, due.introduction_id)
    assert [to for to, _, _ in deliver()] == ["sam@example.org"]
    address = f"/peers/introductions/{due.introduction_id}"
    assert "They get it on Discord" in seeker.submit(f"{address}/write", page=address, text="Hello Dee").text
    [queued] = backend.library.outbox.take([LETTER], backend.peers._clock())
    assert (queued.message.recipient, queued.message.data["text"]) == (ON_DISCORD, "Hello Dee")
    backend.peers.write(ON_DISCORD, due.introduction_id, "Hello Sam")
    assert [(to, "> Hello Sam" in text) for to, _, text in deliver()] == [("sam@example.org", True)]


def test_nobody_writes_before_both_agreed_nor_after_a_block(seeker, helper, backend, deliver):
    ask(seeker)
    [introduction] = backend.library.members.introductions_of(id_of(backend, "sam@example.org"))
    address = f"/peers/introductions/{introduction.id}"
    assert seeker.submit(f"{address}/write", page="/peers", text="Hello").status_code == 404
    assert backend.library.outbox.waiting() == 0
    helper.submit(address, page=address, action="accept")
    deliver()
    seeker.submit(f"{address}/write", page=address, text="Waits")
    assert "Blocked" in helper.submit(address, page=address, action="block").text
    assert deliver() == []  # what waited is not delivered
    assert seeker.submit(f"{address}/write", page="/peers", text="Hello").status_code == 404
    page = helper.get("/peers/introductions")
    assert "Sam Sample" in page.text
    handle = page.text.partition('name="member" value="')[2].partition('"')[0]
    assert "may be suggested" in helper.submit("/peers/blocks", page="/peers", member=handle).text
    assert backend.library.members.blocked_by(id_of(backend, "kim@example.org")) == []


def test_declining_is_told_to_nobody_and_a_request_can_be_taken_back(seeker, helper, backend):
    ask(seeker)
    [introduction] = backend.library.members.introductions_of(id_of(backend, "sam@example.org"))
    address = f"/peers/introductions/{introduction.id}"
    assert "They are not told" in helper.submit(address, page=address, action="decline").text
    listed = seeker.get("/peers/introductions")
    assert "waiting for an answer" in listed.text
    assert "They are not told" in seeker.submit(address, page="/peers/introductions", action="withdraw").text
    assert seeker.submit(address, page="/peers", action="accept").status_code == 400


def test_how_it_went_is_asked_by_mail_and_a_change_becomes_a_draft(seeker, helper, backend, deliver, clock):
    address = introduce(seeker, helper, backend)
    deliver()
    clock.later(days=15)
    assert {subject for _, subject, _ in deliver()} == {"Did you speak?"}
    seeker.submit(address, page=address, action="did_you_speak", answer="yes")
    helper.submit(address, page=address, action="did_you_speak", answer="no")
    clock.later(days=20)
    seeker.get("/peers")
    clock.later(days=25)
    backend.library.store.accept_clock(clock())
    assert [(to, subject) for to, subject, _ in deliver()] == [
        ("sam@example.org", "Has it changed anything in your work?")
    ]


def test_work_that_changed_may_become_an_example(seeker, helper, backend):
    address = introduce(seeker, helper, backend)
    seeker.submit(address, page=address, action="did_you_speak", answer="yes")
    said = seeker.submit(address, page=address, action="did_it_change", answer="yes")
    assert "a draft has been started for you" in said.text
    draft = said.text.partition('href="/share/')[2].partition('"')[0]
    assert "Save and check" in seeker.get(f"/share/{draft}").text
    stored = backend.library.members.answers_of(id_of(backend, "sam@example.org"))
    assert {(kind, answer) for _, kind, answer in stored} == {("did_you_speak", True), ("did_it_change", True)}


def test_a_question_comes_by_mail_and_its_reply_too(seeker, helper, backend, deliver):
    sam = id_of(backend, "sam@example.org")
    asked = backend.peers.ask_peers(sam, "Opening hospital or clinic grounds to the public", named=True)
    assert asked.question_id is not None
    [(to, subject, text)] = deliver()
    assert (to, subject) == ("kim@example.org", "Can you help a member?")
    assert "Sam Sample is asking" in text
    path = f"/peers/questions/{asked.question_id}"
    assert "#reply-" in helper.submit(path, page="/peers/questions").text
    assert "Make a draft of an example of it" in helper.get("/peers/questions").text
    replied = helper.submit(path, page="/peers/questions", reply="Ask the estates team.", share="yes").text
    assert "on its way" in replied
    draft = replied.partition('href="/share/')[2].partition('"')[0]
    assert "Ask the estates team." in helper.get(f"/share/{draft}").text
    [(to, subject, text)] = deliver()
    assert (to, subject) == ("sam@example.org", "Kim Sample has replied to your question")
    assert "> Ask the estates team." in text
    page = seeker.get("/peers/questions")
    handle = page.text.partition('name="author" value="')[2].partition('"')[0]
    seeker.submit(f"{path}/helpful", page="/peers/questions", author=handle, helpful="yes")
    [(to, subject, _)] = deliver()
    assert (to, subject) == ("kim@example.org", "Your reply helped a member")


def test_a_question_that_the_library_cannot_answer_goes_to_peers_with_one_press(seeker, helper, backend, deliver):
    refused = Answer(
        question="Opening hospital or clinic grounds to the public?", answered=False, text="No.", reason="No."
    )
    path = f"/answers/{backend.library.questions.log(refused)}"
    page = seeker.submit(f"{path}/peers", page=path)
    assert texts.PASSED_ON.format(count=1) in page.text
    [(to, subject, text)] = deliver()
    assert (to, subject) == ("kim@example.org", "Can you help a member?")
    assert "Sam Sample" not in text
    (waiting,) = backend.servers.follow_requests.waiting()
    assert waiting.recipient == id_of(backend, "sam@example.org")


def test_whom_no_mail_reaches_is_paused(seeker, helper, backend, deliver, postbox):
    postbox.refused.add("kim@example.org")
    ask(seeker)
    assert deliver() == []
    assert backend.peers.profile(id_of(backend, "kim@example.org")).paused


def test_who_wrote_what_could_not_be_delivered_is_told(seeker, helper, backend, deliver, postbox):
    address = introduce(seeker, helper, backend)
    deliver()
    postbox.refused.add("kim@example.org")
    for text in ("Hello Kim", "Are you there?"):
        seeker.submit(f"{address}/write", page=address, text=text)
    mails = deliver() + deliver()
    assert [(to, subject) for to, subject, _ in mails] == [
        ("sam@example.org", "Your message could not be delivered"),
    ]
    assert "cannot be reached at the moment" in mails[0][2]
    assert address in mails[0][2] or "sign in" in mails[0][2]


def test_who_paused_is_not_shown_to_whom_they_were_introduced(seeker, helper, backend):
    address = introduce(seeker, helper, backend)
    assert "Kim Sample" in seeker.get(address).text
    backend.peers.pause(id_of(backend, "kim@example.org"))
    page = seeker.get(address).text
    assert "They cannot be reached at the moment." in page
    assert "Kim Sample" not in page
    assert "They can offer" not in page
    assert 'value="block"' in page


def test_a_message_that_is_sent_by_two_presses_arrives_once(seeker, helper, backend, deliver):
    address = introduce(seeker, helper, backend)
    deliver()
    once = seeker.get(address).text.partition('name="once" value="')[2].partition('"')[0]
    assert len(once) >= 12
    for text in ("Hello Kim", "Hello Kim", "And one more thing"):
        seeker.submit(f"{address}/write", page=address, text=text, once=once)
    texts_sent = [text for _, _, text in deliver() + deliver()]
    assert len(texts_sent) == 2
    assert "> Hello Kim" in texts_sent[0]
    assert "> And one more thing" in texts_sent[1]


def test_a_server_that_is_down_loses_no_mail(seeker, helper, backend, deliver, postbox, clock):
    ask(seeker)
    postbox.down = True
    assert deliver() == []
    postbox.down = False
    clock.later(minutes=5)
    assert [to for to, _, _ in deliver()] == ["kim@example.org"]


def test_what_was_written_and_has_not_arrived_goes_with_who_wrote_it(seeker, helper, backend, deliver, postbox):
    address = introduce(seeker, helper, backend)
    deliver()
    seeker.submit(f"{address}/write", page=address, text="About Aunt Erna")
    assert backend.library.store.naming("About Aunt Erna") == {"outbox": 1}
    assert [one.text for one in backend.peers.export(id_of(backend, "sam@example.org")).letters] == ["About Aunt Erna"]
    assert backend.peers.export(id_of(backend, "kim@example.org")).letters == ()
    seeker.submit("/my-data/forget", page="/my-data", sure="yes", published="without_name")
    assert backend.library.store.naming("About Aunt Erna") == {}
    assert deliver() == []


def test_only_so_much_waits_and_empty_messages_are_told(seeker, helper, backend):
    address = introduce(seeker, helper, backend)
    assert '<a href="#text">Write a few words' in seeker.submit(f"{address}/write", page=address).text
    for _ in range(5):
        seeker.submit(f"{address}/write", page=address, text="Hello")
    refused = seeker.submit(f"{address}/write", page=address, text="Hello again")
    assert "has not arrived yet" in refused.text
    assert ">Hello again</textarea>" in refused.text
    assert (
        '<a href="#text">The text is too long' in helper.submit(f"{address}/write", page=address, text="x" * 2001).text
    )


@pytest.mark.parametrize("path", ["/peers", "/peers/profile", "/peers/introductions", "/peers/questions"])
def test_strangers_are_sent_to_sign_in_and_who_has_no_profile_to_make_one(members, sign_in, path):
    assert Browser(create_app(members), base_url=ADDRESS).get(path).url.path == "/sign-in"
    assert "What you agree to" in sign_in("sam@example.org").get(path).text
