// Ji'an's thirteen counties as a schematic map: a hexagon each, about where the county lies.  It shows who is next to whom and no
// boundary; all hexagons are of one size, so that none looks more than it is.
export interface Shapes {
  type: "FeatureCollection";
  features: Array<{ type: "Feature"; properties: { name: string }; geometry: { type: "Polygon"; coordinates: number[][][] } }>;
}

/** Code of GB/T 2260: row from the north, place in it from the west. */
const TILES: Array<[code: string, row: number, place: number]> = [
  ["360823", 0, 2], ["360824", 0, 3],
  ["360829", 1, 0], ["360802", 1, 1], ["360822", 1, 2], ["360825", 1, 3],
  ["360830", 2, 0], ["360821", 2, 1], ["360803", 2, 2],
  ["360881", 3, 0], ["360826", 3, 1],
  ["360827", 4, 1], ["360828", 4, 2],
];

const RADIUS = 0.55; // a little less than what would make them touch
const STEP = Math.sqrt(3) / 2;
const CORNERS = 6;

function hexagon(x: number, y: number): number[][] {
  const ring = Array.from({ length: CORNERS }, (_, k) => {
    const angle = Math.PI / 6 + (k * Math.PI) / 3;
    return [x + RADIUS * Math.cos(angle), y + RADIUS * Math.sin(angle)];
  });
  return [...ring, ring[0]!];
}

export const jian: Shapes = {
  type: "FeatureCollection",
  features: TILES.map(([code, row, place]) => ({
    type: "Feature",
    properties: { name: code },
    geometry: { type: "Polygon", coordinates: [hexagon(place + (row % 2) / 2, -row * STEP)] },
  })),
};

export const onMap = (code: string): boolean => TILES.some(([c]) => c === code);
