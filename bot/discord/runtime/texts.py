"""Texts of the Discord face that several features use: what goes wrong, waiting, and turning pages."""

STILL_WORKING = "Still working on your answer. It takes a little longer than usual."
COOL_DOWN = (
    "You have asked a lot of questions in a short time. So that everyone gets a turn, please ask again in {seconds}."
)
FAILED = (
    "Sorry, that did not work. Please try again in a moment. If it keeps happening, tell a moderator this "
    "reference: {reference}"
)
NO_ANSWER_YET = "That could not be answered now."
FORM_LATE = "Sorry, Discord lost that form on its way to me, so nothing was done with it. Please send it again."
FORM_RETURNED = "So that nothing you typed is lost, here it is:"
FORM_FILE = "what-you-typed.txt"
OUTDATED = "That is from an earlier version of me and no longer works. Please use the command again."
NO_PERMISSION = (
    "Sorry, I am not allowed to do that here. Please ask an admin to run /doctor, which says what is missing. "
    "Reference: {reference}"
)
MODERATORS_ONLY = "That is for the moderators of this server."
NOT_ALLOWED = "Sorry, that is for the admins of this server."
DISMISS = "Dismiss"
NOT_KEPT = "That answer is no longer kept. Please ask again."
NOT_YOURS_TO_DISMISS = "Only the member who asked, or a moderator, can take this away."
EXAMPLE_GONE = "That example is no longer kept."
SERVER_ONLY = "That only works on a server."
NOT_REGISTERED = (
    "I am not set up for this server, so there is nothing I can do here. Whoever runs me can change that with "
    "`haln servers allow {id}`."
)
NOT_A_MEMBER = (
    "I work for the members of the servers that I am set up for, and I cannot find you on any of them. `/my-data` and "
    "`/forget-me` work here all the same."
)
NO_NETWORK = (
    "I work for several networks, and this server belongs to none of them yet, so there is nothing I can do here. "
    "Whoever runs me can change that with `haln network server NAME {id}`."
)
WHICH_NETWORK = (
    "You belong to several networks that I work for. Please choose on my other message which one you mean here, and "
    "ask or use the command again."
)
YOUR_NETWORKS = "Your networks:"
NETWORK_MEANT = "Here I answer for **{title}**, which you used last. Another of your networks:"
NETWORK_CHOSEN = "From now on I answer here for **{title}**. Please ask or use the command again."
CHOOSE_NETWORK = "Choose a network"
PREVIOUS = "Previous"
NEXT = "Next"
