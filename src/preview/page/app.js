// The page of `yusuan preview`: listens to the events and puts the parts together.

import { $, ask, h, kept, say } from "./util.js";
import * as pages from "./pages.js";
import * as findings from "./findings.js";
import * as source from "./source.js";
import * as find from "./find.js";
import * as compare from "./compare.js";
import { openTab, tabs } from "./tabs.js";

/** The last report as its event told it. */
let report = null;

// ---- Events ------------------------------------------------------------------------------------

const events = new EventSource("/events");
events.addEventListener("open", () => { if (report) say("已重新连上"); });
events.addEventListener("error", () => say("与程序断开了：程序可能已经结束，重新运行 yusuan preview 就会连上"));

events.addEventListener("report", (event) => {
  const next = JSON.parse(event.data);
  const first = report === null;
  report = next;
  const changed = pages.update(next.pages);
  findings.mended();
  bar(next);
  thumbnails(next.pages, changed);
  say(first ? `${next.pages.length} 页，改动数据文件就会更新` : news(changed));
  $("times").textContent = first ? "" : `${Math.round(next.ms.total)} 毫秒`;
  document.documentElement.dataset.revision = next.revision;
  findings.load(next);
  outline();
  if (!first) source.again();
  compare.update(next);
});

events.addEventListener("failure", (event) => {
  findings.failed(JSON.parse(event.data));
  say("数据文件有错误，显示的是上一次排好的页面");
});

function news(changed) {
  if (changed.length === 0) return "已更新，页面没有变化";
  const list = changed.slice(0, 6).join("、") + (changed.length > 6 ? "…" : "");
  return `已更新：改了 ${changed.length} 页（第 ${list} 页）`;
}

function bar({ title, pages: list, open }) {
  $("title").textContent = title;
  $("title").title = title;
  document.title = `${title} · 预览`;
  $("count").textContent = list.length;
  const draft = open > 0;
  const badge = $("draft");
  badge.hidden = false;
  badge.className = `badge ${draft ? "draft" : "final"}`;
  badge.textContent = draft ? `草稿 · ${open} 处待改` : "可以定稿";
  $("desk").classList.toggle("draft", draft);
  $("download").textContent = draft ? "下载草稿 PDF" : "下载 PDF";
}

// ---- 目录, 页 -----------------------------------------------------------------------------------

async function outline() {
  const { groups } = await ask("/outline");
  const entry = ({ title, page }) => h("li", {},
    h("button", { "data-page": page, disabled: page === null, onclick: () => pages.go(page) },
      h("span", {}, title), h("small", {}, page === null ? "" : String(page))));
  $("outline").replaceChildren(...groups.flatMap(({ title, parts }) => [
    h("h2", {}, title), h("ul", {}, parts.map(entry)),
  ]));
  here(pages.currentPage());
}

function thumbnails(list, changed) {
  const holder = $("thumbs");
  list.forEach((page, at) => {
    let thumb = holder.children[at];
    if (!thumb) {
      thumb = h("button", { class: "thumb", "data-page": page.number, onclick: () => pages.go(page.number) },
        h("img", { alt: "", loading: "lazy", width: page.width, height: page.height }), h("small", {}));
      holder.append(thumb);
    }
    const printed = page.printed === null ? "" : `（页码 ${page.printed}）`;
    thumb.setAttribute("aria-label", `第 ${page.number} 页${printed}`);
    thumb.lastElementChild.textContent = `${page.number}${printed}`;
    const image = thumb.firstElementChild;
    const address = pages.pageSource(page);
    if (image.getAttribute("src") !== address) image.src = address;
  });
  while (holder.children.length > list.length) holder.lastElementChild.remove();
  if (changed.length > 0 && !$("thumbs").hidden) here(pages.currentPage());
}

/** Marks where the reader is. */
function here(page) {
  $("number").value = page;
  $("previous").disabled = page <= 1;
  $("next").disabled = page >= pages.count();
  for (const thumb of $("thumbs").children) {
    const current = Number(thumb.dataset.page) === page;
    thumb.toggleAttribute("aria-current", current);
    if (current) {
      thumb.setAttribute("aria-current", "true");
      if (!$("thumbs").hidden) thumb.scrollIntoView({ block: "nearest" });
    }
  }
  const entries = [...$("outline").querySelectorAll("button")];
  const now = entries.findLast((entry) => Number(entry.dataset.page) <= page && entry.dataset.page !== "null");
  for (const entry of entries) entry.removeAttribute("aria-current");
  now?.setAttribute("aria-current", "true");
}

