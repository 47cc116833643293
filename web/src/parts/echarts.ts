// The parts of ECharts that the console draws with, in the console's colours.
import { BarChart, GraphChart, LineChart, MapChart, PieChart } from "echarts/charts";
import { AriaComponent, GeoComponent, GridComponent, LegendComponent, TooltipComponent, VisualMapComponent } from "echarts/components";
import { init, registerMap, use, type EChartsCoreOption } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

use([AriaComponent, BarChart, CanvasRenderer, GeoComponent, GraphChart, GridComponent, LegendComponent, LineChart, MapChart, PieChart, TooltipComponent, VisualMapComponent]);

export { registerMap };

const LIGHT = ["#0f5f5c", "#a86a00", "#3f6ea5", "#7a8f2a", "#a3261e", "#6b5b95", "#4f8f8b", "#c98f3a"];
const DARK = ["#6cc7bf", "#f2b84b", "#8fb8e8", "#c3d66b", "#f5a097", "#b9a8e0", "#9adbd5", "#e8c58a"];

/** Draws and follows the size of its box; returns what ends it. */
export function draw(box: HTMLElement, option: EChartsCoreOption, dark: boolean): () => void {
  const ink = getComputedStyle(document.documentElement);
  const color = (name: string): string => ink.getPropertyValue(name).trim();
  const axis = { axisLabel: { color: color("--quiet") }, axisLine: { lineStyle: { color: color("--quiet") } }, splitLine: { lineStyle: { color: color("--line") } } };
  const chart = init(box, { categoryAxis: axis, valueAxis: axis, legend: { textStyle: { color: color("--ink") } } }, { renderer: "canvas" });
  // Tips are drawn on the canvas: as HTML they would carry styles that the page refuses.
  chart.setOption({
    color: dark ? DARK : LIGHT, textStyle: { color: color("--ink"), fontFamily: ink.fontFamily }, aria: { enabled: true, decal: { show: true } }, animationDuration: 300,
    tooltip: { renderMode: "richText", confine: true }, ...option,
  });
  // A box that has gone, or is not shown, has no size, into which a map cannot be drawn.
  const watch = new ResizeObserver(() => box.clientWidth && box.clientHeight && chart.resize());
  watch.observe(box);
  return () => {
    watch.disconnect();
    chart.dispose();
  };
}
