"""The same databases as for the tests of the record."""

from tests.record import conftest as databases

sqlite_template, sqlite_url = databases.sqlite_template, databases.sqlite_url
postgres_template, postgres_url = databases.postgres_template, databases.postgres_url
url, store = databases.url, databases.store
