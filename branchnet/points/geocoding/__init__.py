"""Geocoders: asked for addresses by a job, if an operator has set one up; what they answer are candidates."""
