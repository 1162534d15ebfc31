"""The demo: the world of three real annual reports, told as plain data and loaded by commands."""
