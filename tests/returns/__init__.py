"""Books that come back: what they settle, scanned, counted and shelved; what is missing, and what is not ours."""
