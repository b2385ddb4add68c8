"""The parts that every feature of the bot uses: worker, interactions, components, modals, outbox, errors."""
