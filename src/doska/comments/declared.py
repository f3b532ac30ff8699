"""The kinds of things of this feature: comments, and reactions to them."""

from doska.boards.declaring import by, kind
from doska.boards.kinds import Measured, Parent
from doska.boards.limits import AtMost
from doska.boards.policy import Right
from doska.comments.drawing import shown_comment
from doska.comments.rows import CommentRow, ReactionRow
from doska.comments.schemas import CommentOut
from doska.comments.sizes import BYTES, size_of

BRIEF_CHARS = 120  # of a comment in activity
REACTIONS_OF_COMMENT_MAX = 200

COMMENTS_MAX = AtMost("comments_per_task_max", "comments of a task", "task_id")
COMMENTS = kind(
    "comments",
    CommentRow,
    noun="comment",
    plural="comments",
    right=Right.COMMENT,
    parents=(Parent("tasks", "task_id", is_outlived=True),),
    shown=CommentOut,
    drawn=lambda row, beside, scene: shown_comment(row, scene.users, beside),
    is_named=True,
    is_apart=True,
    limit=COMMENTS_MAX,
    owner="author_id",
    taken_by=Right.MODERATE,
    people={"author_id": "forget"},
    naming={"mentions": "user_id"},
    searched={"body": "body"},
    brief={"body": BRIEF_CHARS},
    measured=Measured(BYTES, lambda row: size_of(row["body"])),
)
REACTIONS_MAX = AtMost(REACTIONS_OF_COMMENT_MAX, "reactions to a comment", "comment_id")
REACTIONS = kind(
    "comment_reactions",
    ReactionRow,
    noun="reaction",
    plural="reactions",
    right=Right.COMMENT,
    parents=(Parent("comments", "comment_id"),),
    shown_in="comments",
    limit=REACTIONS_MAX,
    is_link=True,
    is_apart=True,
    unique=by("comment_id", "user_id", "emoji"),
    owner="user_id",
    taken_by=Right.MODERATE,
    people={"user_id": "goes"},
)
