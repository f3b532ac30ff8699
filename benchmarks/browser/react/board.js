/** The board as others draw it: React and react-beautiful-dnd, all cards, on the same state and stream; cards and dragging alone. */
import { createElement as h, memo, useEffect, useState } from "react";
import { DragDropContext, Draggable, Droppable } from "react-beautiful-dnd";
import { createRoot } from "react-dom/client";
import { Api } from "../../../ui/src/api/client";
import { follow } from "../../../ui/src/api/stream";
import { moveTask } from "../../../ui/src/board/actions";
import { apply } from "../../../ui/src/board/apply";
import { overlay } from "../../../ui/src/board/overlay";
import { Queue } from "../../../ui/src/board/queue";
import { drawingOf, stateOf } from "../../../ui/src/board/state";
import "../../../ui/src/app.css";

const api = new Api();
const id = location.pathname.split("/")[2];
let state, queue, draw;

const Card = memo(({ card, at }) =>
  h(Draggable, { draggableId: card.id, index: at }, (drag) =>
    h("li", { ref: drag.innerRef, ...drag.draggableProps, ...drag.dragHandleProps, "data-card": card.id, className: "group relative mb-2" },
      h("a", { href: `/b/${card.board_id}/t/${card.id}`, draggable: false, className: "relative block overflow-hidden rounded-card bg-card p-3 no-underline shadow-card" },
        h("span", { className: "title line-clamp-4 pr-5", dir: "auto" }, card.title),
        h("span", { className: "mt-1 flex min-h-5 flex-wrap items-center gap-x-2 gap-y-1 text-xs text-dim" },
          h("span", null, card.key),
          card.has_description && h("span", null, "≡"),
          card.subtasks.total > 0 && h("span", null, `☑ ${card.subtasks.completed}/${card.subtasks.total}`),
          card.priority === "HIGH" && h("span", { className: "text-danger" }, "▲"),
          card.priority === "LOW" && h("span", null, "▽"),
          h("span", { className: "grow" }),
          card.assignees.slice(0, 3).map((user) => h("img", { key: user.id, src: user.avatar_url, width: 20, height: 20, alt: user.name, className: "rounded-full" })))))));

const Cards = memo(({ cards }) => cards.map((card, at) => h(Card, { key: card.id, card, at })));

const Column = memo(({ column, cards }) =>
  h("section", { "data-column": column.id, className: "flex max-h-full w-72 shrink-0 flex-col rounded-panel bg-column" },
    h("h2", { className: "title px-3 py-2" }, column.title),
    h(Droppable, { droppableId: column.id }, (drop) =>
      h("ul", { ref: drop.innerRef, ...drop.droppableProps, "data-list": true, className: "min-h-16 grow overflow-y-auto px-2 pb-2" }, h(Cards, { cards }), drop.placeholder))));

function Board() {
  const [drawing, set] = useState(() => overlay(drawingOf(state), queue.ops));
  const [kept] = useState(new Map());
  useEffect(() => void (draw = () => set(overlay(drawingOf(state), queue.ops))), []);
  const dropped = ({ draggableId, source, destination }) => {
    if (!destination) return;
    const others = drawing.lists.get(destination.droppableId).filter((card) => card.id !== draggableId);
    const next = others[destination.index];
    queue.add(moveTask(state.tasks.get(draggableId), destination.droppableId, next ? { before: next.id } : { at: "bottom" }));
  };
  return h(DragDropContext, { onDragEnd: dropped },
    h("div", { "data-board": true, className: "flex h-dvh items-start gap-3 overflow-x-auto p-3" },
      drawing.columns.map((column) => h(Column, { key: column.id, column, cards: same(kept, column.id, drawing.lists.get(column.id)) }))));
}

/** A list that has stayed the same stays the same object, so that only touched columns are drawn. */
function same(kept, column, cards) {
  const before = kept.get(column);
  if (before?.length === cards.length && before.every((card, at) => card === cards[at])) return before;
  kept.set(column, cards);
  return cards;
}

state = stateOf(await (await api.get(`/boards/${id}/snapshot`)).json());
queue = new Queue({
  send: (op) => api.write(op.write, op.key), changed: () => draw?.(), answered: () => queue.settle(state.seq), reached: () => undefined,
  refused: (op, problem) => console.error(problem.message), signIn: () => undefined, later: (ms, what) => (setTimeout(what, ms), () => undefined),
});
createRoot(document.getElementById("app")).render(h(Board));
follow(`/boards/${id}/events/stream?after=${encodeURIComponent(state.position)}`, {
  ready: () => undefined, cut: () => undefined, reset: () => undefined, deleted: () => undefined, refused: () => undefined,
  event(event) {
    apply(state, event);
    queue.settle(event.seq);
    requestAnimationFrame(() => draw?.());
  },
});
