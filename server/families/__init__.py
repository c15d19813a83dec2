"""The family, the people around it, the shared plan, what each agency knows, and the picture it makes."""
