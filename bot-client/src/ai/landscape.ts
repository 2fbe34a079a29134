import { createHash } from 'node:crypto';
import { png } from './png.js';

const SIZE = 512;

/** A small landscape at dusk. Its colours, hills, moon and stars follow from the words: same words, same picture. */
export function landscape(words: string): Buffer {
  const seed = createHash('sha256').update(words).digest();
  const at = (index: number) => (seed[index % 32] ?? 0) / 255;
  const hue = at(0);
  const sky = [
    colour(hue, 0.75, 0.16),
    colour(hue + 0.08, 0.7, 0.42),
    colour(hue + 0.17, 0.85, 0.74),
  ] as const;
  const moon = { x: 100 + at(1) * 312, y: 70 + at(2) * 110, r: 26 + at(3) * 34 };
  // Worked out once a column or layer: this runs in the bot's only thread, and a picture must not hold up a chat.
  const hills = [0, 1, 2, 3].map((layer) => Array.from({ length: SIZE }, (_, x) => hillLine(at, layer)(x)));
  const grounds = [0, 1, 2, 3].map((layer) => colour(hue + 0.05 * layer, 0.5, 0.34 - 0.075 * layer));
  const salt = seed.readUInt32LE(8);
  return png(SIZE, SIZE, (x, y) => {
    for (let layer = 3; layer >= 0; layer--) {
      const top = hills[layer]?.[x] ?? SIZE;
      if (y > top) return shade(grounds[layer] ?? sky[0], (y - top) / 600);
    }
    const far = Math.hypot(x - moon.x, y - moon.y) - moon.r;
    if (far < 0) return mix([255, 248, 230], [255, 236, 200], -far / moon.r);
    if (y < 230 && star(x, y, salt)) return [255, 255, 245];
    const base = y < 190 ? mix(sky[0], sky[1], y / 190) : mix(sky[1], sky[2], Math.min(1, (y - 190) / 170));
    return far < 50 ? mix([255, 244, 220], base, 0.55 + far / 110) : base;
  });
}

type Rgb = readonly [number, number, number];

function hillLine(at: (index: number) => number, layer: number): (x: number) => number {
  const base = 300 + layer * 50;
  const [a, b, c] = [at(4 + layer * 3), at(5 + layer * 3), at(6 + layer * 3)];
  return (x) =>
    base +
    Math.sin(x / (60 + a * 80) + b * 6) * (34 - layer * 5) +
    Math.sin(x / (21 + c * 20) + a * 6) * 10 +
    Math.sin(x / 7 + b * 9) * (layer === 3 ? 3 : 1.5);
}

function star(x: number, y: number, salt: number): boolean {
  if (x % 4 > 1 || y % 4 > 1) return false;
  const cell = Math.imul((x >> 2) * 374_761_393 + (y >> 2) * 668_265_263 + salt, 1_274_126_177);
  return (cell >>> 9) % 331 === 0;
}

function mix(from: Rgb, to: Rgb, part: number): Rgb {
  const blend = (index: 0 | 1 | 2) => from[index] + (to[index] - from[index]) * part;
  return [blend(0), blend(1), blend(2)];
}

function shade(rgb: Rgb, part: number): Rgb {
  return mix(rgb, [8, 10, 22], Math.min(0.8, part * 2));
}

/** From hue, saturation, lightness (each 0 … 1). */
function colour(hue: number, saturation: number, lightness: number): Rgb {
  const reach = saturation * Math.min(lightness, 1 - lightness);
  const channel = (offset: number) => {
    const k = (offset + hue * 12) % 12;
    return 255 * (lightness - reach * Math.max(-1, Math.min(k - 3, 9 - k, 1)));
  };
  return [channel(0), channel(8), channel(4)];
}
