/* Enter goes down the column of the score sheet, Shift+Enter up; the form is sent by its buttons only. */
(() => {
  "use strict";
  document.addEventListener("keydown", (event) => {
    const field = event.target;
    if (event.key !== "Enter" || event.isComposing || !field.matches(".score-grid input, .score-grid select")) return;
    event.preventDefault();
    const column = [...field.closest("table").querySelectorAll("input:not([type=hidden]), select")];
    const next = column[column.indexOf(field) + (event.shiftKey ? -1 : 1)];
    next?.focus();
    if (next?.select) next.select();
  });
})();
