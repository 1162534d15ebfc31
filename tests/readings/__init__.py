"""What points report."""
