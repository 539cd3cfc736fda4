// Elements, numbers as text, and small helpers. Text of the data only ever becomes a text node.

const SVG_NAMESPACE = "http://www.w3.org/2000/svg";

const byId = (id) => document.getElementById(id);

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** An HTML element: `el("p", {class: "note"}, "text", child)`. */
function el(tag, attributes, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** An SVG element. */
function svg(tag, attributes, ...children) {
  return fill(document.createElementNS(SVG_NAMESPACE, tag), attributes, children);
}

/** Says that the page could not be drawn: a blank sheet would say that nothing was found. */
function reportFailure(error) {
  const banner = el("div", { class: "banner", role: "alert", id: "failure" }, el("p", {}, el("strong", {}, "This report could not be drawn. "),
    "The file may be incomplete: ask for it again, or open it in another browser. The tables beside it (neighbourhoods.csv, summary.md) hold the same numbers."),
    el("p", {}, el("code", {}, String(error && error.message ? error.message : error))));
  document.body.prepend(banner);
  document.documentElement.dataset.ready = "failed";
}

function announce(text) {
  byId("announce").textContent = text;
}

/** Offers a text as a file. */
function download(name, type, text) {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = el("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

/** A name that any file system takes. */
function fileName(text) {
  return text.normalize("NFKD").replace(/[^\w-]+/g, "-").replace(/^-+|-+$/g, "").toLowerCase() || "report";
}

const isNumber = (value) => typeof value === "number" && Number.isFinite(value);

function grouped(value, digits) {
  return value.toLocaleString("en", { minimumFractionDigits: 0, maximumFractionDigits: digits });
}

/** A value of a unit as people read it; missing is a dash. */
function formatted(value, unit) {
  if (value === null || value === undefined) return "–";
  switch (unit) {
    case "share": {
      const percent = 100 * value;
      return `${grouped(percent, Math.abs(percent) < 10 && percent !== 0 ? 1 : 0)}%`;
    }
    case "minutes": return `${grouped(value, value < 10 ? 1 : 0)} min`;
    case "square_kilometres": return `${grouped(value, 2)} km²`;
    case "count": return grouped(value, Math.abs(value) < 10 ? 1 : 0);
    case "money": return grouped(value, 0);
    case "score": return grouped(value, 1);
    case "answer": return value ? "yes" : "no";
    case "prose": return String(value);
    case "words": return String(value).replaceAll("_", " ");
    default: return Math.abs(value) >= 1000 ? grouped(value, 0) : String(Number(value.toPrecision(3)));
  }
}

/** "1st", "2nd", "23rd". */
function ordinal(number) {
  const tens = number % 100;
  const ending = tens >= 11 && tens <= 13 ? "th" : { 1: "st", 2: "nd", 3: "rd" }[number % 10] || "th";
  return `${number}${ending}`;
}

/** Runs a function once in the next frame, however often it is asked to. */
function eachFrame(act) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => { asked = false; act(); });
  };
}

/** Runs a function once nothing has asked for it for a while: for what is slow and may follow the rest. */
function afterRest(act, milliseconds = 200) {
  let timer = null;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(act, milliseconds);
  };
}

/** Arrow keys walk through the members of a group, as they do in a native one. */
function walkWithArrows(group, members, choose) {
  group.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const all = [...group.querySelectorAll(members)];
    const at = all.indexOf(document.activeElement);
    if (!step || at < 0) return;
    event.preventDefault();
    const next = all[(at + step + all.length) % all.length];
    next.focus();
    choose(next);
  });
}
