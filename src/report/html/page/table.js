// All neighbourhoods as rows: sorted, filtered, downloaded.

const PAGE_ROWS = 50;

/** What of the table differs from how it opens, by name; for the address. */
function tableView() {
  const parts = {};
  for (const name of ["theme", "sort", "filter", "column", "least", "most"]) if (TABLE[name] && TABLE[name] !== TABLE_AT_FIRST[name]) parts[name] = TABLE[name];
  if (TABLE.descending) parts.descending = "1";
  return parts;
}

/** Shows the table as an address has it; without a word about it, as it opens. */
function showTableView(parts) {
  const known = (name) => allLayers().some((column) => column.name === name);
  const { theme, sort, column, descending, filter, least, most } = parts;
  const next = { ...TABLE_AT_FIRST, descending: Boolean(descending), filter: filter || "", least: least || "", most: most || "" };
  if (allLayers().some((one) => one.theme === theme)) next.theme = theme;
  if (known(sort)) next.sort = sort;
  if (known(column)) next.column = column;
  Object.assign(TABLE, next);
  drawTableTools();
  drawTable();
}

const TABLE_AT_FIRST = { theme: null, sort: null, descending: false, filter: "", column: "", least: "", most: "", page: 0 };
const TABLE = { ...TABLE_AT_FIRST };

function tableColumns() {
  return allLayers().filter((column) => column.theme === TABLE.theme);
}

/** Rows that pass the filters, in order. */
function tableRows() {
  const wanted = TABLE.filter.trim().toLowerCase();
  const by = allLayers().find(({ name }) => name === TABLE.column);
  const [least, most] = [TABLE.least, TABLE.most].map((text) => (text === "" ? null : Number(text)));
  const factor = by && by.unit === "share" ? 100 : 1;
  const rows = DATA.ids.map((_, place) => place).filter((place) => {
    if (wanted && !`${DATA.names[place]} ${DATA.ids[place]}`.toLowerCase().includes(wanted)) return false;
    if (!by || (least === null && most === null)) return true;
    const value = by.values[place];
    return isNumber(value) && (least === null || value * factor >= least) && (most === null || value * factor <= most);
  });
  const column = allLayers().find(({ name }) => name === TABLE.sort);
  const key = column ? (place) => column.values[place] : (place) => NAME_RANK[place];
  const sign = TABLE.descending ? -1 : 1;
  return rows.sort((a, b) => {
    const [p, q] = [key(a), key(b)];
    // What is missing stands last, whichever way the rest runs.
    if (isMissing(p) || isMissing(q)) return isMissing(p) - isMissing(q) || a - b;
    const order = typeof p === "string" ? collator.compare(p, q) : p - q;
    return sign * order || a - b;
  });
}

function drawTableTools() {
  if (TABLE.theme === null) TABLE.theme = TABLE_AT_FIRST.theme = THEMES.map(([theme]) => theme).find((theme) => allLayers().some((column) => column.theme === theme));
  const again = (change) => { Object.assign(TABLE, change, { page: 0 }); drawTable(); remember(); };
  const themes = THEMES.filter(([theme]) => allLayers().some((column) => column.theme === theme));
  byId("table-tools").replaceChildren(
    el("label", { class: "field" }, el("span", {}, "Columns"), el("select", { id: "table-theme", onchange: (event) => again({ theme: event.target.value }) }, themes.map(([theme, title]) => el("option", { value: theme, selected: theme === TABLE.theme }, title)))),
    el("label", { class: "field" }, el("span", {}, "Name has"), el("input", { id: "table-filter", type: "search", value: TABLE.filter, oninput: (event) => again({ filter: event.target.value }) })),
    el("label", { class: "field" }, el("span", {}, "Only where"), el("select", { id: "table-column", onchange: (event) => again({ column: event.target.value }) },
      el("option", { value: "" }, "any value"), numberLayers().map((column) => el("option", { value: column.name, selected: column.name === TABLE.column }, column.unit === "share" ? `${column.label} (%)` : column.label)))),
    el("label", { class: "field narrow" }, el("span", {}, "at least"), el("input", { id: "table-least", type: "number", step: "any", value: TABLE.least, oninput: (event) => again({ least: event.target.value }) })),
    el("label", { class: "field narrow" }, el("span", {}, "at most"), el("input", { id: "table-most", type: "number", step: "any", value: TABLE.most, oninput: (event) => again({ most: event.target.value }) })),
    el("span", { class: "spacer" }),
    el("button", { type: "button", id: "download-csv", onclick: downloadCsv }, "Download CSV"),
    el("button", { type: "button", id: "download-geojson", onclick: downloadGeojson }, "Download GeoJSON"));
}

