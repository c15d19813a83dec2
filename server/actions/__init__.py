"""What somebody promised to do: agreed, read back, changed, settled."""
