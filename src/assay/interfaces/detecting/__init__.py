"""Pages about detectors: what they were measured to do, and what their scores are worth. They ask no detector."""
