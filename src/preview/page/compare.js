// 对比: the report against an earlier state of this session or another source, 改前 and 改后.

import { $, ask, h } from "./util.js";
import * as pages from "./pages.js";
import { onTab } from "./tabs.js";

/** What is compared with, as its address says it: `revision=1` or `file=…`; none when nothing is. */
let chosen = "";
/** The pages of the state before, and the changes. */
let before = { pages: [], changes: [] };
let at = -1;
let madeRoom = false;

export function begin() {
  onTab((name) => {
    if (name === "compare") load(true);
    else if (document.querySelector("#right [role=tab][aria-selected=true]").id !== "tab-compare") close();
  });
  pages.on("page", follow);
}

/** After an edit, the comparison is made again. */
export function update() {
  if (!$("compare").hidden) load(false);
}

/** Lists what there is to compare with, and compares; `lead` goes to the first change. */
async function load(lead) {
  const { states, files } = await ask("/versions");
  const options = [
    ...states.map(({ revision, seconds }) => [`revision=${revision}`, revision === 1 ? `打开预览时（${ago(seconds)}）` : `第 ${revision} 次（${ago(seconds)}）`]),
    ...files.map((file) => [`file=${encodeURIComponent(file)}`, file]),
  ];
  if (options.length === 0) {
    $("compare").replaceChildren(h("p", { class: "hint" }, "还没有可以对比的：改动数据文件之后，可以与改动之前对比；同一个文件夹里有别的数据文件，也可以与它对比。"));
    close();
    return;
  }
  const known = options.some(([value]) => value === chosen);
  if (!known) [[chosen]] = options;
  const select = h("select", { id: "version", onchange: () => { chosen = select.value; show(true); } },
    options.map(([value, name]) => h("option", { value, selected: value === chosen }, name)));
  $("compare").replaceChildren(h("label", { class: "chosen" }, "与哪一份对比", select), h("div", { id: "changes" }));
  await show(lead || !known);
}

function ago(seconds) {
  if (seconds < 60) return "刚才";
  if (seconds < 3600) return `${Math.floor(seconds / 60)} 分钟前`;
  return `${Math.floor(seconds / 3600)} 小时前`;
}

async function show(lead) {
  const asked = chosen;
  const holder = $("changes");
  holder.replaceChildren(h("p", { class: "hint" }, "正在对比…"));
  let answer;
  try {
    answer = await ask(`/compare?${asked}`);
  } catch (error) {
    holder.replaceChildren(h("p", { class: "hint" }, `对比不了：${error.message}`));
    return;
  }
  if (asked !== chosen || $("compare").hidden) return;
  before = answer;
  at = -1;
  mark();
  const { changes, totals } = answer;
  const tally = changes.length === 0 ? "印出来的没有不同" : `有 ${changes.length} 处不同`;
  holder.replaceChildren(...[
    h("p", { class: "tally", role: "status" }, tally),
    totals.length > 0 ? h("section", { class: "totals", "aria-label": "合计的变化" }, h("h2", {}, "合计的变化"), h("ul", {}, totals.map(total))) : null,
  ].filter((part) => part), ...changes.map(item));
  openBefore();
  if (lead && changes.length > 0) go(0);
}

function mark() {
  pages.unmark("compare");
  for (const { after } of before.changes) after?.areas.forEach((area) => pages.mark(area, "compare"));
}

function item({ where, words, difference, before: old, after: fresh }, index) {
  const parts = (own, side) => (words.length > 0 ? wordsOf(words, own) : [side.text]);
  return h("button", { class: "hit change", onclick: () => go(index) },
    h("small", {}, where, difference ? `（${difference}）` : ""),
    old ? h("del", {}, parts("removed", old)) : null,
    fresh ? h("ins", {}, parts("added", fresh)) : null);
}

