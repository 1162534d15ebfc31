"""The house itself: floors, requirements, the two commands, the engines under the tests."""
