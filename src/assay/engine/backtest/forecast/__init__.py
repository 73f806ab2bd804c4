"""What people, clocks and accounts would feel of a change. It never hides what a figure assumes."""
