/** What the interface offers to whom. It only hides; the server decides. */
import type { Id, Me, Role } from "../api/types";
import type { BoardState } from "./state";

export interface Rights {
  role: Role | null;
  comment: boolean;
  /** Delete what others have said. */
  moderate: boolean;
  editTasks: boolean;
  editBoard: boolean;
  managePeople: boolean;
  own: boolean;
  history: boolean;
}

const RANK: Record<string, number> = { OBSERVER: 1, COMMENTER: 2, MEMBER: 3, MODERATOR: 4, CREATOR: 5 };

export function rightsOf(state: Pick<BoardState, "people">, me: Pick<Me, "id"> & { is_admin?: boolean | null }): Rights {
  const role = state.people.get(me.id)?.role ?? null;
  const rank = me.is_admin ? RANK.CREATOR! : role ? (RANK[role] ?? 1) : 0; // a role that is not known reads as OBSERVER
  return { role, comment: rank >= 2, moderate: rank >= 4, editTasks: rank >= 3, editBoard: rank >= 4, managePeople: rank >= 4, own: rank >= 5, history: rank >= 1 };
}

/** Roles that somebody may give: below their own. */
export function rolesBelow(rights: Rights, isAdmin: boolean): Role[] {
  const own = isAdmin ? RANK.CREATOR! : rights.role ? (RANK[rights.role] ?? 1) : 0;
  return (["MODERATOR", "MEMBER", "COMMENTER", "OBSERVER"] as Role[]).filter((role) => RANK[role]! < own);
}

/** Whether somebody may change or remove a person with that role. */
export function mayChange(rights: Rights, isAdmin: boolean, role: Role, id: Id, meId: Id): boolean {
  if (!rights.managePeople || id === meId) return false;
  return RANK[role]! < (isAdmin ? RANK.CREATOR! : (RANK[rights.role ?? ""] ?? 0));
}
