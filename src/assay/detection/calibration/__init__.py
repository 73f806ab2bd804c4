"""Scores turned into likelihood ratios that a labelled sample supports, and watched for drift. It asks no detector."""
