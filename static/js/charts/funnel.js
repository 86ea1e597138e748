// At each stage a column of advanced, still here, lost; a ribbon leads to the next. Rows on a phone.
// {unit: "leads" or "value", stages: [{name, note, entered, advanced, here, lost, lost_note}],
//  won: {name, note, deals, share, value}, leak: {stage: 3, lines: [title, text, text]} or null}
import {
  axisLabel,
  base,
  box,
  categoryAxis,
  counted,
  font,
  narrow,
  percent,
  text,
  tip,
  token,
} from "./look.js";

export function funnel(figures) {
  return narrow.matches ? funnelRows(figures) : funnelColumns(figures);
}

const wonStage = (won) => ({ ...won, entered: won.deals, advanced: won.deals, here: 0, lost: 0 });

function funnelColumns({ stages, won, unit, leak }) {
  const columns = [
    ...stages.map((stage, at) => ({ ...stage, unit, verb: at === stages.length - 1 ? "won" : "advanced" })),
    wonStage(won),
  ];
  if (leak) columns[leak.stage].leak = leak.lines;
  return {
    ...base(),
    tooltip: { ...base().tooltip, formatter: ({ dataIndex: at }) => funnelTip(columns[at], unit) },
    grid: { left: 0, right: 0, top: 44, bottom: 8 },
    xAxis: { type: "category", show: false, data: columns.map((stage) => stage.name) },
    yAxis: { type: "value", show: false, inverse: true, min: 0, max: Math.max(stages[0].entered, 1) },
    series: [
      {
        type: "custom",
        data: columns.map((stage, at) => [at, stage.entered]),
        renderItem: (params, api) => funnelColumn(columns, params, api),
      },
    ],
  };
}

const WIDTH = 30;

function funnelColumn(columns, { dataIndex: at, coordSys }, api) {
  const stage = columns[at];
  const [middle, top] = api.coord([at, 0]);
  const step = api.size([1, 0])[0];
  const x = middle - step / 2 + 8;
  const height = (count) => api.coord([at, count])[1] - top;
  const [advanced, here, lost] = [stage.advanced, stage.here, stage.lost].map(height);
  const gap = 2;
  const children = [
    text(x, top - 40, stage.name, { fill: token("text"), font: `600 12px ${font()}` }),
    text(x, top - 22, stage.note),
    box(x, top, WIDTH, advanced, token("chart-won")),
    box(x, top + advanced + gap, WIDTH, here - gap, token("chart-here")),
    box(x, top + advanced + here + gap, WIDTH, lost - gap, token("chart-lost")),
  ];
  if (at < columns.length - 1) children.unshift(ribbon(x + WIDTH, top, step - WIDTH, advanced));
  if (stage.leak)
    children.push(
      ...callout(stage.leak, x + WIDTH / 2, top + advanced + here + lost + 6, coordSys.y + coordSys.height),
    );
  return {
    type: "group",
    children: [...children, ...funnelLabels(stage, x + WIDTH + 10, top, advanced, here, lost)],
  };
}

function ribbon(x, y, width, height) {
  const shape = box(x, y, width, height, token("chart-won"));
  return { ...shape, style: { ...shape.style, opacity: 0.12 }, silent: true };
}

// The costliest leak in words, at the end of a dotted line, where there is room below its column.
function callout(lines, x, from, bottom) {
  const to = Math.max(from + 84, bottom - 96);
  if (to + 44 > bottom) return [];
  const dotted = { stroke: token("text-3"), lineDash: [2, 2], fill: "none" };
  return [
    {
      type: "polyline",
      shape: {
        points: [
          [x, from],
          [x, to],
          [x + 14, to],
        ],
      },
      style: dotted,
      silent: true,
    },
    ...lines.map((words, at) =>
      text(x + 20, to - 6 + at * 17, words, at ? {} : { fill: token("text"), font: `600 12px ${font()}` }),
    ),
  ];
}

function funnelLabels(stage, x, top, advanced, here, lost) {
  const strong = { fontSize: 12, fontWeight: 600, fontFamily: font(), fill: token("text") };
  const first = (words) => text(x, top + 4, words, { rich: { strong } });
  if (stage.share !== undefined) return [first(`{strong|${stage.share}}`), text(x, top + 22, stage.value)];
  const labels = [
    first(
      `{strong|${counted(stage.advanced, stage.unit)}} ${stage.verb}${percent(stage.advanced, stage.entered)}`,
    ),
  ];
  let y = Math.max(top + advanced + 4, top + 22);
  if (stage.here) labels.push(text(x, y, `${counted(stage.here, stage.unit)} still here`));
  y = Math.max(top + advanced + here + lost / 2 - 12, y + (stage.here ? 16 : 0));
  if (stage.lost)
    labels.push(
      text(x, y, `${counted(stage.lost, stage.unit)} lost${percent(stage.lost, stage.entered)}`, {
        fill: token("danger"),
        font: `500 11px ${font()}`,
      }),
      text(x, y + 14, stage.lost_note),
    );
  return labels;
}

function funnelTip(stage, unit) {
  const parts = {
    Entered: stage.entered,
    Advanced: stage.advanced,
    "Still here": stage.here,
    Lost: stage.lost,
  };
  return tip(
    `${stage.name}, ${unit}`,
    Object.entries(parts).map(([name, amount]) => [name, counted(amount, unit)]),
  );
}

function funnelRows({ stages: passed, won, unit }) {
  const stages = [...passed, wonStage(won)];
  const bar = (name, key, colour) => ({
    name,
    type: "bar",
    stack: "all",
    barWidth: 16,
    data: stages.map((stage) => stage[key] || null),
    itemStyle: { color: token(colour), borderColor: token("surface"), borderWidth: 1, borderRadius: 2 },
  });
  return {
    ...base(),
    tooltip: {
      ...base().tooltip,
      trigger: "axis",
      axisPointer: { type: "none" },
      formatter: ([first]) => funnelTip(stages[first.dataIndex], unit),
    },
    grid: { left: 0, right: 0, top: 16, bottom: 0 },
    xAxis: { type: "value", show: false, max: Math.max(stages[0].entered, 1) },
    yAxis: {
      ...categoryAxis(
        stages.map((stage) =>
          stage.share
            ? `${stage.name}  ${counted(stage.deals, unit)}, ${stage.share}`
            : `${stage.name}  ${counted(stage.entered, unit)} entered, ${counted(stage.lost, unit)} lost`,
        ),
      ),
      inverse: true,
      axisLine: { show: false },
      axisLabel: axisLabel({
        inside: true,
        align: "left",
        verticalAlign: "bottom",
        margin: 0,
        padding: [0, 0, 12, 0],
        color: token("text-2"),
      }),
    },
    series: [
      bar("Advanced", "advanced", "chart-won"),
      bar("Still here", "here", "chart-here"),
      bar("Lost", "lost", "chart-lost"),
    ],
  };
}