pages.on("page", here);
pages.on("click", (number, x, y) => source.ask(number, x, y));
pages.on("unseen", (unseen) => {
  const numbers = [...unseen].sort((a, b) => a - b);
  for (const thumb of $("thumbs").children) {
    const number = Number(thumb.dataset.page);
    thumb.classList.toggle("changed", unseen.has(number));
    thumb.title = unseen.has(number) ? "已更新，还没看" : "";
  }
  $("unseen").replaceChildren(...(numbers.length === 0 ? [] : [
    `还有 ${numbers.length} 页没看`,
    h("button", { onclick: () => pages.nextUnseen() }, `看第 ${numbers[0]} 页`),
  ]));
});

// ---- The bar -----------------------------------------------------------------------------------

$("previous").addEventListener("click", () => pages.go(pages.currentPage() - 1));
$("next").addEventListener("click", () => pages.go(pages.currentPage() + 1));
$("number").addEventListener("change", () => pages.go(Number($("number").value) || 1));
$("number").addEventListener("focus", () => $("number").select());
$("help").addEventListener("click", () => $("keys").showModal());
$("toggle-left").addEventListener("click", () => toggle("left"));
$("toggle-right").addEventListener("click", () => toggle("right"));
$("print").addEventListener("click", print);

function print(event) {
  event?.preventDefault();
  window.open("/report.pdf", "_blank", "noopener");
}

function toggle(side, wanted) {
  const hidden = $("desk").classList.toggle(`no-${side}`, wanted === undefined ? undefined : !wanted);
  $(`toggle-${side}`).setAttribute("aria-expanded", String(!hidden));
}

/** Opens the right side at a tab; over the pages in a narrow window. */
export function openRight(tab) {
  toggle("right", true);
  openTab(tab);
}

const zoom = $("zoom");

function zoomTo(value) {
  const number = Number(value);
  pages.setZoom(Number.isNaN(number) ? value : number);
  zoom.value = value;
  kept.set("yusuan-zoom", value);
}

function zoomStep(direction) {
  const scale = pages.step(direction);
  let option = [...zoom.options].find(({ value }) => Math.abs(Number(value) - scale) < 0.005);
  if (!option) {
    zoom.querySelector("[data-own]")?.remove();
    option = h("option", { value: String(scale), "data-own": true }, `${Math.round(scale * 100)}%`);
    zoom.append(option);
  }
  zoom.value = option.value;
}

zoom.addEventListener("change", () => zoomTo(zoom.value));
$("smaller").addEventListener("click", () => zoomStep(-1));
$("larger").addEventListener("click", () => zoomStep(1));

function theme(name) {
  document.documentElement.dataset.theme = name;
}

$("theme").addEventListener("click", () => {
  const next = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
  theme(next);
  kept.set("yusuan-theme", next);
});

// ---- Keyboard ----------------------------------------------------------------------------------

const keys = {
  PageUp: () => pages.go(pages.currentPage() - 1),
  PageDown: () => pages.go(pages.currentPage() + 1),
  ArrowLeft: () => pages.go(pages.currentPage() - 1),
  ArrowRight: () => pages.go(pages.currentPage() + 1),
  Home: () => pages.go(1),
  End: () => pages.go(pages.count()),
  "+": () => zoomStep(1),
  "=": () => zoomStep(1),
  "-": () => zoomStep(-1),
  0: () => zoomTo("width"),
  "/": () => $("query").focus(),
  n: () => pages.nextUnseen(),
  e: () => findings.next(),
  "[": () => toggle("left"),
  "]": () => toggle("right"),
  "?": () => $("keys").showModal(),
  Escape: () => ["source", "found", "finding", "now"].forEach(pages.unmark),
};

document.addEventListener("keydown", (event) => {
  const command = event.ctrlKey || event.metaKey;
  if (command && event.key === "f") {
    event.preventDefault();
    $("query").focus();
    $("query").select();
    return;
  }
  if (command && event.key === "p") return print(event);
  if (event.key === "Escape" && event.target === $("query")) $("pages").focus();
  const typing = event.target.closest("input, select, dialog, [role=tab]");
  if (typing || command || event.altKey) return;
  const act = keys[event.key] ?? keys[event.key.toLowerCase()];
  if (!act) return;
  event.preventDefault();
  act();
});

// ---- Beginning ---------------------------------------------------------------------------------

theme(kept.get("yusuan-theme") ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"));
const narrow = matchMedia("(max-width: 1020px)");
if (narrow.matches) ["left", "right"].forEach((side) => toggle(side, false));
// In a narrow window the sides lie over the pages: a click beside them puts them away.
$("pages").addEventListener("pointerdown", () => { if (narrow.matches) toggle("left", false); });
$("outline").addEventListener("click", () => { if (narrow.matches) toggle("left", false); });
tabs();
find.begin();
compare.begin();
const wanted = kept.get("yusuan-zoom");
if (wanted && [...zoom.options].some(({ value }) => value === wanted)) zoomTo(wanted);
// The token has done its work; a cookie stands for it now.
history.replaceState(null, "", "/");
