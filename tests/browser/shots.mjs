// Screenshots of the preview, to be looked at: node shots.mjs FOLDER

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { AMOUNT, TEXT, clickOn, newer, start } from "./start.mjs";

const folder = process.argv[2] ?? "shots";
mkdirSync(folder, { recursive: true });
const desk = await start();

async function open(width, height, colorScheme = "light") {
  desk.write(TEXT);
  const context = await desk.browser.newContext({ viewport: { width, height }, colorScheme, reducedMotion: "reduce" });
  const page = await context.newPage();
  await page.goto(desk.address);
  await page.waitForSelector("article[data-drawn]");
  return page;
}

async function shoot(page, name) {
  await page.waitForTimeout(1500);
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

const edited = async (page, to) => {
  const old = await page.evaluate(() => Number(document.documentElement.dataset.revision));
  desk.edit(to);
  await newer(page, old);
};

try {
  const wide = await open(1440, 900);
  await shoot(wide, "wide");
  await clickOn(wide, "10327", "表2");
  await shoot(wide, "source");
  await wide.click("#tab-thumbs");
  await edited(wide, "预算: 1241");
  await wide.click("#tab-findings");
  await wide.locator(".finding.error > button").first().click();
  await shoot(wide, "finding");
  await wide.click("#tab-compare");
  await wide.waitForSelector("#changes .change");
  await shoot(wide, "compare");
  desk.write(TEXT.replace(AMOUNT, "预算: 1,141").replace("年度: 2023", "年渡: 2023"));
  await wide.waitForSelector("#failure", { state: "visible" });
  await wide.click("#tab-findings");
  await shoot(wide, "error");
  const narrow = await open(480, 860);
  await shoot(narrow, "narrow");
  const dark = await open(1440, 900, "dark");
  await dark.fill("#query", "公务接待费");
  await dark.press("#query", "Enter");
  await shoot(dark, "dark");
} finally {
  await desk.stop();
}
