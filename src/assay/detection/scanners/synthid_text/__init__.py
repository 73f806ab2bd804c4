"""The SynthID-Text scanner: the operator's own keyed watermark in text. It never shows a key."""
