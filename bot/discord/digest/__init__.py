"""The short round-up: what is new in the library, what is on next, and one example that did not go to plan."""
