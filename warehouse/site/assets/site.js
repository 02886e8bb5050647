// The language switch, tables that sort and filter, commands that can be copied.
// Without this script a page is whole and Chinese.
(() => {
  "use strict";
  const root = document.documentElement;
  const KEY = "biaogan-language";
  const NAMES = ["aria-label", "placeholder", "title"];

  const recall = () => { try { return localStorage.getItem(KEY); } catch { return null; } };
  const remember = (language) => { try { localStorage.setItem(KEY, language); } catch { /* none */ } };
  const isEnglish = () => root.dataset.lang === "en";
  const say = (zh, en) => (isEnglish() ? en : zh);

  function setLanguage(language) {
    root.dataset.lang = language;
    root.lang = language === "en" ? "en" : "zh-CN";
  }
  // Before the first paint, so that nothing flickers.
  setLanguage(recall() === "en" ? "en" : "zh");

  // Attributes, options and the title hold text only: both languages lie in attributes.
  function translate() {
    for (const name of NAMES) {
      for (const element of document.querySelectorAll(`[data-en-${name}]`)) {
        if (!element.hasAttribute(`data-zh-${name}`)) element.setAttribute(`data-zh-${name}`, element.getAttribute(name));
        element.setAttribute(name, element.getAttribute(`data-${root.dataset.lang}-${name}`));
      }
    }
    for (const element of document.querySelectorAll("[data-en]")) {
      element.dataset.zh ??= element.textContent;
      element.textContent = isEnglish() ? element.dataset.en : element.dataset.zh;
    }
    for (const listener of listeners) listener();
  }
  const listeners = [];

  function makeBoth(zh, en) {
    return [["zh", zh], ["en", en]].map(([language, text]) => {
      const span = document.createElement("span");
      span.lang = language;
      span.textContent = text;
      return span;
    });
  }

  // What a cell shows in the language of the page.
  function read(cell) {
    if (cell.dataset.value !== undefined) return cell.dataset.value;
    return cell.innerText.trim();
  }

  function makeSortable(table) {
    const body = table.tBodies[0];
    if (!body || body.rows.length < 2) return;
    const headings = [...table.tHead.rows[table.tHead.rows.length - 1].cells];
    headings.forEach((heading, at) => {
      if (!heading.dataset.kind || heading.dataset.kind === "none") return;
      const button = document.createElement("button");
      button.type = "button";
      button.append(...heading.childNodes);
      heading.append(button);
      heading.setAttribute("aria-sort", "none");
      button.addEventListener("click", () => {
        const isDown = heading.getAttribute("aria-sort") === "ascending";
        for (const other of headings) if (other.hasAttribute("aria-sort")) other.setAttribute("aria-sort", "none");
        heading.setAttribute("aria-sort", isDown ? "descending" : "ascending");
        const isNumber = heading.dataset.kind === "number";
        const collator = new Intl.Collator(isEnglish() ? "en" : "zh-CN", { numeric: true });
        const keyed = [...body.rows].map((row) => {
          const text = read(row.cells[at]);
          return [isNumber ? parseFloat(text.replace(/[,\s%]/g, "")) : text, row];
        });
        const compare = ([one], [other]) => {
          if (!isNumber) return collator.compare(one, other);
          if (Number.isNaN(one) || Number.isNaN(other)) return Number.isNaN(one) - Number.isNaN(other) || 0;
          return one - other;
        };
        keyed.sort((one, other) => (isDown ? compare(other, one) : compare(one, other)));
        body.append(...keyed.map(([, row]) => row));
      });
    });
  }

  let count = 0;
  function makeFilter(table) {
    const body = table.tBodies[0];
    if (!body || body.rows.length < 8) return;
    const bar = document.createElement("div");
    bar.className = "filter";
    const label = document.createElement("label");
    const input = document.createElement("input");
    const said = document.createElement("span");
    count += 1;
    input.id = `filter-${count}`;
    input.type = "search";
    label.htmlFor = input.id;
    label.append(...makeBoth("筛选", "Filter"));
    said.setAttribute("role", "status");
    said.className = "quiet";
    bar.append(label, input, said);
    table.closest(".scroll").before(bar);
    const narrow = () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const row of body.rows) {
        const text = row.textContent.toLowerCase();
        row.hidden = !words.every((word) => text.includes(word));
        if (!row.hidden) shown += 1;
      }
      const all = body.rows.length;
      said.textContent = say(`${shown} 行，共 ${all} 行`, `${shown} of ${all} rows`);
    };
    input.addEventListener("input", narrow);
    listeners.push(narrow);
    narrow();
  }

  function makeCopyable(code) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.append(...makeBoth("复制", "Copy"));
    button.addEventListener("click", () => {
      const shown = [...code.querySelectorAll("[lang]")].find((span) => span.lang === root.dataset.lang) ?? code;
      getSelection().selectAllChildren(shown);
      document.execCommand("copy");
      button.replaceChildren(...makeBoth("已复制", "Copied"));
    });
    code.after(button);
  }

  // On a narrow screen the failing cell would lie out of sight.
  function showMark(scroll) {
    const mark = scroll.querySelector(".mark");
    if (mark) scroll.scrollLeft = mark.offsetLeft - (scroll.clientWidth - mark.offsetWidth) / 2;
  }

  document.addEventListener("DOMContentLoaded", () => {
    const button = document.getElementById("language");
    button.hidden = false;
    button.addEventListener("click", () => {
      setLanguage(isEnglish() ? "zh" : "en");
      remember(root.dataset.lang);
      translate();
    });
    for (const table of document.querySelectorAll("table.data")) {
      makeSortable(table);
      if ("filter" in table.dataset) makeFilter(table);
    }
    document.querySelectorAll("code.command").forEach(makeCopyable);
    document.querySelectorAll(".drawings .scroll").forEach(showMark);
    translate();
  });
})();
