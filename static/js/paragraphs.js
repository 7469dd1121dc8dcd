/* Writing the annual summary: a click puts a figure into the text, its length is counted, and one sees how it will
   print. Without a script the figures are copied by hand and the preview is that of the last save. */
(() => {
  "use strict";
  const figures = new Map();
  const fold = (name) =>
    name.toLowerCase().replaceAll("đ", "d").normalize("NFD").replace(/\p{M}/gu, "").trim().replace(/\s+/g, " ");
  const number = new Intl.NumberFormat("vi-VN");
  let last = document.querySelector(".writing-form textarea");

  const filled = (text) =>
    text.replace(/\{\{|\}\}|\{([^{}\n]*)\}/g, (whole, name) =>
      name === undefined ? whole[0] : (figures.get(fold(name)) ?? whole));

  const show = (field) => {
    const count = document.querySelector(`[data-count="${field.id}"]`);
    count.textContent = count.textContent.replace(/[\d.]+/, number.format(field.value.length));
    count.classList.toggle("late", field.value.length > Number(count.dataset.longest));
    const sheet = document.querySelector(`[data-preview="${field.id}"]`);
    const lines = filled(field.value).split("\n").map((line) => line.trim()).filter(Boolean);
    sheet.replaceChildren(...lines.map((line) => {
      const paragraph = document.createElement("p");
      paragraph.textContent = line;
      return paragraph;
    }));
    sheet.closest("details").hidden = !lines.length;
  };

  for (const item of document.querySelectorAll("[data-figure]")) {
    figures.set(fold(item.dataset.figure.slice(1, -1)), item.dataset.value);
    const button = document.createElement("button");
    button.type = "button";
    button.className = "figure-pick";
    button.append(...item.childNodes);
    button.addEventListener("click", () => {
      const gap = /[^\s({“"]$/.test(last.value.slice(0, last.selectionStart)) ? " " : "";
      last.setRangeText(gap + item.dataset.figure, last.selectionStart, last.selectionEnd, "end");
      last.focus();
      last.dispatchEvent(new Event("input", { bubbles: true }));
    });
    item.append(button);
  }
  for (const field of document.querySelectorAll(".writing-form textarea")) {
    field.addEventListener("focus", () => { last = field; });
    field.addEventListener("input", () => show(field));
  }
})();
