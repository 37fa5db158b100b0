// Turns the public-domain Natural Earth outlines of the npm package `world-atlas` into world_map.json:
// one pre-projected SVG path per country of the project, one path for everything else, one circle per
// country too small to be hit with a mouse.
//
//   npm install world-atlas@2.0.2 topojson-client@3.1.0 topojson-simplify@3.0.3 d3-geo@3.1.1
//   node build_map.mjs places.csv world_map.json
//
// places.csv holds iso3, m49 (ISO 3166-1 numeric), lat, lon (label point), region.
// Coordinates are integers in tenths of a pixel, relative to the previous point; the widget scales by 0.1.

import fs from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const PACKAGES = createRequire(pathToFileURL(`${process.cwd()}/`));
const load = (name) => import(pathToFileURL(PACKAGES.resolve(name)));
const { geoContains, geoEqualEarth, geoPath } = await load("d3-geo");
const { merge } = await load("topojson-client");
const { presimplify, quantile, simplify } = await load("topojson-simplify");

const WIDTH = 960;
const MARGIN = 2;
const SCALE = 10; // stored units per pixel
const KEEP = 0.35; // share of the vertices that survive simplification
const SMALLEST_RING = 0.25; // px^2; smaller islands are dropped unless they are all a country has
const SMALLEST_CLICK = 5; // px^2; a country whose largest part is below this gets a circle
const RADIUS = 3.2; // px
const APART = 5.6; // px between the centres of two circles
const EASTWARD = -11; // degrees; the map is cut in the Bering Strait, so neither Russia nor Fiji is split

// Parts that the source draws on their own or with the country in control of them, given to the country
// whose territory the United Nations General Assembly holds them to be (for Crimea: resolution 68/262).
const ADOPTED = { Somaliland: "SOM", "N. Cyprus": "CYP", Kosovo: "XKX" };
const CRIMEA = { from: "RUS", to: "UKR", inside: [34.2, 45.3] };
const OMITTED = new Set(["Antarctica"]);

const [placesFile, outFile] = process.argv.slice(2);
const places = readPlaces(placesFile);
const source = PACKAGES.resolve("world-atlas/countries-50m.json");
const raw = presimplify(JSON.parse(fs.readFileSync(source, "utf8")));
const topology = simplify(raw, quantile(raw, 1 - KEEP));

const owned = new Map(places.map((place) => [place.iso, []]));
const byNumber = new Map(places.filter((place) => place.m49).map((place) => [Number(place.m49), place.iso]));
const unowned = [];
for (const geometry of topology.objects.countries.geometries) {
  const name = geometry.properties.name;
  if (OMITTED.has(name)) continue;
  const iso = ADOPTED[name] ?? byNumber.get(Number(geometry.id));
  (iso ? owned.get(iso) : unowned).push(geometry);
}
moveCrimea();

const projection = geoEqualEarth().rotate([EASTWARD, 0]).precision(0);
const land = merge(topology, [...owned.values()].flat().concat(unowned));
projection.fitWidth(WIDTH - 2 * MARGIN, land);
const [left, top] = geoPath(projection).bounds(land)[0];
const [shiftX, shiftY] = projection.translate();
projection.translate([shiftX - left + MARGIN, shiftY - top + MARGIN]);
const height = Math.ceil(geoPath(projection).bounds(land)[1][1] + MARGIN);

const countries = places.map((place) => {
  const shape = rings(owned.get(place.iso));
  const [x, y] = projection([place.lon, place.lat]);
  return { iso: place.iso, d: write(shape), x, y, r: shape.length === 0 || area(shape[0]) < SMALLEST_CLICK ? RADIUS : 0 };
});
separate(countries.filter((country) => country.r > 0));
for (const country of countries) {
  country.x = round(country.x);
  country.y = round(country.y);
}

fs.writeFileSync(
  outFile,
  `${JSON.stringify({
    width: WIDTH,
    height,
    scale: SCALE,
    projection: "Equal Earth (Savric, Patterson, Jenny 2018), central meridian 11 E",
    source: "Natural Earth 1:50m admin-0 countries (public domain), npm world-atlas 2.0.2",
    countries,
    neutral: write(rings(unowned)),
  })}\n`,
);
const circles = countries.filter((country) => country.r > 0).length;
console.log(`${countries.length} countries, ${circles} circles, ${fs.statSync(outFile).size} bytes, ${WIDTH} x ${height}`);

function readPlaces(file) {
  const [header, ...lines] = fs.readFileSync(file, "utf8").trim().split("\n");
  const names = header.split(",");
  return lines.map((line) => {
    const row = Object.fromEntries(line.split(",").map((cell, index) => [names[index], cell]));
    return { iso: row.iso3, m49: row.m49, lat: Number(row.lat), lon: Number(row.lon) };
  });
}

function moveCrimea() {
  const [geometry] = owned.get(CRIMEA.from);
  const holds = (arcs) =>
    geoContains(merge(topology, [{ type: "Polygon", arcs }]), CRIMEA.inside);
  const found = geometry.arcs.filter(holds);
  if (found.length !== 1 || found[0].length !== 1) throw new Error("the outline of Crimea is not where it was");
  geometry.arcs = geometry.arcs.filter((arcs) => arcs !== found[0]);
  owned.get(CRIMEA.to).push({ type: "Polygon", arcs: found[0] });
}

// Projected closed rings of the merged geometries, in whole tenths of a pixel, without repeated points.
function rings(geometries) {
  if (geometries.length === 0) return [];
  const found = [];
  let ring = [];
  const add = (x, y) => {
    const point = [Math.round(x * SCALE), Math.round(y * SCALE)];
    const last = ring.at(-1);
    if (!last || last[0] !== point[0] || last[1] !== point[1]) ring.push(point);
  };
  const context = {
    moveTo: (x, y) => { ring = []; add(x, y); },
    lineTo: add,
    closePath: () => { if (ring.length > 2) found.push(ring); },
    arc: () => {},
  };
  geoPath(projection, context)(merge(topology, geometries));
  found.sort((a, b) => area(b) - area(a));
  return found.filter((candidate, index) => index === 0 || area(candidate) >= SMALLEST_RING);
}

function area(ring) {
  let twice = 0;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    twice += ring[j][0] * ring[i][1] - ring[i][0] * ring[j][1];
  }
  return Math.abs(twice) / 2 / SCALE / SCALE;
}

function write(shape) {
  return shape
    .map((ring) => {
      const steps = ring.slice(1).map(([x, y], index) => [x - ring[index][0], y - ring[index][1]]);
      const text = steps.map(([dx, dy]) => `${dx}${dy < 0 ? "" : " "}${dy}`).join(" ").replaceAll(" -", "-");
      return `M${ring[0][0]} ${ring[0][1]}l${text}z`;
    })
    .join("");
}

// Pushes circles apart until each can be hit; the shift of a few pixels is below what a world map shows.
function separate(markers) {
  for (let round = 0; round < 500; round++) {
    let moved = false;
    for (let i = 0; i < markers.length; i++) {
      for (let j = 0; j < i; j++) {
        const [a, b] = [markers[i], markers[j]];
        const [dx, dy] = [a.x - b.x, a.y - b.y];
        const distance = Math.hypot(dx, dy) || 1e-6;
        if (distance >= APART) continue;
        const push = (APART - distance) / 2 / distance + 1e-3;
        a.x += dx * push;
        a.y += dy * push;
        b.x -= dx * push;
        b.y -= dy * push;
        moved = true;
      }
    }
    if (!moved) return;
  }
}

function round(number) {
  return Math.round(number * 10) / 10;
}
