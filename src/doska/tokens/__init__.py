"""Personal access tokens, for scripts and agents: created, listed and revoked by their owner."""
