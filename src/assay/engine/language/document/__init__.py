"""The written form: Markdown with fenced YAML, every piece with its place. It never knows what a key means."""
