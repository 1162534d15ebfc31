"""People at work in a real browser."""
