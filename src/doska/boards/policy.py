"""Who may do what on a board: the whole policy."""

from dataclasses import dataclass
from enum import StrEnum

from doska.boards.models import Role
from doska.errors import Forbidden, NotFound


class NotAllowed(Forbidden):
    """Your role on this board does not allow this."""


class Right(StrEnum):
    """What can be done with a board."""

    VIEW = "VIEW"
    VIEW_HISTORY = "VIEW_HISTORY"
    LEAVE = "LEAVE"
    COMMENT = "COMMENT"
    EDIT_TASKS = "EDIT_TASKS"
    EDIT_BOARD = "EDIT_BOARD"
    MODERATE = "MODERATE"
    MANAGE_PEOPLE = "MANAGE_PEOPLE"
    OWN = "OWN"


_OBSERVER = {Right.VIEW, Right.VIEW_HISTORY, Right.LEAVE}
_COMMENTER = _OBSERVER | {Right.COMMENT}
_MEMBER = _COMMENTER | {Right.EDIT_TASKS}
_MODERATOR = _MEMBER | {Right.EDIT_BOARD, Right.MODERATE, Right.MANAGE_PEOPLE}

GRANTS: dict[Role, frozenset[Right]] = {  # the whole policy, on one screen
    Role.OBSERVER: frozenset(_OBSERVER),
    Role.COMMENTER: frozenset(_COMMENTER),
    Role.MEMBER: frozenset(_MEMBER),
    Role.MODERATOR: frozenset(_MODERATOR),
    Role.CREATOR: frozenset(Right),
}
PUBLIC_GRANTS = frozenset({Right.VIEW})  # anyone signed in, on a public board
# An administrator has what a CREATOR has. Nobody else has anything: the board does not exist.

RANKS = {role: rank for rank, role in enumerate(reversed(Role))}


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody is on a board, as the database has it now."""

    role: Role | None
    is_admin: bool
    is_public: bool

    @property
    def acting_role(self) -> Role | None:
        """The role whose rights one has."""
        return Role.CREATOR if self.is_admin else self.role

    @property
    def rights(self) -> frozenset[Right]:
        """All that one may do."""
        if self.acting_role:
            return GRANTS[self.acting_role]
        return PUBLIC_GRANTS if self.is_public else frozenset()

    def require(self, right: Right) -> None:
        """Refuse: 404 to those who may not see the board, 403 to those who may."""
        rights = self.rights
        if Right.VIEW not in rights:
            raise NotFound
        if right not in rights:
            raise NotAllowed(f"This needs the right {right}.", role=self.role)
