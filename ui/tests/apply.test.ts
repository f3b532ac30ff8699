import { expect, test } from "vitest";
import { apply, isUntold } from "../src/board/apply";
import { drawingOf, stateOf } from "../src/board/state";
import { aCard, aColumn, aLabel, anEvent, anna, aSnapshot, boris } from "./things";

const board = () =>
  stateOf(aSnapshot([aColumn("todo", "b"), aColumn("done", "c")], [aCard("1", "todo", "b"), aCard("2", "todo", "c", { assignees: [boris] })]));

const titles = (state: ReturnType<typeof board>, column: string) => drawingOf(state).lists.get(column)!.map((card) => card.id);

test("cards stand in the order of their ranks, compared bytewise", () => {
  const state = stateOf(aSnapshot([aColumn("todo", "a")], [aCard("1", "todo", "a"), aCard("2", "todo", "Z"), aCard("3", "todo", "a0")]));
  expect(titles(state, "todo")).toEqual(["2", "1", "3"]);
});

test("a moved task leaves its column and is counted in the other", () => {
  const state = board();
  apply(state, anEvent(2, "task.moved", { task: { id: "1", column_id: "done", rank: "b", version: 2 } }));
  expect(titles(state, "todo")).toEqual(["2"]);
  expect(titles(state, "done")).toEqual(["1"]);
  expect([state.columns.get("todo")!.task_count, state.columns.get("done")!.task_count]).toEqual([1, 1]);
  expect([state.seq, state.position]).toEqual([2, "2.x"]);
});

test("what is archived or deleted is gone, and a description is no part of a card", () => {
  const state = board();
  apply(state, anEvent(2, "task.updated", { task: { id: "1", rank: null, is_archived: true } }));
  apply(state, anEvent(3, "task.updated", { task: { id: "2", description: "long", has_description: true } as never }));
  expect([...state.tasks.keys()]).toEqual(["2"]);
  expect(state.tasks.get("2")).not.toHaveProperty("description");
  expect(state.tasks.get("2")!.has_description).toBe(true);
  apply(state, anEvent(4, "task.deleted", { task: { id: "2" } }));
  expect(state.tasks.size).toBe(0);
});

test("of a task that is not known only a whole one is shown; of another the id is given, to be read", () => {
  const state = board();
  expect(apply(state, anEvent(2, "task.updated", { task: { id: "9", title: "new" } }))).toEqual(["9"]);
  expect(state.tasks.has("9")).toBe(false);
  expect(apply(state, anEvent(3, "task.created", { task: aCard("9", "done", "b") }))).toEqual([]);
  expect(titles(state, "done")).toEqual(["9"]);
});

test("the tasks of a deleted column move before it goes", () => {
  const state = board();
  const tasks = ["1", "2"].map((id) => ({ id, column_id: "done", rank: `d${id}` }));
  apply(state, anEvent(2, "column.deleted", { column: { id: "todo" }, tasks }));
  expect([...state.columns.keys()]).toEqual(["done"]);
  expect(titles(state, "done")).toEqual(["1", "2"]);
});

test("a column that comes back brings its tasks with it", () => {
  const state = board();
  apply(state, anEvent(2, "column.deleted", { column: { id: "todo" }, tasks: ["1", "2"].map((id) => ({ id, is_deleted: true })) }));
  expect(state.tasks.size).toBe(0);
  apply(state, anEvent(3, "change.undone", { columns: [aColumn("todo", "b")], tasks: [aCard("1", "todo", "b")] }));
  expect(titles(state, "todo")).toEqual(["1"]);
  expect(state.columns.get("todo")!.task_count).toBe(1);
});

