// The pages: loaded as they come near, replaced only where they changed, marked until looked at.

import { $, h } from "./util.js";

const holder = $("pages");
/** What is shown, page by page: {number, hash, width, height, element, image, marks}. */
let sheets = [];
let zoom = "width";
let current = 1;
const unseen = new Set();
const listeners = { page: [], click: [], unseen: [] };

export const on = (name, listener) => listeners[name].push(listener);
const tell = (name, ...words) => listeners[name].forEach((listener) => listener(...words));

export const count = () => sheets.length;
export const currentPage = () => current;
export const pageSource = ({ number, hash }) => `/pages/${number}.svg?hash=${hash}`;

// ---- From the server ---------------------------------------------------------------------------

/** Takes over the pages of a new state; answers which ones changed. */
export function update(pages) {
  $("waiting")?.remove();
  const first = sheets.length === 0;
  const anchor = first ? null : anchored();
  const changed = [];
  let moved = pages.length !== sheets.length;
  pages.forEach((page, at) => {
    const sheet = sheets[at];
    if (!sheet) {
      sheets.push(newSheet(page));
      changed.push(page.number);
    } else if (sheet.hash !== page.hash) {
      moved ||= sheet.width !== page.width || sheet.height !== page.height;
      Object.assign(sheet, page);
      refresh(sheet);
      changed.push(page.number);
    }
  });
  for (const sheet of sheets.splice(pages.length)) {
    near.unobserve(sheet.element);
    seen.unobserve(sheet.element);
    unseen.delete(sheet.number);
    sheet.element.remove();
  }
  if (first || moved) resize();
  if (moved && anchor) scrollTo(anchor);
  if (!first) changed.forEach((number) => markUnseen(number));
  tell("unseen", unseen);
  return first ? [] : changed;
}

function newSheet(page) {
  const image = h("img", { alt: `第 ${page.number} 页`, decoding: "async", draggable: "false" });
  const marks = h("div", { class: "marks", "aria-hidden": "true" });
  const element = h("article", { class: "sheet", "data-page": page.number, "aria-label": `第 ${page.number} 页` },
    image, marks, h("span", { class: "fresh" }, "已更新"));
  const sheet = { ...page, element, image, marks };
  element.addEventListener("click", (event) => {
    const box = image.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * sheet.width;
    const y = ((event.clientY - box.top) / box.height) * sheet.height;
    tell("click", sheet.number, x, y);
  });
  holder.append(element);
  near.observe(element);
  seen.observe(element);
  return sheet;
}

const sheetOf = (element) => sheets[Number(element.dataset.page) - 1];

/** Pages are fetched when they are a screen or two away. */
const near = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    const sheet = sheetOf(target);
    if (!sheet) continue;
    sheet.isNear = isIntersecting;
    if (isIntersecting) refresh(sheet);
  }
}, { root: holder, rootMargin: "150% 0px" });

/** Shows a page as it now is. The old look stays until the new one is drawn. */
async function refresh(sheet) {
  if (!sheet.isNear || sheet.drawn === sheet.hash) return;
  const { hash } = sheet;
  const fresh = new Image();
  fresh.src = pageSource(sheet);
  try {
    await fresh.decode();
  } catch {
    return;
  }
  if (sheet.hash !== hash) return;
  sheet.image.src = fresh.src;
  sheet.drawn = hash;
  sheet.element.dataset.drawn = hash;
}

// ---- What was looked at ------------------------------------------------------------------------

/** A changed page has been seen when it stood in view for a while. */
const LOOK = 1500;
const looking = new Map();

const seen = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    const number = Number(target.dataset.page);
    clearTimeout(looking.get(number));
    looking.delete(number);
    if (isIntersecting) {
      target.dataset.inView = "";
      watchFor(number);
    } else {
      delete target.dataset.inView;
    }
  }
}, { root: holder, threshold: 0.35 });

function watchFor(number) {
  if (!unseen.has(number)) return;
  clearTimeout(looking.get(number));
  looking.set(number, setTimeout(() => {
    if (document.visibilityState !== "visible") return watchFor(number);
    unseen.delete(number);
    sheets[number - 1]?.element.classList.remove("changed");
    tell("unseen", unseen);
  }, LOOK));
}

function markUnseen(number) {
  unseen.add(number);
  const { element } = sheets[number - 1];
  element.classList.add("changed");
  if ("inView" in element.dataset) watchFor(number);
}

export function nextUnseen() {
  const numbers = [...unseen].sort((a, b) => a - b);
  const next = numbers.find((number) => number > current) ?? numbers[0];
  if (next) go(next);
  return next;
}

// ---- Marks -------------------------------------------------------------------------------------

