// Tabs of the two sides: one panel at a time, arrows move between them.

import { $ } from "./util.js";

const listeners = [];
export const onTab = (listener) => listeners.push(listener);

/** Opens the panel that has this name. */
export function openTab(name) {
  const tab = $(`tab-${name}`);
  for (const other of tab.parentElement.children) {
    const selected = other === tab;
    other.setAttribute("aria-selected", String(selected));
    other.tabIndex = selected ? 0 : -1;
    $(other.getAttribute("aria-controls")).hidden = !selected;
  }
  listeners.forEach((listener) => listener(name));
}

/** Makes every list of tabs work. */
export function tabs() {
  for (const list of document.querySelectorAll("[role=tablist]")) {
    const all = [...list.children];
    list.addEventListener("click", (event) => {
      const tab = event.target.closest("[role=tab]");
      if (tab) openTab(tab.getAttribute("aria-controls"));
    });
    list.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!step) return;
      const at = all.findIndex((tab) => tab.getAttribute("aria-selected") === "true");
      const next = all[(at + step + all.length) % all.length];
      openTab(next.getAttribute("aria-controls"));
      next.focus();
    });
  }
}
