"""Texts that greet people, on Discord and on the web page. Their Welsh stands in `languages/cy.po`."""

GREETING = "Hello! I am the assistant of the Health Anchors Learning Network."
EVIDENCE = (
    "**I quote; I do not make things up.** Every sentence shows its source. When the library does not say, I tell you "
    "so, and point you to what comes closest."
)
LIBRARY_LANGUAGE = "The library is in English, so questions in English get the best answers."
