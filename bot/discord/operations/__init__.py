"""Operations for whoever runs the bot: whether it is well, and figures of what it does."""
