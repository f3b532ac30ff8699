import { expect, test } from "vitest";
import { aPerson, card, column, drag, open } from "./world";

/** Seen to fail when the clone stood below the board: its classes won over the place that dragging gives it. */
test("3: what is dragged is seen under the pointer", async () => {
  const anna = await aPerson();
  const board = await anna.board({ Ideas: ["One", "Two"], Doing: [] });
  const page = await open(anna, board.id);
  for (const [from, to] of [
    [card(page, "One"), column(page, "Doing")],
    [column(page, "Ideas").locator("[data-handle]"), column(page, "Doing")],
  ] as const) {
    const target = (await to.boundingBox())!;
    const pointer = { x: target.x + target.width / 2, y: target.y + target.height / 2 };
    await drag(page, from, to, { drop: false });
    const lifted = (await page.locator(".lifted").boundingBox())!;
    expect(Math.hypot(lifted.x + lifted.width / 2 - pointer.x, lifted.y + 20 - pointer.y)).toBeLessThan(200);
    await page.keyboard.press("Escape");
    await page.mouse.up();
  }
});
