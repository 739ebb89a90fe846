// The preview in a real Chromium: `just browser`. Without Chromium it fails.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, beforeEach, test } from "node:test";
import { LINE, TEXT, clickOn as click, newer as waitForNewer, start } from "./start.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let desk, context, page, faults;

before(async () => { desk = await start(); });
after(() => desk?.stop());

const write = (text) => desk.write(text);
const edit = (to) => desk.edit(to);
const clickOn = (query, where) => click(page, query, where);

async function open(size = { width: 1440, height: 900 }, colorScheme = "light") {
  await context?.close();
  context = await desk.browser.newContext({ viewport: size, colorScheme, reducedMotion: "reduce" });
  page = await context.newPage();
  faults = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => { if (message.type() === "error") faults.push(message.text()); });
  await page.goto(desk.address);
  await page.waitForSelector('article[data-page="1"][data-drawn]');
}

const newer = (revision) => waitForNewer(page, revision);
const revision = () => page.evaluate(() => Number(document.documentElement.dataset.revision));

/** The source as shipped, and a page that shows it. */
beforeEach(async () => {
  write(TEXT);
  await open();
  await page.waitForFunction(async (line) => {
    const { places } = await (await fetch(`/find?q=:${line}`)).json();
    return places.some(({ text }) => text === "1,141");
  }, LINE, { polling: 100 });
  await page.waitForFunction(() => document.querySelector("#draft").textContent === "可以定稿");
  await page.waitForSelector("#failure", { state: "hidden" });
});

test("the page stands: pages, 目录, audit, and no fault in the console", async () => {
  assert.equal(await page.locator("article.sheet").count(), 36);
  assert.equal(await page.locator("#outline button").count(), 21);
  assert.equal(await page.locator("#count").textContent(), "36");
  assert.equal(new URL(page.url()).search, "", "the token is not left in the address");
  assert.deepEqual(faults, []);
});

test("an edit replaces the changed pages and no others, marks them, and keeps the place", async () => {
  await page.fill("#number", "6");
  await page.press("#number", "Enter");
  await page.waitForSelector('article[data-page="6"][data-drawn]');
  const state = () => page.evaluate(() => ({
    top: document.querySelector("#pages").scrollTop,
    drawn: [...document.querySelectorAll("article.sheet")].map((sheet) => sheet.querySelector("img").src),
  }));
  const first = await state();
  const fetched = [];
  page.on("request", (request) => fetched.push(request.url()));
  const old = await revision();
  edit("预算: 1142");
  await newer(old);
  const { changed } = await page.evaluate(() => ({
    changed: [...document.querySelectorAll("article.changed")].map((sheet) => Number(sheet.dataset.page)),
  }));
  await page.waitForFunction((src) => document.querySelector('article[data-page="6"] img').src !== src, first.drawn[5]);
  const second = await state();
  assert.ok(changed.includes(6) && changed.length < 10, String(changed));
  assert.equal(second.top, first.top, "the place is kept");
  second.drawn.forEach((src, at) => {
    if (!changed.includes(at + 1)) assert.equal(src, first.drawn[at], `page ${at + 1} stays`);
  });
  const pages = fetched.map((url) => Number(url.match(/\/pages\/(\d+)\.svg/)?.[1])).filter(Boolean);
  assert.ok(pages.every((number) => changed.includes(number)), `only changed pages are fetched: ${pages}`);
  // Looked at, a page loses its mark; the others keep theirs.
  await page.waitForFunction(() => !document.querySelector('article[data-page="6"]').classList.contains("changed"));
  assert.ok(await page.locator("article.changed").count() > 0);
});

