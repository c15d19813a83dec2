"""A running town for each test, on SQLite; and on both databases where that matters."""

from __future__ import annotations

from tests.realtime import conftest as towns

told_sqlite, sqlite_town = towns.told_sqlite, towns.sqlite_town
town = towns.one_town
told_postgres, postgres_town, town_url = towns.told_postgres, towns.postgres_town, towns.town_url
town_wherever = towns.town_wherever
