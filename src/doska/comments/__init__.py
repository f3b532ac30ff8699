"""Comments on tasks, whom they mention, and reactions to them."""
