"""A teacher hands their points over to a colleague; staff decide. No name is kept once it is decided."""
