"""Where a change is written: the editor, what it shows beside, remarks, and saving that loses no word."""
