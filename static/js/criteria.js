/* The tree of criteria: nodes are dragged to another place, a form follows the chosen kind. The buttons do the same. */
(() => {
  "use strict";
  const MARKS = ["drop-before", "drop-after", "drop-into"];
  let dragged = null;

  const unmark = () => {
    for (const node of document.querySelectorAll(MARKS.map((mark) => `.${mark}`).join())) node.classList.remove(...MARKS);
  };
  /* The nodes that follow with a deeper depth lie below it: a group is not dropped into itself. */
  const isBelow = (node, group) => {
    for (let at = node; at; at = document.getElementById(`node-${at.dataset.parent}`)) if (at === group) return true;
    return false;
  };
  /* Upper part of a row: before it; lower part: behind it; the middle of a group: into it. */
  const markFor = (node, y) => {
    const box = node.getBoundingClientRect();
    const share = (y - box.top) / box.height;
    if ("holds" in node.dataset && share > 0.25 && share < 0.75) return "drop-into";
    return share < 0.5 ? "drop-before" : "drop-after";
  };
  const targetOf = (event) => {
    const node = event.target.closest?.(".node[data-node]");
    return node && dragged && !isBelow(node, dragged) ? node : null;
  };
  const partsOf = (parent) =>
    [...document.querySelectorAll(`.node[data-parent="${parent}"]`)].filter((node) => node !== dragged);

  document.addEventListener("dragstart", (event) => {
    const node = event.target.closest?.(".grip")?.closest(".node");
    if (!node) return;
    dragged = node;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", node.dataset.node);
    event.dataTransfer.setDragImage(node, 16, 16);
    setTimeout(() => node.classList.add("is-dragged"));
  });
  document.addEventListener("dragover", (event) => {
    const node = targetOf(event);
    unmark();
    if (!node) return;
    event.preventDefault();
    node.classList.add(markFor(node, event.clientY));
  });
  document.addEventListener("drop", (event) => {
    const node = targetOf(event);
    if (!node) return;
    event.preventDefault();
    const mark = markFor(node, event.clientY);
    const parent = mark === "drop-into" ? node.dataset.node : node.dataset.parent;
    const parts = partsOf(parent);
    const place = mark === "drop-into" ? parts.length : parts.indexOf(node) + (mark === "drop-after" ? 1 : 0);
    htmx.ajax("POST", dragged.dataset.move, { source: dragged, target: "#criteria-tree", swap: "outerHTML", values: { to: `${parent}:${place}` } });
  });
  document.addEventListener("dragend", () => {
    unmark();
    dragged?.classList.remove("is-dragged");
    dragged = null;
  });

  /* Another kind or source has other fields: the server draws them. The button is clicked, because htmx learns from the
     click alone which button was meant; with `requestSubmit` the form would be saved. */
  const redraw = (form) => form.querySelector("button[name=choose]").click();
  document.addEventListener("change", (event) => {
    if (event.target.matches("select[data-chooses]")) redraw(event.target.form);
  });

  /* What is typed while the answer is on its way goes over into the form that the server draws. */
  let typed = [];
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { elt, formData } = event.detail.requestConfig;
    const isForm = elt.matches(".criterion-form");
    typed = isForm ? [...elt.elements].filter(({ name, value }) => formData.has(name) && formData.get(name) !== value) : [];
  });
  document.addEventListener("htmx:afterSwap", () => {
    const form = document.querySelector(".node-form:not([data-seen]) form");
    for (const { name, value } of typed) {
      const field = form?.elements.namedItem(name);
      if (field) field.value = value;
    }
  });

  /* Where a form opened or a node was changed, the keyboard goes on from there. */
  document.addEventListener("htmx:afterSettle", (event) => {
    const node = document.querySelector(".node-form:not([data-seen])");
    if (node) {
      node.dataset.seen = "";
      if (!node.contains(document.activeElement)) node.querySelector(".is-invalid, input:not([type=hidden])")?.focus();
      if (typed.some((field) => field.matches("[data-chooses]"))) redraw(node);
    } else if (event.detail.elt.id === "criteria-tree") {
      document.querySelector("#criteria-tree [data-focus]")?.focus();
    }
  });
})();
