export interface Bar {
  label: string;
  value: number;
  /** What it is compared with, drawn pale behind it. */
  before?: number;
  /** Said of this bar alone. */
  title: string;
}

const [STEP, HEIGHT] = [10, 100];

/** A plot without a script: bars from zero, the highest as high as the picture. The figures stand in a list elsewhere. */
export function Bars({ title, bars }: { title: string; bars: Bar[] }) {
  const highest = Math.max(...bars.flatMap(({ value, before = 0 }) => [value, before]), 1);
  const heightOf = (value: number) => (Math.max(0, value) / highest) * HEIGHT;
  return (
    <div class="bars">
      <svg
        role="img"
        aria-label={title}
        viewBox={`0 0 ${bars.length * STEP} ${HEIGHT}`}
        preserveAspectRatio="none"
      >
        {bars.map(({ value, before = 0, title: said }, i) => {
          const [height, pale] = [heightOf(value), heightOf(before)];
          return (
            <g>
              <title>{said}</title>
              <rect class="pale" x={i * STEP + 1} y={HEIGHT - pale} width={STEP - 2} height={pale} />
              <rect x={i * STEP + 2.5} y={HEIGHT - height} width={STEP - 5} height={height} />
            </g>
          );
        })}
      </svg>
      <p>
        <span>{bars[0]?.label}</span>
        <span>{bars.length > 1 && bars.at(-1)?.label}</span>
      </p>
    </div>
  );
}
