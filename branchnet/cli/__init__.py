"""The command line: what operators and checks ask of an installation."""
