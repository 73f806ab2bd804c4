"""The AudioSeal scanner: Meta's watermark in speech, read by its own detector. Without weights it reads nothing."""
