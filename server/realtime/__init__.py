"""Screens that follow the record: rooms, cursors, frames, the doorbell, presence."""
