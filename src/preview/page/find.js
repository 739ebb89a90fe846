// 查找: a number, a word, a key or a line of the source; every place where it is printed.

import { $, ask, h } from "./util.js";
import * as pages from "./pages.js";
import { openRight } from "./app.js";
import * as source from "./source.js";

let hits = [];
let at = -1;
let asked = "";

export function begin() {
  $("find").addEventListener("submit", (event) => {
    event.preventDefault();
    const query = $("query").value.trim();
    if (query && query === asked && hits.length > 0) go((at + 1) % hits.length);
    else search(query);
  });
  $("query").addEventListener("input", () => { if (!$("query").value) clear(); });
}

function clear() {
  [hits, at, asked] = [[], -1, ""];
  pages.unmark("found");
}

async function search(query) {
  if (!query) return clear();
  asked = query;
  const { count, places } = await ask(`/find?q=${encodeURIComponent(query)}`);
  hits = places;
  at = -1;
  pages.unmark("found");
  for (const { areas } of places) areas.forEach((area) => pages.mark(area, "found"));
  const tally = count === 0 ? `没有印“${query}”的地方` : `“${query}”印在 ${count} 处`;
  const shown = places.length < count ? `，列出前 ${places.length} 处` : "";
  $("found").replaceChildren(h("p", { class: "tally", role: "status" }, tally + shown), ...places.map(hit));
  openRight("found");
  if (places.length > 0) go(0);
}

function hit({ text, where, areas }, index) {
  return h("button", { class: "hit", onclick: () => choose(index) },
    h("b", {}, text), h("small", {}, `第 ${areas[0].page} 页 · ${where}`));
}

function go(index) {
  at = index;
  pages.unmark("now");
  const { areas } = hits[index];
  areas.forEach((area) => pages.mark(area, "found now"));
  pages.reveal(areas[0]);
  [...$("found").querySelectorAll(".hit")].forEach((button, number) => {
    button.toggleAttribute("aria-current", number === index);
    if (number === index) {
      button.setAttribute("aria-current", "true");
      button.scrollIntoView({ block: "nearest" });
    }
  });
}

/** A chosen hit a second time leads on to its source. */
function choose(index) {
  if (index === at) {
    const [{ page, x, y, width, height }] = hits[index].areas;
    source.ask(page, x + Math.min(width, 4) / 2, y + height / 2);
  } else {
    go(index);
  }
}
