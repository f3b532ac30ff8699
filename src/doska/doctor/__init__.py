"""Checks of the installation, with fixes; nothing is changed by checking."""
