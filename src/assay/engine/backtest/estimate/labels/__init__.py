"""What people found, and what it says of policies and of people. It knows nobody's name."""
