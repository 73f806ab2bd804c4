"""Streams of decisions made up, healthy and sick, and how soon brakes see the difference. It measures no time."""
