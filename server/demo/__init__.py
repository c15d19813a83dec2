"""A fictional partnership, a family that does not exist, and a cast that acts its story in a live huddle."""
