"""Files: where they are stored, what they are, how they are received and served."""
