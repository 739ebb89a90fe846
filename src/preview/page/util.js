// Small helpers that every part of the page uses.

export const $ = (id) => document.getElementById(id);

/** An element with attributes, properties and children. Text is always text, never markup. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

export async function ask(path, options) {
  const answer = await fetch(path, options);
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(body.message ?? "没有回答");
  return body;
}

/** Says something in the status bar. */
export function say(text) {
  $("status").textContent = text;
}

/** What was kept for this browser; nothing where it may keep nothing. */
export const kept = {
  get(name) {
    try { return localStorage.getItem(name); } catch { return null; }
  },
  set(name, value) {
    try { localStorage.setItem(name, value); } catch { /* nothing is kept then */ }
  },
};

/** A line of the source, the stretch that is meant under a wavy line, and the caret below. */
export function lineOf(place, label) {
  if (place.line === null || place.line === undefined) return null;
  const characters = Array.from(place.excerpt ?? "");
  const start = place.column - 1;
  const end = Math.max(place.end_column - 1, start);
  const cut = Math.max(0, characters.slice(0, start).findIndex((c) => c !== " "));
  const text = (from, to) => characters.slice(from, to).join("");
  return h("div", { class: "line" },
    h("span", { class: "line-number" }, String(place.line)),
    h("code", {},
      text(cut, start), h("mark", {}, text(start, end)), text(end),
      label !== undefined ? h("span", { class: "caret", "aria-hidden": "true" }, h("i", {}, text(cut, start)), `▲ ${label ?? ""}`) : null));
}

/** A button that opens the editor at a place. */
export function editorButton(place) {
  if (!place.line) return null;
  const title = `在编辑器里打开 ${place.file} 第 ${place.line} 行`;
  const name = place.file.split(/[/\\]/).at(-1);
  return h("button", { class: "place", title, onclick: () => edit(place) }, `${name}:${place.line}`);
}

async function edit({ file, line, column }) {
  const query = new URLSearchParams({ file, line, column });
  try {
    const { editor } = await ask(`/open?${query}`, { method: "POST" });
    say(`已交给 ${editor}：${file} 第 ${line} 行`);
  } catch (error) {
    say(error.message);
  }
}
