// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { parse, View } from 'vega';
import { compile } from 'vega-lite';

/** Where the reader's screen is dark, the plot is too, in the same hues. */
const DARK =
  '<style>@media (prefers-color-scheme: dark) { svg > * { filter: invert(0.9) hue-rotate(180deg) } }</style>';

/**
 * A curve for each series, on logarithmic scales: what costs the same for each is straight.
 *
 * @param {import('./result.mjs').AxisResult} result @param {string} subtitle
 * @returns {Promise<string>} SVG
 */
export async function plot(result, subtitle) {
  const { axis } = result;
  const values = result.points.flatMap(({ series, value, us }) =>
    us === undefined ? [] : [{ series: series.title, value, us: us.median, least: us.min, most: us.max }],
  );
  const scale = /** @type {const} */ ({ type: 'log' });
  // Each value that was measured has its label, the last one too, which ends beyond the plot.
  const x = {
    field: 'value',
    type: /** @type {const} */ ('quantitative'),
    scale: { ...scale, nice: false },
    axis: { values: [...axis.values], labelFlush: false },
    title: axis.unit,
  };
  const order = axis.series.map(({ title }) => title);
  const color = /** @type {const} */ ({ field: 'series', type: 'nominal', title: null, sort: order });
  const { spec } = compile({
    background: 'white',
    title: { text: axis.title, subtitle },
    width: 480,
    height: 300,
    data: { values },
    layer: [
      {
        mark: { type: 'line', point: true },
        encoding: {
          x,
          y: {
            field: 'us',
            type: 'quantitative',
            scale,
            axis: { tickCount: 5 },
            title: 'CPU microseconds per message',
          },
          color,
        },
      },
      { mark: 'rule', encoding: { x, y: { field: 'least', type: 'quantitative' }, y2: { field: 'most' }, color } },
    ],
    config: { legend: { orient: 'bottom', columns: 2, labelLimit: 300 } },
  });
  const svg = await new View(parse(spec), { renderer: 'none' }).toSVG();
  return `${svg.replace('>', `>${DARK}`)}\n`;
}
