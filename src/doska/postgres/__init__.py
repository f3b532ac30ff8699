"""PostgreSQL: the pool and its transactions, migrations, the embedded server."""
