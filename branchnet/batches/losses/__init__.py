"""Losses and damage: what was reported, what waits to leave the books, wear, and the registers of all of it."""
