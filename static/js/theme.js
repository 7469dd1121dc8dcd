/* Runs before the first paint: light or dark as the person chose, else as the device asks. */
(() => {
  "use strict";
  const root = document.documentElement;
  const read = (name) => document.querySelector(`meta[name="${name}"]`)?.content;
  const device = matchMedia("(prefers-color-scheme: dark)");
  const chosen = read("ct-theme") || "auto";
  const apply = () => {
    root.dataset.bsTheme = chosen === "auto" ? (device.matches ? "dark" : "light") : chosen;
  };
  root.classList.add("js");
  if (read("ct-font") === "large") root.dataset.font = "large";
  apply();
  device.addEventListener?.("change", apply);
})();
