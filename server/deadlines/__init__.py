"""What is owed, until when, and who hears of it: deadlines and their ladders, whatever is owed."""
