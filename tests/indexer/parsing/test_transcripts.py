"""Captions that roll, and transcripts as players and meeting programs copy them: each word once, at its time."""

import io

import docx
import pytest

from indexer.parsing import parse_file

SAID = [
    (8, "Okay, everyone. Thank you for joining the Ashcombe webinar"),
    (14, "Today we look at how the hospital hires people from"),
    (22, "Eastbrook and Westbrook, where unemployment is high"),
    (31, "So, not only from the hospital and"),
    (40, "my colleague from the council, but also from the college."),
    (760, "We hired sixty two people last year"),
    (766, "and fifty of them are still here."),
    (3723, "Goodbye, all."),
]
WORDS = " ".join(text for _, text in SAID)


def short(seconds):
    hours, rest = divmod(seconds, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


def full(seconds):
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def spoken(seconds):
    hours, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    parts = [f"{n} {unit}s" for n, unit in ((hours, "hour"), (minutes, "minute"), (rest, "second")) if n]
    return ", ".join(parts)


FORMS = {
    "tactiq": lambda at, text: f"{full(at)}.000 {text}",
    "brackets": lambda at, text: f"[{full(at)}] {text}",
    "round": lambda at, text: f"({short(at)}) {text}",
    "dash": lambda at, text: f"{short(at)} - {text}",
    "tab": lambda at, text: f"{short(at)}\t{text}",
    "youtube": lambda at, text: f"{short(at)}\n{text}",
    "youtube, read out": lambda at, text: f"{short(at)}\n{spoken(at)}\n{text}",
    "youtube, glued": lambda at, text: f"{short(at)}\n{spoken(at)}{text}",
    "range": lambda at, text: f"{full(at)}.000 --> {full(at + 3)}.000\n{text}\n",
}


@pytest.mark.parametrize("form", FORMS)
def test_a_timed_transcript_loses_no_line_and_cites_the_time(form):
    parsed = parse_file("ashcombe-webinar.txt", "\n".join(FORMS[form](at, text) for at, text in SAID).encode())
    assert parsed.title == "ashcombe webinar"
    assert [section.heading_path for section in parsed.sections] == [()] * len(parsed.sections)
    assert " ".join(section.text for section in parsed.sections) == WORDS
    times = {section.locator: section.text for section in parsed.sections}
    assert times["at 12:40"] == "We hired sixty two people last year and fifty of them are still here."
    assert times["at 1:02:03"] == "Goodbye, all."


def test_the_programs_own_lines_are_no_title_and_a_title_is():
    lines = "\n".join(FORMS["tactiq"](at, text) for at, text in SAID)
    head = "# tactiq.io free youtube transcript\n# {}\n# https://www.youtube.com/watch/abcdefghijk\n\n"
    untitled = parse_file("talk.txt", (head.format("No title found") + lines).encode())
    assert untitled.title == "talk"
    assert {left.text for left in untitled.left_out if left.reason != "times"} == {
        "# tactiq.io free youtube transcript",
        "# No title found",
        "# https://www.youtube.com/watch/abcdefghijk",
    }
    assert parse_file("talk.txt", (head.format("How anchors hire") + lines).encode()).title == "How anchors hire"


TURNS = [
    (12, "Sam Sample", "Is it dear?"),
    (20, "Jo Model", "No. It costs less than the bus."),
    (761, "Sam Sample", "Good."),
]
TURN_FORMS = {
    "teams": lambda at, who, text: f"{who}   {short(at)}\n{text}\n",
    "teams, old": lambda at, who, text: f"0:{at // 60}:{at % 60}.0 --> 0:{at // 60}:{at % 60}.120\n{who}\n{text}\n",
    "zoom": lambda at, who, text: f"[{who}] {full(at)}\n{text}\n",
    "otter": lambda at, who, text: f"{who}  {short(at)}  \n{text}\n",
    "one line": lambda at, who, text: f"{full(at)} {who}: {text}",
    "rev": lambda at, who, text: f"{who} ({short(at)}):\n{text}\n",
}


@pytest.mark.parametrize("form", TURN_FORMS)
def test_turns_name_their_speaker(form):
    parsed = parse_file("call.txt", "\n".join(TURN_FORMS[form](*turn) for turn in TURNS).encode())
    assert [(section.locator, section.text) for section in parsed.sections] == [
        ("at 0:12", "Sam Sample: Is it dear?\n\nJo Model: No. It costs less than the bus."),
        ("at 12:41", "Sam Sample: Good."),
    ]


def teams_docx(*, broken):
    document = docx.Document()
    for line in ("Anchor webinar, 12 May", "May 12, 2026, 10:00AM", "49m 2s", "Sam Sample started transcription"):
        document.add_paragraph(line)
    for at, who, text in TURNS:
        paragraph = document.add_paragraph()
        paragraph.add_run(who).bold = True
        paragraph.add_run(f"   {short(at)}")
        if broken:
            paragraph.add_run().add_break()
            paragraph.add_run(text)
        else:
            document.add_paragraph(text)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("broken", [True, False])
def test_a_transcript_that_teams_saves_as_a_word_file(broken):
    parsed = parse_file("call.docx", teams_docx(broken=broken))
    assert parsed.title == "Anchor webinar, 12 May"
    assert [(section.locator, section.text) for section in parsed.sections] == [
        (None, "May 12, 2026, 10:00AM"),
        ("at 0:12", "Sam Sample: Is it dear?\n\nJo Model: No. It costs less than the bus."),
        ("at 12:41", "Sam Sample: Good."),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Programme\n\n09:30 Coffee\n10:00 Welcome by the chair\n10:15 What anchors do\n11:00 Break\n12:30 Lunch",
        "We met at 10:07 and left at 11:52.\n\nNobody came at 12:31.\n\nThe next bus was at 13:58, they said.",
        "Scores\n\n3:1 in the cup, and it was close\n\nThe year ended well for all who had stayed on.",
    ],
)
def test_times_of_day_make_no_transcript(text):
    assert all(section.locator is None for section in parse_file("day.txt", text.encode()).sections)


