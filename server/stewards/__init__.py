"""What needs somebody who sees two records side by side: likely matches, and conflicts nobody can place."""
