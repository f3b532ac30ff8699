"""Many operations on one board, all or nothing."""
