"""Safety rails: bands, quotas and brakes on dangerous measures. They never make a measure stronger."""
