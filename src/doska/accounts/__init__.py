"""What people do with their accounts that affects boards."""
