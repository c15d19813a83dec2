"""The commands of `huddle`."""