function drawTable() {
  const [columns, rows] = [tableColumns(), tableRows()];
  const pages = Math.max(1, Math.ceil(rows.length / PAGE_ROWS));
  TABLE.page = Math.min(TABLE.page, pages - 1);
  const heading = (name, label, title) => {
    const sorted = TABLE.sort === name;
    const direction = sorted ? (TABLE.descending ? "descending" : "ascending") : "none";
    return el("th", { scope: "col", "aria-sort": direction, title }, el("button", { type: "button", class: "sort", onclick: () => {
      TABLE.descending = sorted ? !TABLE.descending : name !== null;
      TABLE.sort = name;
      drawTable();
      remember();
      const headings = [null, ...tableColumns().map((column) => column.name)];
      byId("rows").querySelectorAll("thead button")[headings.indexOf(name)].focus();
    } }, label, el("span", { "aria-hidden": "true" }, sorted ? (TABLE.descending ? " ↓" : " ↑") : "")));
  };
  const head = el("tr", {}, heading(null, "Neighbourhood"), columns.map((column) => heading(column.name, column.label, column.meaning)));
  const body = rows.slice(TABLE.page * PAGE_ROWS, (TABLE.page + 1) * PAGE_ROWS).map((place) =>
    el("tr", { "data-place": place, class: place === STATE.selected ? "selected" : null },
      el("th", { scope: "row" }, el("button", { type: "button", class: "link", onclick: () => { selectPlace(place, true); byId("explore").scrollIntoView(); } }, DATA.names[place])),
      columns.map((column) => el("td", { class: column.scale.kind === "classes" ? null : "number" }, formatted(column.values[place], column.unit)))));
  byId("rows").replaceChildren(el("thead", {}, head), el("tbody", {}, body.length ? body : el("tr", {}, el("td", { colspan: columns.length + 1, class: "quiet-text" }, "No neighbourhood passes these filters."))));
  const step = (by) => { TABLE.page += by; drawTable(); };
  byId("table-pages").replaceChildren(el("span", { role: "status" }, `${rows.length} of ${COUNT} neighbourhoods`),
    ...(pages > 1 ? [el("button", { type: "button", disabled: TABLE.page === 0, onclick: () => step(-1) }, "Previous"), el("span", {}, `page ${TABLE.page + 1} of ${pages}`),
      el("button", { type: "button", disabled: TABLE.page === pages - 1, onclick: () => step(1) }, "Next")] : []));
}

/** All columns of the study, and with an index its score and rank under the weights of the page. */
function exported() {
  const columns = DATA.columns.map(({ name, values }) => [name, values]);
  if (STATE.index) {
    const { scores, ranks } = STATE.evaluated;
    columns.push(["index_score", scores[scores.length - 1]], ["index_rank", ranks]);
  }
  return columns;
}

function csvCell(value) {
  if (isMissing(value)) return "";
  let text = String(value);
  // A name that begins like a formula must stay a name in a spreadsheet.
  if (typeof value === "string" && /^[=+@\t\r]|^-(?![\d.])/.test(text)) text = `'${text}`;
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function downloadCsv() {
  const columns = exported();
  const lines = [["id", "name", ...columns.map(([name]) => name)], ...tableRows().map((place) => [DATA.ids[place], DATA.names[place], ...columns.map(([, values]) => values[place])])];
  download(`${fileName(DATA.name)}.csv`, "text/csv", lines.map((cells) => cells.map(csvCell).join(",")).join("\r\n"));
}

function downloadGeojson() {
  const columns = exported();
  const chosen = new Set(tableRows());
  const collection = geojson((place) => ({ id: DATA.ids[place], name: DATA.names[place], ...Object.fromEntries(columns.map(([name, values]) => [name, values[place] ?? null])) }));
  collection.features = collection.features.filter(({ id }) => chosen.has(id));
  collection.features.forEach((feature) => { feature.id = DATA.ids[feature.id]; });
  download(`${fileName(DATA.name)}.geojson`, "application/geo+json", JSON.stringify(collection));
}
