"""The Perth scanner: Resemble's watermark in speech, read by its own package. It knows no other maker's."""
