"""Pages put together from several rooms."""