/** Takes all marks of a kind away; `now` is the one that the reader is at. */
export function unmark(kind) {
  for (const mark of holder.querySelectorAll(`.mark-${kind}`)) mark.remove();
}

/** A mark over a place of a page of this size; `kinds` parted by spaces. */
export function markFor(area, { width, height }, kinds) {
  const element = h("div", { class: `mark ${kinds.replace(/\S+/g, "mark-$&")}` });
  const percent = (part, whole) => `${(part / whole) * 100}%`;
  element.style.left = percent(area.x - 1.5, width);
  element.style.top = percent(area.y - 1, height);
  element.style.width = percent(area.width + 3, width);
  element.style.height = percent(area.height + 2, height);
  return element;
}

/** Puts a mark over a place. */
export function mark(area, kinds) {
  const sheet = sheets[area.page - 1];
  sheet?.marks.append(markFor(area, sheet, kinds));
}

/** Marks places in place of earlier ones of the kind, and goes to the first. */
export function show(areas, kind) {
  unmark(kind);
  areas.forEach((area) => mark(area, kind));
  if (areas[0]) reveal(areas[0]);
}

// ---- Moving ------------------------------------------------------------------------------------

const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

export function go(number) {
  const sheet = sheets[Math.min(Math.max(number, 1), sheets.length) - 1];
  if (sheet) holder.scrollTo({ top: sheet.element.offsetTop - 12, behavior: "instant" });
}

/** Brings a place of a page into view, if it is not. */
export function reveal(area) {
  const sheet = sheets[area.page - 1];
  if (!sheet) return;
  const scale = sheet.element.clientHeight / sheet.height;
  const top = sheet.element.offsetTop + area.y * scale;
  const bottom = top + area.height * scale;
  const inView = top > holder.scrollTop + 20 && bottom < holder.scrollTop + holder.clientHeight - 20;
  const left = sheet.element.offsetLeft + area.x * scale - holder.clientWidth / 3;
  if (!inView) {
    holder.scrollTo({ top: top - holder.clientHeight / 3, left, behavior: still() ? "instant" : "auto" });
  }
}

/** The page under the middle of the view, and how far down it the top of the view is. */
function anchored() {
  const sheet = sheets[current - 1];
  if (!sheet) return null;
  const offset = (holder.scrollTop - sheet.element.offsetTop) / Math.max(sheet.element.clientHeight, 1);
  return { number: current, offset };
}

function scrollTo({ number, offset }) {
  const sheet = sheets[Math.min(number, sheets.length) - 1];
  if (sheet) holder.scrollTop = sheet.element.offsetTop + offset * sheet.element.clientHeight;
}

holder.addEventListener("scroll", () => requestAnimationFrame(locate), { passive: true });

function locate() {
  const line = holder.scrollTop + holder.clientHeight * 0.4;
  let [low, high] = [0, sheets.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (sheets[middle].element.offsetTop <= line) low = middle;
    else high = middle - 1;
  }
  const atEnd = holder.scrollTop + holder.clientHeight >= holder.scrollHeight - 2;
  const number = atEnd && holder.scrollTop > 0 ? sheets.length : low + 1;
  if (number !== current) {
    current = number;
    tell("page", current);
  }
}

// ---- Zoom --------------------------------------------------------------------------------------

const STEPS = [0.25, 0.33, 0.5, 0.67, 0.75, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3, 4];
/** CSS pixels of a point. */
const POINT = 96 / 72;

function scale() {
  if (typeof zoom === "number") return zoom;
  const widest = Math.max(...sheets.map((sheet) => sheet.width));
  const across = (holder.clientWidth - 56) / (widest * POINT);
  if (zoom === "width") return Math.min(Math.max(across, 0.2), 1.6);
  const highest = Math.max(...sheets.map((sheet) => sheet.height));
  return Math.max(Math.min(across, (holder.clientHeight - 32) / (highest * POINT)), 0.2);
}

export function setZoom(value) {
  const anchor = anchored();
  zoom = value;
  resize();
  if (anchor) scrollTo(anchor);
  return scale();
}

export function step(direction) {
  const now = scale();
  const next = direction > 0
    ? STEPS.find((at) => at > now + 0.01) ?? STEPS.at(-1)
    : STEPS.findLast((at) => at < now - 0.01) ?? STEPS[0];
  return setZoom(next);
}

/** CSS pixels of a point of the pages as they are shown. */
export const pointSize = () => scale() * POINT;

function resize() {
  if (sheets.length === 0) return;
  const factor = pointSize();
  for (const { element, width, height } of sheets) {
    element.style.width = `${width * factor}px`;
    element.style.height = `${height * factor}px`;
  }
}

new ResizeObserver(() => {
  if (typeof zoom === "number") return;
  const anchor = anchored();
  resize();
  if (anchor) scrollTo(anchor);
}).observe(holder);
