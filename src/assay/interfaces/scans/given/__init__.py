"""What a scan is given: folders, lists and tables of paths. It never looks into a file that they name."""
