"""State that only the Discord bot needs: servers, answer cards, forum posts, review cards, interactions."""
