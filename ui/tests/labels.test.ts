import { expect, test } from "vitest";
import { filterOf, matcher } from "../src/board/filter";
import { inverseOf } from "../src/board/inverse";
import { addLabel, deleteLabel, freeColor, labelAnew, labelTask, moveLabel, newLabel, patchLabel } from "../src/board/labelling";
import { labelsOf } from "../src/board/labels";
import { together } from "../src/board/batches";
import { laidOver, overlay } from "../src/board/overlay";
import { drawingOf, stateOf, type Drawing } from "../src/board/state";
import { colorName, labelName } from "../src/i18n/colors";
import { en } from "../src/i18n/en";
import { aCard, aColumn, aLabel, aSnapshot } from "./things";

const [bug, idea] = [aLabel("bug", "b"), aLabel("idea", "c", { color: "#2f6fdb" })];
const cards = [aCard("1", "todo", "b", { label_ids: ["bug"] }), aCard("2", "todo", "c")];
const drawn = (): Drawing => drawingOf(stateOf(aSnapshot([aColumn("todo", "b")], cards, 1, [bug, idea])));
const seen = (drawing: Drawing) => [drawing.labels.map((label) => [label.title, label.color]), drawing.lists.get("todo")!.map((card) => card.label_ids)];
const body = { method: "POST", path: "/boards/board/batch" };

test("a label is on a task at once, and what others put on it meanwhile stays", () => {
  const op = labelTask(cards[1]!, "idea", true);
  expect(op.write).toEqual({ method: "PUT", path: "/tasks/2/labels/idea" });
  expect(overlay(drawn(), [op]).lists.get("todo")!.map((card) => card.label_ids)).toEqual([["bug"], ["idea"]]);
  const theirs = drawingOf(stateOf(aSnapshot([aColumn("todo", "b")], [{ ...cards[1]!, label_ids: ["bug"] }], 2, [bug, idea])));
  expect(overlay(theirs, [op, op]).lists.get("todo")![0]!.label_ids).toEqual(["bug", "idea"]);
});

test("a label that was not there goes onto tasks in one batch, which one undo takes back", () => {
  const label = newLabel({ id: "board" }, "New", "#3a8f4d");
  expect(labelAnew(label, cards).write).toMatchObject({
    ...body,
    body: { operations: [{ op: "create_label", body: { id: label.id, title: "New" } }, { op: "label_task", task_id: "1", label_id: label.id }, { op: "label_task", task_id: "2", label_id: label.id }] },
  });
  expect(together({ id: "board" }, cards.map((card) => labelTask(card, "bug", false)))[0]!.write).toMatchObject({
    ...body,
    body: { operations: [{ op: "unlabel_task", task_id: "1", label_id: "bug" }, { op: "unlabel_task", task_id: "2", label_id: "bug" }] },
  });
});

test("what is done with labels is drawn at once, and so is taking it back", () => {
  const fresh = newLabel({ id: "board" }, "New", "#3a8f4d");
  const done = [addLabel(fresh), moveLabel(idea, { before: "bug" }), patchLabel(bug, { title: "Defect" }), labelTask(cards[0]!, "bug", false), labelTask(cards[1]!, "idea", true), labelAnew(fresh, cards)];
  for (const op of done) {
    const after = laidOver(drawn(), op.effects);
    expect(seen(after)).not.toEqual(seen(drawn()));
    expect(seen(laidOver(after, inverseOf(drawn(), op.effects)))).toEqual(seen(drawn()));
  }
  expect(laidOver(drawn(), deleteLabel(bug).effects).labels).toEqual([idea]);
  expect(inverseOf(drawn(), labelTask(cards[0]!, "bug", true).effects)).toEqual([]); // it was on it already
});

test("a label that is confirmed already never shows twice", () => {
  expect(laidOver(drawn(), addLabel({ ...bug, rank: "" }).effects).labels).toEqual([bug, idea]);
});

test("a card shows its labels in the board's order, and none that it does not know", () => {
  const labels = new Map([idea, bug].map((label) => [label.id, label]));
  expect(labelsOf(aCard("1", "todo", "b", { label_ids: ["bug", "gone", "idea"] }), labels)).toEqual([idea, bug]);
});

test("cards are filtered by any of some labels, or by having none", () => {
  const found = (label: string) => cards.filter(matcher(filterOf(new URLSearchParams({ label })), "anna")).map((card) => card.id);
  expect([found("bug"), found("idea"), found("idea,bug"), found("none"), found("")]).toEqual([["1"], [], ["1"], ["2"], ["1", "2"]]);
});

test("a colour has a name: its own, or the nearest one's; a label without a title is called so", () => {
  const names = en.task.swatches;
  expect([colorName(names, "#d64545"), colorName(names, "#ff0000"), colorName(names, "#0000ff"), colorName(names, "#777777")]).toEqual(["Red", "Red", "Blue", "Grey"]);
  expect([labelName(names, { title: "", color: "#3a8f4d" }), labelName(names, bug)]).toEqual(["Green", "bug"]);
});

test("a new label gets a colour that no other has, while there is one", () => {
  expect(freeColor([bug], ["#d64545", "#2f6fdb"])).toBe("#2f6fdb");
  expect(freeColor([bug, idea, bug], ["#d64545", "#2f6fdb"])).toBe("#2f6fdb");
});
