"""Agencies, practitioners and roles; sessions and sign-in; who may do what."""