test("a click on a figure shows its line, and opens the editor there", async () => {
  await clickOn("1,141", "表5");
  await page.waitForSelector("#source .line");
  assert.equal(await page.locator("#source .line-number").first().textContent(), String(LINE));
  assert.equal(await page.locator("#source .line mark").first().textContent(), "1141");
  await page.locator("#source .place").first().click();
  await page.waitForFunction(() => document.querySelector("#status").textContent.includes("已交给"));
  for (let tries = 0; tries < 100 && !existsSync(desk.opened); tries += 1) await page.waitForTimeout(50);
  assert.match(readFileSync(desk.opened, "utf8"), new RegExp(`2023\\.yaml:${LINE}:`));
});

test("a click on a total shows the parts that it was added up from", async () => {
  await clickOn("10327", "表2");
  await page.waitForSelector("#source .part");
  assert.match(await page.locator("#source .how").textContent(), /合计/);
  const values = await page.locator("#source .parts").first().locator(":scope > .part > .part-head b, :scope > .part > details > summary b").allTextContents();
  assert.equal(values.reduce((sum, value) => sum + Number(value.replaceAll(",", "")), 0), 10327);
});

test("an edit does not take the reader away from where he has gone", async () => {
  await clickOn("1,141", "表5");
  await page.waitForSelector("#source .line");
  const old = await revision();
  // The answer to the question that follows the edit comes late.
  await page.route("**/source-of*", async (route) => { await page.waitForTimeout(600); await route.continue(); });
  edit("预算: 1142");
  await newer(old);
  await page.click("#tab-findings");
  await page.waitForTimeout(1200);
  assert.equal(await page.locator("#findings").isVisible(), true);
});

test("a broken source shows its line and caret over the last good pages, and goes when mended", async () => {
  edit("预算: 1,141");
  await page.waitForSelector("#failure", { state: "visible" });
  assert.equal(await page.locator("#failure .line-number").textContent(), String(LINE));
  assert.equal(await page.locator("#failure mark").textContent(), "1,141");
  const under = await page.evaluate(() => {
    const mark = document.querySelector("#failure mark").getBoundingClientRect();
    const before = document.querySelector("#failure .caret i").getBoundingClientRect();
    return Math.abs(before.right - mark.left);
  });
  assert.ok(under < 3, `the caret stands under the place: ${under}`);
  assert.equal(await page.locator("article.sheet").count(), 36, "the pages stay");
  write(TEXT);
  await page.waitForSelector("#failure", { state: "hidden" });
});

test("from the source to the page: a key, a number, a line", async () => {
  await page.fill("#query", "在职人数");
  await page.press("#query", "Enter");
  await page.waitForSelector("#found .hit");
  assert.equal(await page.locator("#found .hit b").first().textContent(), "37");
  await page.fill("#query", `:${LINE}`);
  await page.press("#query", "Enter");
  await page.waitForFunction(() => [...document.querySelectorAll("#found .hit b")].some((hit) => hit.textContent === "1,141"));
  for (const wanted of [0, 1, 2]) {
    const at = await page.locator("#found .hit").evaluateAll((hits) => hits.findIndex((hit) => hit.hasAttribute("aria-current")));
    assert.equal(at, wanted, "Enter goes on to the next place");
    await page.press("#query", "Enter");
  }
  assert.ok(await page.locator(".mark-now").count() > 0);
});

test("a finding leads to its place on the page and shows the line of the source", async () => {
  edit("预算: 1241");
  await page.waitForSelector(".finding.error");
  assert.match(await page.locator("#draft").textContent(), /草稿 · \d+ 处待改/);
  const kinds = await page.locator(".finding").evaluateAll((all) => all.map((one) => one.className));
  assert.match(kinds[0], /error/, "errors stand first");
  await page.locator(".finding.error > button").first().click();
  await page.waitForSelector(".mark-finding");
  const inView = await page.locator(".mark-finding").first().evaluate((mark) => {
    const box = mark.getBoundingClientRect();
    return box.top >= 0 && box.bottom <= innerHeight;
  });
  assert.ok(inView);
  assert.ok(await page.locator(".finding.error .line").count() > 0);
});

