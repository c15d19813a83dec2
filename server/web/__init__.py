"""What every page shares: templates, security headers, the origin check, errors, forms."""
