"""What is done behind the requests, and what wakes it."""
