"""What the driver and the ORM raise, by meaning: dead, lost, busy, ended; and for a client."""

import asyncpg
from tortoise.exceptions import BaseORMException

from doska.errors import (
    AlreadyExists,
    Conflict,
    DoskaError,
    Invalid,
    TookTooLong,
    Unavailable,
)

# A connection that has died while unused; the driver reports it in many ways.
GONE = (
    ConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
)
LOST = (
    *GONE,
    OSError,
    TimeoutError,
    asyncpg.CannotConnectNowError,
    asyncpg.OperatorInterventionError,
    asyncpg.InvalidAuthorizationSpecificationError,  # it no longer knows us; no error of the client
    asyncpg.InvalidCatalogNameError,
)
ENDED = (  # by one of our timeouts, in PostgreSQL
    asyncpg.QueryCanceledError,
    asyncpg.IdleInTransactionSessionTimeoutError,
)
BUSY = (
    asyncpg.LockNotAvailableError,
    asyncpg.InsufficientResourcesError,
    asyncpg.TransactionRollbackError,
)
# A node that takes no writes: a standby, or one that is about to be promoted. It refuses unlogged
# tables, too, and so what counts requests.
READ_ONLY = (asyncpg.ReadOnlySQLTransactionError, asyncpg.FeatureNotSupportedError)
DATABASE_ERRORS = (
    BaseORMException,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,
)

TAKEN = {
    "users_username_key": "This username is taken.",
    "users_username_key_key": "This username is taken.",
    "users_email_key": "This e-mail address is taken.",
}


def is_of_all(error: Exception) -> bool:
    """Tell of an error of a statement for several whether each of them would meet it alone.

    Or whether nobody knows what was done, so that nothing may be done again.
    """
    return _passing(error) is not None and not isinstance(error, asyncpg.TransactionRollbackError)


def translate(error: BaseException) -> DoskaError | None:
    """Translate a database error for a client; None if it is a bug of ours."""
    cause = error.__cause__ if isinstance(error, BaseORMException) else error
    match cause:
        case asyncpg.DataError():
            return Invalid("A value is outside of what can be stored.")
        case asyncpg.UniqueViolationError():
            return AlreadyExists(TAKEN.get(cause.constraint_name))
        case asyncpg.CheckViolationError():
            return Invalid("A value is outside of what is allowed.")
        case asyncpg.IntegrityConstraintViolationError():
            return Conflict("Something that this depends on has changed meanwhile.")
    return _passing(cause)


def _passing(cause: BaseException | None) -> Unavailable | None:
    """Translate temporary errors; the first match counts, because some types include others."""
    if isinstance(cause, ENDED):
        return TookTooLong()
    found = (detail for types, detail in _PASSING if isinstance(cause, types))
    detail = next(found, None)
    return Unavailable(detail) if detail else None


_PASSING: tuple[tuple[type[Exception] | tuple[type[Exception], ...], str], ...] = (
    (READ_ONLY, "The database takes no changes at the moment."),
    (asyncpg.DiskFullError, "The database has no room for more."),
    (BUSY, "Too many are working on this at once."),
    # It is reachable, perhaps, but silent.
    (TimeoutError, "The database takes too long to answer."),
    (LOST, "The database cannot be reached."),
)
