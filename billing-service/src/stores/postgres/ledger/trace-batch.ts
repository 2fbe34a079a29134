import type { Tracer } from '../../../../../common/src/tracing.js';
import type { Patience } from '../../../domain/ports/patience.js';

export interface BatchTrace {
  /** The statement leaves. */
  sent(): void;
  ended(failed: boolean): void;
}

interface Traced {
  patience: Patience;
  since: number;
}

/**
 * One statement for many calls: beneath the first of them that is traced, with links to all of those, since a statement
 * has many causes. Undefined where none is traced.
 */
export function traceBatch(
  tracer: Tracer | undefined,
  name: string,
  batch: readonly Traced[],
): BatchTrace | undefined {
  const links = tracer ? batch.flatMap(({ patience }) => patience.trace ?? []) : [];
  const [parent] = links;
  if (!tracer || !parent) return undefined;
  const startedAtMs = Math.min(...batch.map(({ since }) => since));
  const attributes = { 'farebox.batch.items': batch.length };
  const whole = tracer.start(`batch ${name}`, { parent, links, startedAtMs, attributes });
  let statement: ReturnType<Tracer['start']> | undefined;
  return {
    sent: () => {
      statement = tracer.start(`statement ${name}`, {
        ...{ kind: 'client', parent: whole.context },
        attributes: { 'db.system.name': 'postgresql', 'db.operation.batch.size': batch.length },
      });
    },
    ended: (failed) => {
      statement?.end({ failed });
      whole.end({ failed });
    },
  };
}
