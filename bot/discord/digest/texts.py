"""Texts of the Discord face: the digest."""

DIGEST = "What is new for you and what is on next; have it sent to you each week or month"
TITLE = "New since {day}"
EXAMPLES = "Shared by members"
DOCUMENTS = "In the library"
MORE = "And {number} more: `/resources`"
NOTHING_NEW = "Nothing has been added to the library for you since then."
EVENTS = "Coming up"
EVENTS_MORE = "And {number} more: `/events`"
QUESTIONS = "Could you answer this?"
QUESTIONS_WHERE = "To answer: `/peers`"
LESSON = "One that did not go to plan"
FOOTER = "At most once a {period}, and only when there is something new. Moderators can change it with `/digest`."
PERIODS = {False: "week", True: "month"}
ON_DEMAND = "Ask about any of it with `/ask`."
ON = "This channel's digest goes to {channel}, once a {period}."
OFF = "The digest for {channel} is switched off."
SWITCH_OFF = "Switch the channel's digest off"
SWITCH_ON = "Switch the channel's digest on"
MAKE_MONTHLY = "Once a month"
MAKE_WEEKLY = "Once a week"

OWN_CHOOSE = "Have a digest of your own sent to you"
OWN_CHOICES = {
    "weekly:direct": "Once a week, as a direct message",
    "monthly:direct": "Once a month, as a direct message",
    "weekly:email": "Once a week, by email",
    "monthly:email": "Once a month, by email",
}
OWN_NONE = "No digest of my own"
OWN_FOOTER = "You chose this, once a {period}. To change or stop it: `/digest`."
CHOSEN = "Done: {choice}. The first one comes in a {period}, on a working day, and only when there is something new."
STOPPED = "Done: you get no digest of your own."
EMAIL_TITLE = "Your digest by email"
EMAIL_LABEL = "Your email address"
EMAIL_HELP = "You get a mail with a link, and nothing else until you have opened it."
EMAIL_WRONG = "That is no email address. Use `/digest` again, and enter one like name@example.org."
EMAIL_SENT = (
    "A mail is on its way to the address you gave. Open its link within {hours} hours, and your digest is set up."
)
EMAIL_FAILED = "The mail server cannot be reached, so nothing was set up. Try again in a few minutes."
EMAIL_OFTEN = "You have had several mails already. Look in your junk folder, or try again in an hour."
EMAIL_OFF = "Digests by email are not set up here."
