"""A year's readings, or earlier years from the old ledger, out of Excel or CSV: read, tried, then entered."""