def test_captions_under_the_ending_of_a_text_file_are_captions():
    text = "1\n00:12:40,000 --> 00:12:44,000\nWe hired sixty two people.\n"
    assert [section.locator for section in parse_file("a.txt", text.encode()).sections] == ["at 12:40"]


def vtt(*cues, head="WEBVTT"):
    stamp = "{:02}:{:02}:{:06.3f}".format

    def at(seconds):
        return stamp(int(seconds // 3600), int(seconds // 60 % 60), seconds % 60)

    return (head + "\n\n" + "\n\n".join(f"{at(start)} --> {at(end)}\n{text}" for start, end, text in cues)).encode()


def text_of(content, name="talk.vtt"):
    return "\n\n".join(section.text for section in parse_file(name, content).sections)


LINES = ["we opened the hub", "in Ashcombe last", "year with forty people", "and nobody left"]
ONCE = " ".join(LINES)


@pytest.mark.parametrize(
    "cues",
    [
        [(2 * n, 2 * n + 2, "\n".join(LINES[max(0, n - 1) : n + 1])) for n in range(4)],
        [(2 * n, 2 * n + 2, "\n".join(LINES[max(0, n - 2) : n + 1])) for n in range(4)],
        [(2 * n, 2 * n + 2, " ".join(LINES[max(0, n - 1) : n + 1])) for n in range(4)],
        [(n, n + 1, " ".join(ONCE.split()[: n + 1])) for n in range(len(ONCE.split()))],
        [cue for n in range(4) for cue in ((2 * n, 2 * n + 1.9, LINES[n]), (2 * n + 1.9, 2 * n + 2, LINES[n]))],
    ],
    ids=["two lines", "three lines", "in one line", "word by word", "each twice"],
)
def test_captions_that_roll_are_said_once(cues):
    assert text_of(vtt(*cues)) == ONCE


def test_what_somebody_says_twice_is_said_twice_where_captions_do_not_roll():
    assert text_of(vtt((0, 2, "No."), (2, 4, "No."), (4, 7, "We planted pears."), (7, 9, "They died."))) == (
        "No. No. We planted pears. They died."
    )


def test_a_slogan_with_a_colon_is_no_speaker():
    cues = [(0, 3, "We have a motto."), (3, 6, "Think Global: act local."), (6, 9, "It is on the van.")]
    assert text_of(vtt(*cues)) == "We have a motto. Think Global: act local. It is on the van."
    named = [
        (0, 3, "<v Sam Sample>We have one.</v>"),
        (3, 6, "<v Sam Sample>Buy Local: it works.</v>"),
        (6, 9, "<v Jo>Yes.</v>"),
    ]
    assert text_of(vtt(*named)) == "Sam Sample: We have one. Buy Local: it works.\n\nJo: Yes."


def test_speakers_of_a_meeting_are_told_by_how_often_they_speak():
    cues = [
        (n, n + 1, f"{who}: Point {n}.") for n, who in enumerate(["Sam Sample", "Will Model", "Sam Sample", "Jo Ex"])
    ]
    assert text_of(vtt(*cues)) == "\n\n".join(cue[2] for cue in cues)


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("WEBVTT - How we hired", "How we hired"),
        ("WEBVTT\nKind: captions\nLanguage: en", "talk"),
        ("WEBVTT Kind: captions; Language: en", "talk"),
        ("WEBVTT\n\nNOTE Title: How we hired", "How we hired"),
        ("WEBVTT\n\nNOTE duration: 10", "talk"),
    ],
)
def test_captions_are_called_what_they_call_themselves(head, title):
    assert parse_file("talk.vtt", vtt((0, 2, "Hello there."), head=head)).title == title
