"""What people do with their accounts, where it touches boards."""
