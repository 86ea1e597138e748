// Light or dark: a choice wins over the system and survives the visit. Our pages are sent with the chosen theme;
// the admin's are not, so there this file stands in the head and sets it before anything is drawn.
const root = document.documentElement;
const systemIsDark = matchMedia("(prefers-color-scheme: dark)");
const chosen = document.cookie.match(/(?:^|; )theme=(light|dark)/);
if (chosen) root.dataset.bsTheme = chosen[1];

const announce = () => document.dispatchEvent(new CustomEvent("theme-changed"));

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-theme-toggle]")) return;
  const now = root.dataset.bsTheme || (systemIsDark.matches ? "dark" : "light");
  root.dataset.bsTheme = now === "dark" ? "light" : "dark";
  document.cookie = `theme=${root.dataset.bsTheme}; path=/; max-age=31536000; SameSite=Lax`;
  announce();
});
systemIsDark.addEventListener("change", announce);