test("compare: 改前 and 改后 side by side, and a list of what changed", async () => {
  const old = await revision();
  edit("预算: 1142");
  await newer(old);
  await page.click("#tab-compare");
  await page.waitForSelector("#changes .change");
  const sides = await page.locator("#changes .change").evaluateAll((all) => all.map((one) => [one.querySelector("del")?.textContent, one.querySelector("ins")?.textContent]));
  assert.ok(sides.some(([old, fresh]) => old === "1,141" && fresh === "1,142"), JSON.stringify(sides));
  assert.ok(await page.locator("#before .mark-before").count() > 0);
  assert.ok(await page.locator(".pages .mark-compare").count() > 0);
  await page.click("#tab-findings");
  assert.equal(await page.locator("#before").isVisible(), false);
});

test("the keyboard turns pages, zooms, finds and opens the sides", async () => {
  const number = () => page.locator("#number").inputValue();
  const at = (value) => page.waitForFunction((wanted) => document.querySelector("#number").value === wanted, value);
  await page.focus("#pages");
  await page.keyboard.press("PageDown");
  await at("2");
  await page.keyboard.press("End");
  await at("36");
  await page.keyboard.press("ArrowLeft");
  await at("35");
  await page.keyboard.press("Home");
  await at("1");
  const width = () => page.locator('article[data-page="1"]').evaluate((sheet) => sheet.clientWidth);
  const before = await width();
  await page.keyboard.press("+");
  assert.ok(await width() > before);
  await page.keyboard.press("0");
  assert.equal(await width(), before);
  await page.keyboard.press("/");
  assert.equal(await page.evaluate(() => document.activeElement.id), "query");
  await page.keyboard.press("Escape");
  await page.keyboard.press("]");
  assert.equal(await page.locator("#right").isVisible(), false);
  await page.keyboard.press("]");
  await page.focus("#tab-findings");
  await page.keyboard.press("ArrowRight");
  assert.equal(await page.locator("#source").isVisible(), true);
  await page.focus("#pages");
  await page.keyboard.press("?");
  assert.equal(await page.locator("#keys").isVisible(), true);
  await page.keyboard.press("Escape");
  assert.equal(await number(), "1");
});

test("no serious fault of accessibility: light, dark, narrow, with an error, comparing", async () => {
  const judge = async (name) => {
    await page.evaluate(AXE);
    const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
    const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
    const told = serious.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html, failureSummary }) => `${html} ${failureSummary}`).join("\n")}`);
    assert.deepEqual(told, [], name);
  };
  await judge("light");
  await clickOn("10327", "表2");
  await page.waitForSelector("#source .part");
  await judge("source");
  edit("预算: 1241");
  await page.waitForSelector(".finding.error", { state: "attached" });
  await page.click("#tab-findings");
  await page.locator(".finding.error > button").first().click();
  await judge("findings");
  await page.click("#tab-compare");
  await page.waitForSelector("#changes .change");
  await judge("compare");
  await page.click("#theme");
  await judge("dark");
  await page.click("#tab-findings");
  await page.click("#tab-thumbs");
  edit("预算: 1,141");
  await page.waitForSelector("#failure", { state: "visible" });
  await judge("failure, dark");
  await open({ width: 480, height: 860 });
  await page.click("#toggle-right");
  await judge("narrow");
});

test("a narrow window shows pages, and the sides over them", async () => {
  await open({ width: 480, height: 860 });
  assert.equal(await page.locator("#left").isVisible(), false);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "nothing sticks out");
  await page.click("#toggle-left");
  await page.locator("#outline button").nth(9).click();
  await page.waitForFunction(() => Number(document.querySelector("#number").value) > 10);
  assert.equal(await page.locator("#left").isVisible(), false, "it goes away when it has done its work");
});

test("the PDF can be had", async () => {
  const pdf = await page.evaluate(async () => {
    const answer = await fetch(document.querySelector("#download").href);
    return [answer.headers.get("content-type"), (await answer.arrayBuffer()).byteLength];
  });
  assert.equal(pdf[0], "application/pdf");
  assert.ok(pdf[1] > 100_000);
});
