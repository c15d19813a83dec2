"""What is owed is chased: notices, and the mail that carries them, without a word of any family."""
