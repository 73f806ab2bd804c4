"""The policies in force, to be read: rules in plain words, questions, measures, duties. It changes none."""
