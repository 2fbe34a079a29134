import type { Script, Step } from './play.js';
import { Resolver } from './resolve.js';
import type { Wish } from './wish.js';

/** A script that makes up its mind as it goes. */
export function scriptOf(run: string, startMs: number, wishes: Wish[]): Script {
  const left = [...wishes];
  let resolver: Resolver | undefined;
  return {
    startMs,
    next(world) {
      const wish = left.shift();
      if (!wish) return undefined;
      resolver ??= new Resolver(world, run);
      return resolver.step(wish);
    },
  };
}

/** The same calls at the same moments, by users of another name. */
export function scriptAgain(startMs: number, steps: Step[], run: string, again: string): Script {
  const left = JSON.parse(JSON.stringify(steps).replaceAll(run, again)) as Step[];
  return { startMs, next: () => left.shift() };
}
