"""Huddle: what the people around a vulnerable family use together."""
