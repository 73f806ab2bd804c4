"""Many findings to one judgement: what they come to together, where they contradict, and why. It reads no file."""
