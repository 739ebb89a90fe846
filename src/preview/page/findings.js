// 审核结果 beside the pages, errors first; and the errors that keep the pages from being made again.

import { $, ask, editorButton, h, lineOf } from "./util.js";
import * as pages from "./pages.js";
import { openRight } from "./app.js";

const WORDS = { error: "错误", warning: "警告", explained: "已说明", info: "提示" };
const ORDER = ["error", "warning", "explained", "info"];
/** A warning with a written reason is a kind of its own: nobody has to do anything about it. */
const kindOf = ({ severity, reason }) => (reason === null ? severity : "explained");

let list = [];
let shown = new Set(["error", "warning"]);
let at = -1;
let latest = 0;

/** Fetches the findings of a state and lists them. */
export async function load({ revision, findings: count, open }) {
  latest = revision;
  const badge = $("findings-count");
  badge.className = `count ${count.error > 0 ? "error" : "warning"}`;
  badge.textContent = open > 0 ? String(open) : "";
  const answer = await ask("/findings");
  if (answer.revision < latest) return;
  list = answer.findings.sort((a, b) => ORDER.indexOf(kindOf(a)) - ORDER.indexOf(kindOf(b)));
  at = -1;
  draw();
}

function draw() {
  const panel = $("findings");
  const filters = ORDER.map((kind) => {
    const count = list.filter((finding) => kindOf(finding) === kind).length;
    return h("button", {
      "aria-pressed": String(shown.has(kind)),
      disabled: count === 0,
      onclick: () => {
        if (!shown.delete(kind)) shown.add(kind);
        draw();
      },
    }, `${WORDS[kind]} ${count}`);
  });
  const clean = list.some(({ blocks }) => blocks) ? null : h("p", { class: "clean" }, "没有要改的地方");
  const items = visible().map(card);
  panel.replaceChildren(...[
    h("div", { class: "filters", role: "group", "aria-label": "显示哪些" }, filters),
    clean, items.length > 0 ? h("ul", {}, items) : null,
  ].filter((part) => part));
}

const visible = () => list.filter((finding) => shown.has(kindOf(finding)));

function card(finding) {
  const kind = kindOf(finding);
  const more = h("div", { class: "more", hidden: true });
  const button = h("button", { "aria-expanded": "false", onclick: () => open(finding, button, more) },
    h("span", { class: "tag" }, WORDS[kind]),
    h("span", { class: "code" }, finding.code),
    h("span", { class: "message" }, finding.message),
    where(finding));
  return h("li", { class: `finding ${kind}` }, button, more);
}

function where({ table, row, column_name: column, page, at: area }) {
  const number = page !== null ? `页码 ${page}` : area ? `第 ${area.page} 页` : null;
  const words = [table, row, column, number].filter((word) => word);
  return words.length ? h("span", { class: "where" }, words.join(" · ")) : null;
}

function open(finding, button, more) {
  at = list.indexOf(finding);
  const opened = button.getAttribute("aria-expanded") === "true";
  if (finding.at) pages.show([finding.at], "finding");
  if (opened) {
    more.hidden = true;
    button.setAttribute("aria-expanded", "false");
    return;
  }
  button.setAttribute("aria-expanded", "true");
  more.hidden = false;
  more.replaceChildren(...[
    finding.help ? h("p", { class: "help" }, finding.help) : null,
    finding.reason ? h("p", { class: "reason" }, finding.reason) : null,
    lineOf(finding),
    h("div", { class: "places" }, [finding, ...finding.feeds].map(editorButton)),
  ].filter((part) => part));
}

/** Goes to the next finding in the list. */
export function next() {
  const all = visible();
  if (all.length === 0) return;
  openRight("findings");
  const target = (all.indexOf(list[at]) + 1) % all.length;
  const button = $("findings").querySelectorAll(".finding > button")[target];
  if (button.getAttribute("aria-expanded") === "true") button.click();
  button.click();
  button.focus();
  at = list.indexOf(all[target]);
}

// ---- Failure -----------------------------------------------------------------------------------

/** Shows over the last good pages why there are no newer ones. */
export function failed({ findings }) {
  const items = findings.map((finding) => h("li", {},
    h("span", { class: "tag" }, WORDS[finding.severity]), h("span", { class: "code" }, finding.code),
    finding.line ? editorButton(finding) : null,
    h("p", { class: "message" }, finding.message),
    lineOf(finding, finding.label),
    finding.help ? h("p", { class: "help" }, finding.help) : null));
  const last = pages.count() > 0 ? "下面是出错之前的页面；改好保存，这里就会自己更新。" : "改好保存，页面就会出来。";
  $("failure").replaceChildren(
    h("h2", {}, `有 ${findings.length} 处错误，排不出新的页面`), h("p", { class: "lead" }, last), h("ol", {}, items));
  $("failure").hidden = false;
  $("waiting")?.remove();
  $("desk").classList.add("stale");
}

/** Takes the failure away. */
export function mended() {
  $("failure").hidden = true;
  $("failure").replaceChildren();
  $("desk").classList.remove("stale");
}
