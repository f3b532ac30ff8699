"""What is right and what is wrong with the set-up, and the mend; nothing is changed by looking."""