test("an archived column goes with its tasks, and what is told of it in part brings nothing back", () => {
  const state = board();
  apply(state, anEvent(2, "column.updated", { column: { id: "todo", rank: null as never, is_archived: true, version: 2 } }));
  apply(state, anEvent(3, "column.updated", { column: { id: "todo", title: "Later", version: 3 } }));
  apply(state, anEvent(4, "change.undone", { tasks: [aCard("3", "todo", "b")] }));
  apply(state, anEvent(5, "column.created", { column: aColumn("old", "", { rank: null, is_archived: true }) }));
  expect(drawingOf(state).columns.map((one) => one.id)).toEqual(["done"]);
  const restored = anEvent(6, "column.updated", { column: { ...aColumn("todo", "d"), from_archive: true } });
  expect([isUntold(restored), isUntold(anEvent(6, "column.moved", { column: { id: "done", rank: "e" } }))]).toEqual([true, false]);
});

test("who is removed, or gone, is off the board and its tasks", () => {
  const state = board();
  apply(state, anEvent(2, "person.removed", { person: { user: { id: "boris" } }, tasks: [] }));
  expect(state.people.has("boris")).toBe(false);
  expect(state.tasks.get("2")!.assignees).toEqual([]);
  apply(state, anEvent(3, "user.deleted", { user: { id: "anna" } as never, people: [], tasks: [] }));
  expect(state.tasks.get("1")!.author).toBeNull();
});

test("a new name is shown wherever the person is", () => {
  const state = board();
  apply(state, anEvent(2, "user.updated", { user: { ...boris, name: "Борис" } }));
  expect(state.tasks.get("2")!.assignees[0]!.name).toBe("Борис");
  expect(state.people.get("boris")!.user.name).toBe("Борис");
  apply(state, anEvent(3, "person.updated", { person: { user: { id: "boris" }, role: "MODERATOR" } }));
  expect(state.people.get("boris")).toMatchObject({ role: "MODERATOR", user: { name: "Борис" } });
  expect(state.people.get("anna")!.user).toEqual(anna);
});

test("tasks that are not known are counted by the columns that they leave and enter", () => {
  const state = board();
  const counts = () => ["todo", "done"].map((id) => state.columns.get(id)!.task_count);
  apply(state, anEvent(2, "task.moved", { task: { id: "8", column_id: "done", from_column_id: "todo", rank: "z" } as never }));
  expect(counts()).toEqual([1, 1]);
  apply(state, anEvent(3, "task.updated", { task: { id: "8", rank: null, is_archived: true, from_column_id: "done" } as never }));
  expect(counts()).toEqual([1, 0]);
  apply(state, anEvent(4, "task.deleted", { task: { id: "8", column_id: "done" } })); // from the archive
  apply(state, anEvent(5, "task.created", { task: { ...aCard("9", "done", "b"), rank: null, is_archived: true } }));
  expect(counts()).toEqual([1, 0]);
});

test("labels come, change, move and go; tasks keep those that are left", () => {
  const card = aCard("1", "todo", "b", { label_ids: ["bug", "new"] });
  const state = stateOf(aSnapshot([aColumn("todo", "b")], [card], 1, [aLabel("bug", "b"), aLabel("new", "c")]));
  const names = () => drawingOf(state).labels.map((label) => label.title);
  apply(state, anEvent(2, "label.created", { label: aLabel("idea", "d") }));
  apply(state, anEvent(3, "label.updated", { label: { id: "bug", title: "Defect", version: 2 }, labels: [] }));
  apply(state, anEvent(4, "label.moved", { label: { id: "idea", rank: "a", version: 2 }, labels: [{ id: "bug", rank: "e" }] }));
  expect(names()).toEqual(["idea", "new", "Defect"]);
  apply(state, anEvent(5, "label.deleted", { label: { id: "new" }, tasks: [{ id: "1", label_ids: ["bug"] }] }));
  expect(names()).toEqual(["idea", "Defect"]);
  expect(state.tasks.get("1")).toMatchObject({ label_ids: ["bug"], title: "1" });
  apply(state, anEvent(6, "change.undone", { labels: [aLabel("new", "c")], tasks: [{ id: "1", label_ids: ["bug", "new"] }] }));
  expect(names()).toEqual(["idea", "new", "Defect"]);
  apply(state, anEvent(7, "task.unlabelled", { task: { id: "1", label_ids: [], version: 3 } }));
  expect(state.tasks.get("1")!.label_ids).toEqual([]);
});
