"""A phone that has lost its link asks for it: a short code, read out by phone. It grants nothing."""
