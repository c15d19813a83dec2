"""The duty that stays with each professional: referring on their own, which nobody and nothing can block."""
