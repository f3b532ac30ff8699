/** Takes docs/pictures/board-light.png and board-dark.png of the demo: `make pictures`. Needs Chromium (CHROMIUM=...). */
import { join } from "node:path";
import { chromium, ROOT, settled } from "./stage.mjs";
import { withDemo } from "./serving.mjs";

const FLAGS = ["--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--force-color-profile=srgb"];
const SIZE = { width: 1680, height: 1050 };
const OPENED = "Draw the logo"; // it has a label, a file and comments

await withDemo(async ({ base, board, password }) => {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: FLAGS });
  try {
    for (const colorScheme of ["light", "dark"]) {
      const context = await browser.newContext({ baseURL: base, locale: "en-US", viewport: SIZE, colorScheme });
      const page = await context.newPage();
      await page.request.post("/auth/login", { data: { login: "anna", password }, failOnStatusCode: true });
      await page.goto(`/b/${board}`);
      await page.locator("[data-card]").filter({ hasText: OPENED }).locator("a").first().click();
      await page.getByText("What happened").first().waitFor();
      await page.waitForLoadState("networkidle");
      await page.mouse.move(5, SIZE.height - 5);
      await settled(page);
      await page.screenshot({ path: join(ROOT, `docs/pictures/board-${colorScheme}.png`), animations: "disabled", caret: "hide" });
      await context.close();
    }
  } finally {
    await browser.close();
  }
});
