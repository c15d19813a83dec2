"""A running town for each test; what is due is looked for when a test says so, and sent to a real relay."""

from __future__ import annotations

from tests.realtime import conftest as towns

told_sqlite, sqlite_town = towns.told_sqlite, towns.sqlite_town
told_postgres, postgres_town, town_url = towns.told_postgres, towns.postgres_town, towns.town_url
town = towns.one_town
