"""The same databases as for the tests of the record, and the same told towns as for the live room."""

from tests.realtime import conftest as towns
from tests.record import conftest as databases

sqlite_template, sqlite_url = databases.sqlite_template, databases.sqlite_url
postgres_template, postgres_url = databases.postgres_template, databases.postgres_url
url, store = databases.url, databases.store
told_sqlite, sqlite_town = towns.told_sqlite, towns.sqlite_town
told_postgres, postgres_town = towns.told_postgres, towns.postgres_town
town_url = towns.town_url
