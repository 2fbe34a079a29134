import type { Patience } from '../../../domain/ports/patience.js';

/** What begins something (reserves, checks, grants), or ends what is done or paid for (commits, refunds, payments). */
export type Work = 'beginning' | 'ending';

/** Who would spend more of its time waiting for a turn is refused at once, new work long before the other. */
const SHARE: Readonly<Record<Work, number>> = { beginning: 0.35, ending: 0.6 };

/** Whether a turn that comes after `waitMs` comes in time: with enough left for the work itself, and the way back. */
export const isInTime = (waitMs: number, patience: Patience, work: Work): boolean =>
  waitMs <= (patience.untilMs - performance.now()) * SHARE[work];
