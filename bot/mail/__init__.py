"""Mail: what a message looks like, the operator's server that takes it, and what comes back."""
