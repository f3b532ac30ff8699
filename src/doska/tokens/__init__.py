"""Personal access tokens, for scripts and agents: made, listed and ended by their owner."""
