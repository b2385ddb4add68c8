"""Pictures for the README: the real cards, in simcord's preview, as headless Chromium shows them."""
