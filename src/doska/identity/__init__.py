"""Users, their sessions, and authentication."""
