/* A button that puts the text of a field on the clipboard; without a script the field itself can be copied from. */
(() => {
  "use strict";

  /* Outside https a browser has no clipboard of its own for pages; there the field is selected and copied. */
  const copy = async (field) => {
    if (navigator.clipboard) return navigator.clipboard.writeText(field.value);
    const box = field.closest("details");
    const wasOpen = box?.open;
    if (box) box.open = true;
    field.select();
    const isDone = document.execCommand("copy");
    if (box) box.open = wasOpen;
    if (!isDone) throw new Error("not copied");
  };

  for (const button of document.querySelectorAll("[data-copy]")) {
    const field = document.getElementById(button.dataset.copy);
    const said = document.getElementById(button.getAttribute("aria-describedby"));
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await copy(field);
        said.textContent = button.dataset.copied;
      } catch {
        field.closest("details").open = true;
        field.select();
        said.textContent = button.dataset.notCopied;
      }
    });
  }
})();
