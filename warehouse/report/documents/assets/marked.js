// Why a number is marked, beside it; which verdicts are shown; and the way to the next one to look at.
// Without this script every mark still leads to its row in the list.
(() => {
  "use strict";
  const WAIT = 180;
  const both = (zh, en) => [["zh", zh], ["en", en]].map(([language, text]) => {
    const span = document.createElement("span");
    span.lang = language;
    span.textContent = text;
    return span;
  });

  function explain(mark, panel) {
    const row = document.getElementById(mark.hash.slice(1));
    if (!row) return;
    const copy = (at) => [...row.cells[at].childNodes].map((node) => node.cloneNode(true));
    const head = document.createElement("p");
    head.append(...copy(6));
    const facts = document.createElement("dl");
    const add = (zh, en, at) => {
      const said = row.cells[at].textContent.trim();
      if (!said || said === "—") return;
      const term = document.createElement("dt");
      const value = document.createElement("dd");
      term.append(...both(zh, en));
      value.append(...copy(at));
      facts.append(term, value);
    };
    add("对应", "Tied to", 2);
    add("文中值", "In the text", 3);
    add("已发布值", "Published", 4);
    add("依据", "Held against", 5);
    const why = document.createElement("p");
    why.append(...copy(7));
    panel.replaceChildren(head, ...(facts.children.length ? [facts] : []), why);
    panel.hidden = false;
    const box = mark.getClientRects()[0];
    const width = document.documentElement.clientWidth;
    panel.style.left = `${Math.max(8, Math.min(box.left, width - panel.offsetWidth - 8)) + scrollX}px`;
    const below = box.bottom + 6;
    const fits = below + panel.offsetHeight < innerHeight || box.top < panel.offsetHeight + 12;
    panel.style.top = `${(fits ? below : box.top - panel.offsetHeight - 6) + scrollY}px`;
  }

  function watchMarks(article, panel) {
    let timer = 0;
    const hide = () => { panel.hidden = true; };
    const later = () => { clearTimeout(timer); timer = setTimeout(hide, WAIT); };
    const markOf = (event) => event.target.closest?.("a.m");
    const open = (event) => {
      const mark = markOf(event);
      if (!mark) return;
      clearTimeout(timer);
      explain(mark, panel);
    };
    article.addEventListener("mouseover", open);
    article.addEventListener("focusin", open);
    article.addEventListener("mouseout", (event) => { if (markOf(event)) later(); });
    article.addEventListener("focusout", later);
    panel.addEventListener("mouseenter", () => clearTimeout(timer));
    panel.addEventListener("mouseleave", later);
    document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
  }

  function watchToggles(tools, main) {
    tools.hidden = false;
    for (const button of tools.querySelectorAll("[data-status]")) {
      button.addEventListener("click", () => {
        const shown = button.getAttribute("aria-pressed") !== "true";
        button.setAttribute("aria-pressed", String(shown));
        main.classList.toggle(`hide-${button.dataset.status}`, !shown);
      });
    }
  }

  function watchNext(button, article) {
    const marks = [...article.querySelectorAll("a.m-contradicts, a.m-untied, a.m-revised, a.flag")];
    if (!marks.length) { button.remove(); return; }
    let at = -1;
    button.addEventListener("click", () => {
      const hidden = (mark) => [...mark.classList].some((name) => name.startsWith("m-")
        && document.getElementById("main").classList.contains(`hide-${name.slice(2)}`));
      for (let step = 0; step < marks.length; step += 1) {
        at = (at + 1) % marks.length;
        if (!hidden(marks[at])) break;
      }
      marks[at].scrollIntoView({ block: "center" });
      marks[at].focus({ preventScroll: true });
    });
  }

  document.addEventListener("DOMContentLoaded", () => {
    const article = document.getElementById("article");
    watchMarks(article, document.getElementById("why"));
    watchToggles(document.getElementById("tools"), document.getElementById("main"));
    watchNext(document.getElementById("next"), article);
  });
})();
