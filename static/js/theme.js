// Light or dark: a choice wins over the system, survives the visit, and is read by the server, so nothing flashes.
const root = document.documentElement;
const systemIsDark = matchMedia("(prefers-color-scheme: dark)");

const announce = () => document.dispatchEvent(new CustomEvent("theme-changed"));

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-theme-toggle]")) return;
  const now = root.dataset.bsTheme || (systemIsDark.matches ? "dark" : "light");
  root.dataset.bsTheme = now === "dark" ? "light" : "dark";
  document.cookie = `theme=${root.dataset.bsTheme}; path=/; max-age=31536000; SameSite=Lax`;
  announce();
});
systemIsDark.addEventListener("change", announce);
