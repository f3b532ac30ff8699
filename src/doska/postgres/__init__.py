"""PostgreSQL: the pool and its transactions, migrations, the one that comes along."""
