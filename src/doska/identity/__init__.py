"""People, their sign-ins and who is asking."""
