export interface Bar {
  label: string;
  value: number;
  /** Said of this bar alone. */
  title: string;
}

const [STEP, HEIGHT] = [10, 100];

/** A plot without a script: bars from zero, the highest as high as the picture. The figures stand in a list elsewhere. */
export function Bars({ title, bars }: { title: string; bars: Bar[] }) {
  const highest = Math.max(...bars.map(({ value }) => value), 1);
  return (
    <div class="bars">
      <svg
        role="img"
        aria-label={title}
        viewBox={`0 0 ${bars.length * STEP} ${HEIGHT}`}
        preserveAspectRatio="none"
      >
        {bars.map((bar, i) => {
          const height = (bar.value / highest) * HEIGHT;
          return (
            <rect x={i * STEP + 1} y={HEIGHT - height} width={STEP - 2} height={height}>
              <title>{bar.title}</title>
            </rect>
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
