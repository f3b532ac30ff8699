/** What a typed client of the document knows of answers: held by the compiler, and never run. (Python's: tests/clients.) */
import createClient from "openapi-fetch";
import type { components, paths } from "../src/api/schema";

type Schemas = components["schemas"];
/** One type and no other: a union with it is another. */
type Is<A, B> = [A] extends [B] ? ([B] extends [A] ? A : never) : never;

/** Make a board, a column and a task, and move it: each answer has its own type, none a union. */
export async function flow(origin: string): Promise<number> {
  const client = createClient<paths>({ baseUrl: origin });
  const board = mustBe((await client.POST("/boards", { body: { title: "Website" } })).data);
  const column = mustBe((await client.POST("/columns", { body: { board_id: board.id, title: "To do" } })).data);
  const task = mustBe((await client.POST("/tasks", { body: { column_id: column.id, title: "Draw" } })).data);
  const made: [Is<typeof board, Schemas["BoardOut"]>, Is<typeof column, Schemas["ColumnOut"]>, Is<typeof task, Schemas["TaskOut"]>] = [board, column, task];
  const params = { path: { task_id: task.id } };
  const move = "/tasks/{task_id}/move";
  const moved = mustBe((await client.POST(move, { params, body: { column_id: column.id, before: task.id } })).data);
  await client.POST(move, { params, body: { column_id: column.id, after: task.id } });
  await client.POST(move, { params, body: { column_id: column.id, at: "top" } });
  await client.POST(move, { params, body: { column_id: column.id } });
  const same: Is<typeof moved, Schemas["TaskOut"]> = moved;
  const undone = mustBe((await client.POST("/boards/{board_id}/undo", { params: { path: { board_id: board.id } }, body: { seq: 4 } })).data);
  const { data: page, error } = await client.GET("/boards", {});
  const kind: Schemas["ProblemType"] | string | undefined = error?.type;
  const counts = page?.items.map((one) => one.task_count + one.people_count);
  return made.length + same.version + undone.seq + (counts?.length ?? 0) + (kind ? 1 : 0);
}

function mustBe<T>(data: T | undefined): T {
  if (data === undefined) throw new Error("refused");
  return data;
}
