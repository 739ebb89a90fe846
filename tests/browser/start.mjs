// A preview of the shipped source in a folder of its own, and a Chromium to look at it.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PROGRAM = process.env.YUSUAN ?? join(ROOT, "target/release/yusuan");
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** The shipped source, an amount that some of its pages print, and the line it stands on. */
export const TEXT = readFileSync(join(ROOT, "input/2023.yaml"), "utf8");
export const AMOUNT = "预算: 1141";
export const LINE = TEXT.split("\n").findIndex((line) => line.includes(AMOUNT)) + 1;

export async function start() {
  assert.ok(existsSync(CHROMIUM), `no Chromium at ${CHROMIUM}: install it, or name it in CHROMIUM`);
  assert.ok(existsSync(PROGRAM), `no program at ${PROGRAM}: cargo build --release`);
  const folder = mkdtempSync(join(tmpdir(), "yusuan-"));
  const source = join(folder, "2023.yaml");
  const write = (text) => writeFileSync(source, text);
  write(TEXT);
  const opened = join(folder, "opened");
  const editor = `sh -c 'echo "$0" > ${opened}' {file}:{line}:{column}`;
  const program = spawn(PROGRAM, ["preview", source, "--no-open", "--editor", editor], { cwd: ROOT });
  const address = await new Promise((resolve, reject) => {
    program.once("error", reject);
    program.once("exit", (code) => reject(new Error(`the preview ended with ${code}`)));
    program.stdout.once("data", (data) => resolve(String(data).match(/http\S+/)[0]));
  });
  // Chromium runs as root in CI, where its sandbox cannot.
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  return {
    browser, address, opened, write,
    edit: (to) => write(TEXT.replace(AMOUNT, to)),
    async stop() {
      await browser.close();
      program.removeAllListeners("exit");
      program.kill("SIGINT");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Waits until the report on the page is newer than that. */
export const newer = (page, revision) =>
  page.waitForFunction((old) => Number(document.documentElement.dataset.revision) > old, revision);

/** A click in the middle of the first text that a query finds, in a place called so. */
export async function clickOn(page, query, where) {
  const area = await page.evaluate(async ([query, where]) => {
    const { places } = await (await fetch(`/find?q=${encodeURIComponent(query)}`)).json();
    return places.find((place) => place.where.includes(where)).areas[0];
  }, [query, where]);
  const sheet = page.locator(`article[data-page="${area.page}"]`);
  await sheet.scrollIntoViewIfNeeded();
  await page.waitForSelector(`article[data-page="${area.page}"][data-drawn]`);
  const { width, height } = await sheet.boundingBox();
  const [across, down] = width > height ? [841.89, 595.28] : [595.28, 841.89];
  await sheet.click({ position: {
    x: ((area.x + area.width / 2) / across) * width,
    y: ((area.y + area.height / 2) / down) * height,
  } });
}
