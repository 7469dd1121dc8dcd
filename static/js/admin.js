/* The admin's tables: on a phone each cell names its column; in a table of inputs each input names its column. */
(() => {
  "use strict";
  const words = (cell) => cell?.textContent.trim().replace(/\s+/g, " ") || "";

  const nameCells = (table) => {
    const heads = [...(table.tHead?.rows[0]?.cells || [])];
    for (const row of [...table.tBodies].flatMap((body) => [...body.rows])) {
      if (row.cells.length !== heads.length) continue;
      heads.forEach((head, index) => {
        const cell = row.cells[index];
        if (cell.tagName === "TD" && words(head)) cell.dataset.label = words(head);
        for (const field of cell.querySelectorAll("input:not([type=hidden]), select, textarea")) {
          const isNamed = field.labels?.length || field.hasAttribute("aria-label") || field.hasAttribute("aria-labelledby");
          if (!isNamed && words(head)) field.setAttribute("aria-label", words(head));
        }
      });
    }
  };
  /* A date with an hour, and a field drawn by select2: the label of the row or the column is theirs too. */
  const nameParts = () => {
    for (const field of document.querySelectorAll(".vDateField, .vTimeField")) {
      const label = words(field.closest(".form-row")?.querySelector("label")).replace(/:$/, "");
      if (!field.labels?.length && label) field.setAttribute("aria-label", `${label}: ${words(field.previousSibling)}`);
    }
    for (const box of document.querySelectorAll(".select2-selection")) {
      const select = box.closest(".select2-container").previousElementSibling;
      const name = select?.getAttribute("aria-label") || words(select?.labels?.[0]).replace(/:$/, "");
      if (!name) continue;
      for (const part of [box, box.querySelector(".select2-selection__rendered"), box.querySelector(".select2-search__field")]) {
        if (!part) continue;
        part.removeAttribute("aria-labelledby");
        part.setAttribute("aria-label", name);
      }
    }
    for (const head of document.querySelectorAll(".tabular thead th")) if (!words(head)) head.setAttribute("role", "presentation");
  };
  const nameAll = () => {
    for (const table of document.querySelectorAll("#result_list, .tabular table, #change-history table")) nameCells(table);
    nameParts();
  };

  const start = () => {
    nameAll();
    const content = document.getElementById("content-main");
    if (content) new MutationObserver(nameAll).observe(content, { childList: true, subtree: true });
    if (matchMedia("(max-width: 1199.98px)").matches) {
      for (const filter of document.querySelectorAll("#changelist-filter details")) {
        if (!filter.querySelector("li.selected:not(:first-child)")) filter.open = false;
      }
    }
  };
  if (document.readyState === "complete") start();
  else addEventListener("load", start);
})();
