"""The record: facts in streams, one door to append them, a chain that shows any later change."""
