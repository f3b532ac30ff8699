/** What the interface offers to whom. It only hides; the server decides. */
import type { Id, Me, Role } from "../api/types";
import type { BoardState } from "./state";

export interface Rights {
  role: Role | null;
  editTasks: boolean;
  editBoard: boolean;
  managePeople: boolean;
  own: boolean;
  history: boolean;
}

const RANK: Record<string, number> = { OBSERVER: 1, MEMBER: 2, MODERATOR: 3, CREATOR: 4 };

export function rightsOf(state: Pick<BoardState, "people">, me: Pick<Me, "id"> & { is_admin?: boolean | null }): Rights {
  const role = state.people.get(me.id)?.role ?? null;
  const rank = me.is_admin ? 4 : role ? (RANK[role] ?? 1) : 0; // a role that is not known reads as OBSERVER
  return { role, editTasks: rank >= 2, editBoard: rank >= 3, managePeople: rank >= 3, own: rank >= 4, history: rank >= 1 };
}

/** Roles that somebody may give: below their own. */
export function rolesBelow(rights: Rights, isAdmin: boolean): Role[] {
  const own = isAdmin ? 4 : rights.role ? (RANK[rights.role] ?? 1) : 0;
  return (["MODERATOR", "MEMBER", "OBSERVER"] as Role[]).filter((role) => RANK[role]! < own);
}

/** Whether somebody may change or remove a person with that role. */
export function mayChange(rights: Rights, isAdmin: boolean, role: Role, id: Id, meId: Id): boolean {
  if (!rights.managePeople || id === meId) return false;
  return RANK[role]! < (isAdmin ? 4 : (RANK[rights.role ?? ""] ?? 0));
}