/** One side of a text with its own words set off; long stretches that both have are cut. */
function wordsOf(words, own) {
  const side = words.filter(({ kind }) => kind === "same" || kind === own);
  return side.map(({ kind, text }, at) => {
    if (kind === own) return side.length > 1 ? h("b", { class: "differs" }, text) : text;
    const characters = Array.from(text);
    if (characters.length <= 22) return text;
    const head = at > 0 ? characters.slice(0, 9).join("") : "";
    const tail = at < side.length - 1 ? characters.slice(-9).join("") : "";
    return `${head}…${tail}`;
  });
}

/** A total that changed, and the rows that made it. */
function total({ table, row, column, old, new: fresh, difference, because, explained }) {
  const causes = because.map((cause) => `${cause.row} ${cause.difference}`).join("；");
  return h("li", {},
    h("small", {}, [table, row, column].filter((word) => word).join(" · ")),
    h("p", {}, `${old} → ${fresh}（${difference}）`),
    causes ? h("p", { class: "keys" }, `来自：${causes}${explained ? "" : "（相加与合计的变化不等）"}`) : null);
}

function go(index) {
  at = index;
  const { before: old, after: fresh } = before.changes[index];
  pages.unmark("now");
  fresh?.areas.forEach((area) => pages.mark(area, "compare now"));
  if (fresh?.areas[0]) pages.reveal(fresh.areas[0]);
  [...document.querySelectorAll("#changes .change")].forEach((button, number) => {
    if (number === index) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  });
  const place = old?.areas[0];
  drawBefore(place?.page ?? counterpart(pages.currentPage()));
  if (place) $("before").scrollTop = place.y * pages.pointSize() - $("before").clientHeight / 3;
}

// ---- 改前, beside the pages -----------------------------------------------------------------------

/** In a wide window the left side makes room. */
function openBefore() {
  if ($("before").hidden && !$("desk").classList.contains("no-left")) {
    $("toggle-left").click();
    madeRoom = true;
  }
  document.querySelector(".middle").classList.add("comparing");
  $("before").hidden = false;
  drawBefore(counterpart(pages.currentPage()));
}

function close() {
  if ($("before").hidden) return;
  if (madeRoom && $("desk").classList.contains("no-left")) $("toggle-left").click();
  madeRoom = false;
  document.querySelector(".middle").classList.remove("comparing");
  $("before").hidden = true;
  $("before").replaceChildren();
  pages.unmark("compare");
}

function follow(page) {
  if (!$("before").hidden) drawBefore(counterpart(page));
}

/** The earlier page that belongs beside a page: where its changes stood, else the same number. */
function counterpart(page) {
  const on = before.changes.find(({ before: old, after: fresh }) =>
    old?.areas.length > 0 && fresh?.areas.some((area) => area.page === page));
  const near = before.changes.findLast(({ before: old, after: fresh }) =>
    old?.areas.length > 0 && fresh?.areas.length > 0 && fresh.areas[0].page < page);
  const shift = near ? near.before.areas[0].page - near.after.areas[0].page : 0;
  const number = on ? on.before.areas[0].page : page + shift;
  return Math.min(Math.max(number, 1), before.pages.length);
}

function drawBefore(number) {
  const page = before.pages[number - 1];
  if (!page) return;
  const marks = h("div", { class: "marks", "aria-hidden": "true" });
  before.changes.forEach(({ before: old }, index) => {
    const kinds = `compare before${index === at ? " now" : ""}`;
    for (const area of old?.areas ?? []) {
      if (area.page === number) marks.append(pages.markFor(area, page, kinds));
    }
  });
  const sheet = h("article", { class: "sheet" },
    h("img", { src: pages.pageSource(page), alt: `改前第 ${number} 页` }), marks);
  const factor = pages.pointSize();
  sheet.style.width = `${page.width * factor}px`;
  sheet.style.height = `${page.height * factor}px`;
  $("before").replaceChildren(h("p", { class: "side-name" }, `改前 · 第 ${number} 页`), sheet);
}
