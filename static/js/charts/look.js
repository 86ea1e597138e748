// What all charts share: colours from the tokens, figures, axes, tooltips, shapes.
export const narrow = matchMedia("(max-width: 767.98px)");
const still = matchMedia("(prefers-reduced-motion: reduce)");

export const token = (name) =>
  getComputedStyle(document.documentElement).getPropertyValue(`--pl-${name}`).trim();
export const font = () => getComputedStyle(document.body).fontFamily;

export function compact(value) {
  const size = Math.abs(value);
  const [unit, letter] = size >= 1e6 ? [1e6, "M"] : size >= 1e3 ? [1e3, "k"] : [1, ""];
  return `${value < 0 ? "−" : ""}${(size / unit).toFixed(unit === 1 ? 0 : 1)}${letter}`;
}
// Without decimals below a million; an axis needs those that its steps have.
export function brief(value) {
  const size = Math.abs(value);
  return size >= 1e3 && size < 999_500 ? `${value < 0 ? "−" : ""}${Math.round(size / 1e3)}k` : compact(value);
}
export function round(value) {
  const size = Math.abs(value);
  const [unit, letter] = size >= 1e6 ? [1e6, "M"] : size >= 1e3 ? [1e3, "k"] : [1, ""];
  return `${value < 0 ? "−" : ""}${Number((size / unit).toFixed(2))}${letter}`;
}
export const counted = (amount, unit) => (unit === "value" ? compact(amount) : amount.toLocaleString("en"));
export const percent = (part, whole) => (whole ? `, ${Math.round((100 * part) / whole)}\u00a0%` : "");

// The step of an axis that has about five of them, and its end.
export function steps(top) {
  const highest = top || 1000; // an axis without figures
  const rough = highest / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const interval = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((step) => step >= rough);
  return { interval, max: interval * Math.ceil((highest * 1.04) / interval) };
}

export function base() {
  return {
    animationDuration: still.matches ? 0 : 160,
    animationDurationUpdate: still.matches ? 0 : 160,
    textStyle: { fontFamily: font(), fontSize: 11, color: token("chart-axis") },
    tooltip: {
      renderMode: "richText", // an HTML tooltip would set styles, which the policy forbids
      confine: true,
      backgroundColor: token("surface-raised"),
      borderColor: token("line-strong"),
      borderRadius: 5,
      padding: [8, 10],
      textStyle: { color: token("text"), fontSize: 12, rich: tipParts() },
    },
  };
}

function tipParts() {
  return {
    title: { color: token("text"), fontSize: 12, fontWeight: 600, lineHeight: 20 },
    name: { color: token("text-2"), fontSize: 12, width: 120, lineHeight: 18 },
    figure: { color: token("text"), fontSize: 12, width: 64, align: "right", lineHeight: 18 },
  };
}

export const tip = (title, lines) =>
  [`{title|${title}}`, ...lines.map(([name, figure]) => `{name|${name}}{figure|${figure}}`)].join("\n");

export const axisLabel = (extra = {}) => ({ color: token("chart-axis"), fontSize: 11, ...extra });

export function valueAxis(format = String) {
  return {
    type: "value",
    axisLabel: axisLabel({ formatter: format }),
    splitLine: { lineStyle: { color: token("chart-grid") } },
  };
}

export function categoryAxis(names, extra = {}) {
  return {
    type: "category",
    data: names,
    axisTick: { show: false },
    axisLine: { lineStyle: { color: token("line-strong") } },
    axisLabel: axisLabel({ color: token("text-2"), fontSize: 12, ...extra }),
  };
}

export const text = (x, y, words, extra = {}) => ({
  type: "text",
  style: { x, y, text: words, font: `11px ${font()}`, fill: token("text-2"), ...extra },
});
export const box = (x, y, width, height, fill) => ({
  type: "rect",
  shape: { x, y, width, height: Math.max(height, 0), r: 2 },
  style: { fill },
});
