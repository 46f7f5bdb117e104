"use strict";
// Arrows between what is seen, what a name stands on and leads to, and the switches of the page.
const page = document.documentElement;
const nodes = [...document.querySelectorAll(".node")];
const boxes = [...document.querySelectorAll("details")];
const rows = [...document.querySelectorAll("tbody tr")];
const charts = [...document.querySelectorAll(".chart")].map((chart) => ({
  chart,
  arrows: [...chart.querySelectorAll("g[data-from]")].map((g) => ({
    g,
    from: document.getElementById(g.dataset.from),
    to: document.getElementById(g.dataset.to),
  })),
}));
const after = new Map(nodes.map((node) => [node, []]));
const before = new Map(nodes.map((node) => [node, []]));
for (const { from, to } of charts.flatMap(({ arrows }) => arrows)) {
  after.get(from).push(to);
  before.get(to).push(from);
}

// Arrows. A node in a folded box is seen as the box, and arrows that look alike are one.

function seen(node) {
  let found = node.hidden ? null : node;
  for (let box = node.closest("details"); box; box = box.parentElement.closest("details")) {
    if (box.hidden) return null;
    if (!box.open) found = box;
  }
  return found;
}

function curve(from, to, broken) {
  const [x1, y1, x2, y2] = [from.right, from.top + from.height / 2, to.left, to.top + to.height / 2];
  const bend = Math.max(24, Math.abs(x2 - x1) / 2);
  const line = `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
  const head = `M${x2 - 7} ${y2 - 4}L${x2} ${y2}L${x2 - 7} ${y2 + 4}`;
  const [x, y] = [(x1 + x2) / 2, (y1 + y2) / 2];
  const cross = `M${x - 6} ${y - 6}L${x + 6} ${y + 6}M${x + 6} ${y - 6}L${x - 6} ${y + 6}`;
  return { d: line + head + (broken ? cross : ""), x, y: y - 9 };
}

function draw({ chart, arrows }) {
  // Printed from where there is no room for arrows, they would stand as they do there.
  const narrow = getComputedStyle(chart.firstElementChild).display === "none";
  chart.classList.toggle("narrow", narrow);
  if (narrow) return;
  const { left, top, width } = chart.getBoundingClientRect();
  const places = new Map();
  const place = (element) => {
    if (!places.has(element)) {
      const at = element.getBoundingClientRect();
      places.set(element, new DOMRect(at.x - left, at.y - top, at.width, at.height));
    }
    return places.get(element);
  };
  const drawn = new Set();
  const wanted = arrows.map(({ g, from, to }) => {
    const [start, end] = [seen(from), seen(to)];
    const alike = start && end && `${start.id} ${end.id} ${g.getAttribute("class")} ${g.textContent}`;
    if (!alike || start === end || drawn.has(alike)) return null;
    drawn.add(alike);
    return curve(place(start), place(end), g.classList.contains("broken"));
  });
  arrows.forEach(({ g }, number) => {
    const line = wanted[number];
    g.toggleAttribute("hidden", !line);
    if (!line) return;
    g.firstElementChild.setAttribute("d", line.d);
    for (const text of g.querySelectorAll("text")) {
      text.setAttribute("x", line.x);
      text.setAttribute("y", line.y);
    }
  });
  chart.style.setProperty("--fit", Math.min(1, 1000 / width));
}

let asked = 0;
function drawSoon() {
  cancelAnimationFrame(asked);
  asked = requestAnimationFrame(() => charts.forEach(draw));
}
const sizes = new ResizeObserver(drawSoon);
charts.forEach(({ chart }) => sizes.observe(chart));
document.addEventListener("toggle", drawSoon, true);

// Ways: what leads to a node, and what it leads to.

function follow(start, steps, found) {
  const open = [start];
  while (open.length) {
    for (const next of steps.get(open.pop())) {
      if (!found.has(next)) {
        found.add(next);
        open.push(next);
      }
    }
  }
}

function waysThrough(node) {
  const [back, on] = [new Set([node]), new Set([node])];
  follow(node, before, back);
  follow(node, after, on);
  return { back, on };
}

let pinned = null;
function show(node) {
  const ways = node && waysThrough(node);
  for (const { chart, arrows } of charts) {
    chart.classList.toggle("asked", Boolean(node) && chart.contains(node));
    for (const { g, from, to } of arrows) {
      const on = ways && [ways.back, ways.on].some((side) => side.has(from) && side.has(to));
      g.classList.toggle("on", Boolean(on));
    }
  }
  for (const one of nodes) {
    one.classList.toggle("on", Boolean(ways && (ways.back.has(one) || ways.on.has(one))));
  }
}
for (const node of nodes) {
  node.addEventListener("pointerenter", () => show(node));
  node.addEventListener("pointerleave", () => show(pinned));
  node.addEventListener("focus", () => show(node));
  node.addEventListener("blur", () => show(pinned));
  node.addEventListener("click", () => {
    pinned?.setAttribute("aria-pressed", "false");
    pinned = pinned === node ? null : node;
    pinned?.setAttribute("aria-pressed", "true");
    show(pinned);
  });
}

// Search: the ways through what has the words, and the rows that have them.

const texts = new Map(nodes.map((node) => {
  let text = node.querySelector(".said").textContent;
  for (let box = node.closest("details"); box; box = box.parentElement.closest("details")) {
    text += `\n${box.querySelector(".title").textContent}`;
  }
  return [node, text.toLowerCase()];
}));
const MANY = 25;

function search(words) {
  const kept = new Set();
  const found = words ? nodes.filter((node) => texts.get(node).includes(words)) : nodes;
  for (const node of found) {
    const { back, on } = words ? waysThrough(node) : { back: [node], on: [] };
    for (const one of [...back, ...on]) kept.add(one);
  }
  for (const node of nodes) node.hidden = !kept.has(node);
  for (const box of boxes) {
    const inside = box.querySelectorAll(".node:not([hidden])").length;
    box.hidden = !inside;
    box.open = words ? inside <= MANY : !("folded" in box.dataset);
  }
  for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(words);
  document.querySelector("output").value = words ? `${found.length} / ${nodes.length}` : "";
  drawSoon();
}
const input = document.querySelector("input");
let waiting = 0;
input.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => search(input.value.trim().toLowerCase()), 120);
});

// Switches.

const CHOICES = {
  language: () => { page.lang = page.lang.startsWith("zh") ? "en" : "zh-CN"; },
  theme: () => {
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    const now = page.dataset.theme ?? (dark ? "dark" : "light");
    page.dataset.theme = now === "dark" ? "light" : "dark";
  },
  unfold: () => { for (const box of boxes) box.open = true; },
  fold: () => { for (const box of boxes) box.open = !("folded" in box.dataset); },
};
for (const button of document.querySelectorAll("[data-does]")) {
  button.addEventListener("click", () => {
    CHOICES[button.dataset.does]();
    drawSoon();
  });
}
if (navigator.language.startsWith("zh")) page.lang = "zh-CN";
drawSoon();
