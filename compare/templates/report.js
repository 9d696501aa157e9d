"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const words = data.words;
  const PAGE = 60; // rows that a table shows before it is asked for more
  const CONTEXT = 320; // characters around a quotation
  const SEVERAL = 25; // quotations that a sector shows

  document.documentElement.classList.add("script");
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const say = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
  const make = (tag, text, name) => {
    const element = document.createElement(tag);
    if (text !== undefined) element.textContent = text;
    if (name) element.className = name;
    return element;
  };
  // Searching finds words with and without their marks: "duong" finds "đường".
  const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/gi, "d").toLowerCase();
  const visible = (text) => text.replace(/[\u202a-\u202e\u2066-\u2069]/g, "\ufffd");

  // Quotations.

  // Of two texts the words that stand in both in the same order, as places in each; none where they are very long.
  const parts = (text) => text.split(/(\s+)/);
  const bare = (word) => word.normalize("NFC").toLowerCase().replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "");

  function common(one, other) {
    const [a, b] = [one, other].map((text) => parts(text).map(bare));
    const found = [new Set(), new Set()];
    if (a.length * b.length > 4e6) return found;
    const longest = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
    for (let i = a.length - 1; i >= 0; i--)
      for (let j = b.length - 1; j >= 0; j--)
        longest[i][j] =
          a[i] && a[i] === b[j] ? longest[i + 1][j + 1] + 1 : Math.max(longest[i + 1][j], longest[i][j + 1]);
    for (let i = 0, j = 0; i < a.length && j < b.length; ) {
      if (a[i] && a[i] === b[j]) found[0].add(i++) && found[1].add(j++);
      else if (longest[i + 1][j] >= longest[i][j + 1]) i++;
      else j++;
    }
    return found;
  }

  // The words of an item; those that its counterpart has not are set off where the two have some in common.
  function marked(text, shared) {
    const mark = document.createElement("mark");
    parts(visible(text)).forEach((part, n) => {
      const alone = shared && shared.size && part.trim() && !shared.has(n);
      mark.append(alone ? make("b", part) : part);
    });
    return mark;
  }

  function quotation(item, own) {
    const [id, side, start, end] = data.items[item];
    const plan = data.plans[side];
    const section = make("article", undefined, side ? "right" : "left");
    section.append(make("h3", plan.name));
    const place = id.slice(plan.id.length + 1).split("#")[0].replaceAll("/", " / ").replaceAll("-", " ");
    const point = (unit) => [...plan.text.slice(0, unit)].length; // characters as the tables count them
    section.append(make("p", say(words.place, { section: place, start: point(start), end: point(end) }), "place"));
    const quote = document.createElement("blockquote");
    const from = Math.max(0, start - CONTEXT);
    const to = Math.min(plan.text.length, end + CONTEXT);
    quote.append((from ? "…" : "") + visible(plan.text.slice(from, start)));
    quote.append(marked(plan.text.slice(start, end), own));
    quote.append(visible(plan.text.slice(end, to)) + (to < plan.text.length ? "…" : ""));
    section.append(quote);
    return section;
  }

  function quoted(row) {
    const asked = row.dataset.q;
    let items = asked.split(" ").filter(Boolean).map(Number);
    if (asked.startsWith("sector:")) {
      const sector = asked.slice(7);
      items = Object.hasOwn(data.sectors, sector) ? data.sectors[sector] : [];
      items = [0, 1].flatMap((side) => items.filter((item) => data.items[item][1] === side).slice(0, SEVERAL));
    }
    const box = make("div", undefined, "quotes");
    const spans = items.map((item) => data.items[item]);
    const pair = items.length === 2 && spans[0][1] !== spans[1][1];
    const shared = pair ? common(...spans.map(([, side, start, end]) => data.plans[side].text.slice(start, end))) : [];
    box.append(...items.map((item, n) => quotation(item, shared[n])));
    if (!box.childElementCount) box.append(make("p", words.no_quote));
    return box;
  }

  function toggle(row) {
    const button = row.querySelector(".opener button");
    const open = button.getAttribute("aria-expanded") === "true";
    if (open) {
      row.nextElementSibling.remove();
    } else {
      const cell = document.createElement("td");
      cell.colSpan = row.cells.length;
      cell.append(quoted(row));
      const line = make("tr", undefined, "quote");
      line.append(cell);
      row.after(line);
    }
    button.setAttribute("aria-expanded", String(!open));
    name(button, open ? words.open : words.close);
  }

  function name(button, text) {
    button.setAttribute("aria-label", text);
    button.dataset.label = text;
    button.title = text;
  }

  // Judgements, kept in this browser.

  let kept = true;
  let judgements = {};
  try {
    judgements = JSON.parse(localStorage.getItem(data.store) || "{}") || {};
    document.getElementById("reviewer").value = localStorage.getItem("plandiff:reviewer") || "";
  } catch {
    kept = false;
  }

  function keep() {
    try {
      localStorage.setItem(data.store, JSON.stringify(judgements));
      localStorage.setItem("plandiff:reviewer", document.getElementById("reviewer").value);
    } catch {
      kept = false;
    }
    const n = Object.keys(judgements).length;
    document.getElementById("judged").textContent = say(words.judged_n, { n }) + (kept ? "" : ` ${words.not_kept}`);
  }

  function judge(pair, decision) {
    const before = judgements[pair];
    if (before && before.decision === decision) {
      delete judgements[pair];
    } else {
      const reviewer = document.getElementById("reviewer").value.trim();
      judgements[pair] = { decision, reviewer, date: new Date().toISOString().slice(0, 10) };
    }
    keep();
    rows.filter((row) => row.pair === pair).forEach(showDecision);
  }

  function showDecision(row) {
    const own = judgements[row.pair];
    const decision = own ? own.decision : row.dataset.decided || "";
    row.classList.toggle("accepted", decision === "accepted");
    row.classList.toggle("rejected", decision === "rejected");
    for (const button of all("td.judge button", row)) button.setAttribute("aria-pressed", String(button.value === decision));
  }

  // A text that begins like a formula would run in a spreadsheet.
  const csvCell = (text) => `"${String(text).replace(/^[=+@\-\t\r]/, "'$&").replaceAll('"', '""')}"`;

  function exported() {
    const head = ["left_plan", "left_id", "right_plan", "right_id", "kind", "decision", "reviewer", "date", "left_text", "right_text"];
    const wording = (id) => {
      const [, side, start, end] = data.items.find((item) => item[0] === id) || ["", 0, 0, 0];
      return data.plans[side].text.slice(start, end).split(/\s+/).join(" ").trim();
    };
    const lines = Object.keys(judgements).sort().map((pair) => {
      const [left, right, kind] = pair.split("\n");
      const { decision, reviewer, date } = judgements[pair];
      return [data.plans[0].id, left, data.plans[1].id, right, kind, decision, reviewer, date, wording(left), wording(right)];
    });
    return [head, ...lines].map((line) => line.map(csvCell).join(",")).join("\r\n") + "\r\n";
  }

  document.getElementById("export").addEventListener("click", () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(["\ufeff", exported()], { type: "text/csv;charset=utf-8" }));
    link.download = `${data.plans[0].id}__${data.plans[1].id}.csv`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
  document.getElementById("forget").addEventListener("click", () => {
    if (!Object.keys(judgements).length || !confirm(words.forget_sure)) return;
    judgements = {};
    keep();
    rows.filter((row) => row.pair).forEach(showDecision);
  });
  document.getElementById("reviewer").addEventListener("change", keep);

  // Tables.

  const rows = [];
  const tables = new Map();
  const everywhere = document.getElementById("everywhere");

  for (const section of all("section.sheet")) {
    const form = section.querySelector("form");
    if (!form) continue;
    const own = all("tbody > tr", section);
    const heads = all("thead th", section).map((head) => head.textContent);
    for (const row of own) {
      heads.forEach((head, n) => { row.cells[n].dataset.head = head; });
      prepare(row);
    }
    rows.push(...own);
    const table = { section, form, rows: own, limit: PAGE };
    tables.set(section.dataset.table, table);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", () => filter(table, true));
    form.addEventListener("reset", () => setTimeout(() => filter(table, true)));
    section.querySelector(".more").addEventListener("click", () => {
      table.limit = Infinity;
      filter(table);
    });
    all("thead th:not(.opener)", section).forEach((head, n) => sortable(table, head, n + 1));
  }

  function prepare(row) {
    row.words = fold(row.textContent);
    if (row.dataset.q) {
      const button = make("button");
      button.type = "button";
      button.setAttribute("aria-expanded", "false");
      name(button, words.open);
      row.cells[0].append(button);
      row.addEventListener("click", (event) => {
        if (event.target.closest("td.judge") || (!event.target.closest("button") && String(getSelection()))) return;
        toggle(row);
      });
    }
    if (!row.dataset.pair) return;
    row.pair = [...row.dataset.q.split(" ").map((item) => data.items[item][0]), row.dataset.pair].join("\n");
    const cell = row.querySelector("td.judge");
    for (const [value, text] of [["accepted", words.accept], ["rejected", words.reject]]) {
      const button = make("button", text);
      button.type = "button";
      button.value = value;
      button.addEventListener("click", () => judge(row.pair, value));
      cell.append(button);
    }
    showDecision(row);
  }

  function filter(table, again) {
    if (again) table.limit = PAGE;
    const wanted = [...new FormData(table.form)].filter(([key, value]) => key !== "q" && value !== "");
    const asked = fold(`${table.form.elements.q.value} ${everywhere.value}`).split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of table.rows) {
      const fits = wanted.every(([key, value]) => row.getAttribute(`data-${key}`) === value) && asked.every((word) => row.words.includes(word));
      row.hidden = !fits;
      shown += fits;
      row.classList.toggle("over", fits && shown > table.limit);
      const next = row.nextElementSibling;
      if (next && next.className === "quote") next.hidden = !fits || shown > table.limit;
    }
    const total = table.rows.length;
    table.form.querySelector("output").textContent = say(shown === total ? words.rows : words.shown, { shown, total });
    table.section.querySelector(".nothing").hidden = shown > 0;
    const more = table.section.querySelector(".more");
    more.hidden = shown <= table.limit;
    more.textContent = say(words.more, { total: shown });
  }

  function sortable(table, head, column) {
    // a real button would not be printed in the headings of further pages
    const button = make("span", head.textContent, "sort");
    button.tabIndex = 0;
    button.setAttribute("role", "button");
    button.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      button.click();
    });
    head.replaceChildren(button);
    const collator = new Intl.Collator("vi", { numeric: true });
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const other of head.parentElement.cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const keyed = table.rows.map((row) => ({ row, cell: row.cells[column] }));
      const number = head.classList.contains("number");
      const value = (cell) => (number ? (cell.dataset.sort ? Number(cell.dataset.sort) : NaN) : cell.textContent.trim());
      const empty = (v) => v === "" || Number.isNaN(v);
      keyed.sort((a, b) => {
        const [x, y] = [value(a.cell), value(b.cell)];
        if (empty(x) || empty(y)) return empty(x) - empty(y); // what is not stated comes last either way
        return (number ? x - y : collator.compare(x, y)) * (down ? -1 : 1);
      });
      table.rows = keyed.map(({ row }) => row);
      const body = table.section.querySelector("tbody");
      for (const row of table.rows) {
        const next = row.nextElementSibling;
        body.append(row);
        if (next && next.className === "quote") body.append(next);
      }
      filter(table);
    });
  }

  everywhere.addEventListener("input", () => tables.forEach((table) => filter(table, true)));

  // An address can ask for rows: "?q=road" in all tables, "#t=tasks_diff&change=dropped" in one.

  function follow() {
    const hash = location.hash.includes("=") ? location.hash.slice(1) : "";
    const asked = new URLSearchParams(hash || location.search);
    const table = tables.get(asked.get("t"));
    if (table) {
      table.form.reset();
      for (const [key, value] of asked) if (key !== "t" && table.form.elements[key]) table.form.elements[key].value = value;
      if (everywhere.value) everywhere.value = "";
    } else if (asked.has("q")) {
      everywhere.value = asked.get("q");
    }
    tables.forEach((each) => filter(each, true));
    if (asked.has("open") && table) table.rows.filter((row) => !row.hidden && row.dataset.q).slice(0, 1).forEach(toggle);
    if (table) table.section.scrollIntoView();
  }

  addEventListener("hashchange", () => location.hash.includes("=") && follow());
  keep();
  follow();
})();
