// 来源: where a figure or a text of the page comes from, down to the lines of the source.

import { $, ask as fetchAnswer, editorButton, h, lineOf } from "./util.js";
import * as pages from "./pages.js";
import { openRight } from "./app.js";

const HOW = {
  stated: "数据文件里写的数",
  text: "数据文件里写的文字",
  sum: "合计：下面各项相加",
  difference: "增减：前一个数减后一个数",
  rate: "增减率：由前一个数比后一个数算出",
  absent: "数据文件里没有写，按零算",
  form: "表式里固定的文字",
};

let last = null;

/** Asks what is printed at a point, and shows it; `lead` opens the tab. */
export async function ask(page, x, y, lead = true) {
  last = { page, x, y };
  try {
    const answer = await fetchAnswer(`/source-of?page=${page}&x=${x.toFixed(1)}&y=${y.toFixed(1)}`);
    // The reader may have gone elsewhere meanwhile.
    if (lead) openRight("source");
    else if ($("source").hidden) return;
    draw(answer);
  } catch (error) {
    pages.unmark("source");
    $("source").replaceChildren(h("p", { class: "hint" }, error.message));
  }
}

/** Asks again after an edit, when the answer is in view. */
export function again() {
  pages.unmark("source");
  if (last && !$("source").hidden) ask(last.page, last.x, last.y, false);
}

function draw(answer) {
  pages.unmark("source");
  answer.areas.forEach((area) => pages.mark(area, "source"));
  const long = answer.text.length > 24;
  $("source").replaceChildren(
    h("div", { class: "printed" },
      h("small", {}, answer.where || "页面上印的"),
      h("strong", { class: long ? "long" : "" }, answer.text)),
    h("p", { class: "how" }, HOW[answer.kind]),
    ...body(answer));
}

function body(answer) {
  if (answer.kind === "form" && answer.computed_from.length > 0) {
    return [h("p", { class: "keys" }, "这一段里来自数据文件的："), parts(answer.computed_from)];
  }
  return [place(answer), answer.computed_from.length > 0 ? parts(answer.computed_from) : null].filter((part) => part);
}

function place(answer) {
  if (!answer.line) return null;
  return h("div", {}, keys(answer), lineOf(answer), editorButton(answer));
}

function keys({ keys: trail }) {
  return trail?.length ? h("p", { class: "keys" }, trail.join(" › ")) : null;
}

function parts(list) {
  return h("ul", { class: "parts" }, list.map(part));
}

const SHORT = { sum: "相加", difference: "相减", rate: "比率", absent: "没有写，按零算" };

/** What a part is called: its keys, and how it was computed. */
function name({ keys: trail, kind, computed_from: list }) {
  const words = (trail ?? []).slice(-3).join(" › ");
  if (!(kind in SHORT)) return words;
  const how = list.length > 0 ? `${list.length} 项${SHORT[kind]}` : SHORT[kind];
  return words ? `${words}（${how}）` : how;
}

function part(answer) {
  const head = [
    answer.value !== undefined ? h("b", {}, answer.value) : null,
    h("span", { class: "keys" }, name(answer)),
    answer.line ? editorButton(answer) : null,
  ];
  if (answer.computed_from.length === 0) {
    return h("li", { class: "part" }, h("div", { class: "part-head" }, head), lineOf(answer));
  }
  return h("li", { class: "part" },
    h("details", { open: answer.computed_from.length <= 8 }, h("summary", {}, ...head.slice(0, 2)), parts(answer.computed_from)));
}
