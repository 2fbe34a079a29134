import type { Composed } from './compose.js';
import type { OffsetClock } from './domain/ports/clock.js';
import type { Metrics, Watched } from './http/metrics.js';
import type { Sweeper } from './jobs/sweep.js';
import type { FollowLedger } from './readers/follow-ledger.js';
import type { DeliveryFigures } from './webhooks/delivery-figures.js';

export type Shown = Composed['state'] & {
  clock: OffsetClock;
  sweeper: Pick<Sweeper, 'state'>;
  usage: Pick<FollowLedger, 'lagMs'>;
  events: Pick<FollowLedger, 'lagMs'>;
  webhooks: Pick<DeliveryFigures, 'attempts' | 'state'>;
  limitsShared: (() => Promise<boolean>) | undefined;
};

/** How long Redis may take to say that it is there, while Prometheus waits. */
const ASK_MS = 1_000;

/** The figures that are read, not told. None of them asks a database: what needs one, what works beside the calls brings along. */
export function showFigures(metrics: Metrics, shown: Shown): void {
  const gauge = (name: string, help: string, read: () => number) =>
    metrics.watch('gauge', { name, help, read: () => [[{}, read()]] });
  const clock = () => shown.clock.now();
  gauge(
    'farebox_clock_offset_seconds',
    "Seconds that this machine's clock is behind the database's; negative: ahead",
    () => shown.clock.behindMs() / 1000,
  );
  gauge(
    'farebox_usage_rollup_lag_seconds',
    'By how much the sums of usage may be behind the ledger; answers count what came since, too',
    () => shown.usage.lagMs() / 1000,
  );
  gauge(
    'farebox_events_lag_seconds',
    'By how much events may be behind what happened',
    () => shown.events.lagMs() / 1000,
  );
  showSweeper(metrics, shown.sweeper, clock);
  showStores(metrics, shown);
  showWebhooks(metrics, shown.webhooks, clock);
  metrics.watch('counter', {
    ...{ name: 'farebox_refusals_total', labelNames: ['code'] },
    help: 'Users refused, by code; uncounted: so many at once that nobody will read in /refusals whose they were',
    read: () =>
      Object.entries(shown.refused()).map(([kind, count]) => [{ code: kind.replaceAll('_', '-') }, count]),
  });
  const { limitsShared } = shown;
  metrics.watch('gauge', {
    name: 'farebox_limits_degraded',
    help: '1 while limits are counted in this process because Redis is away; 0 also where there is none',
    read: async () => [[{}, !limitsShared || (await inTime(limitsShared())) ? 0 : 1]],
  });
}

async function inTime(asked: Promise<boolean>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ASK_MS);
  });
  return Promise.race([asked, late]).finally(() => clearTimeout(timer));
}

/** Since `at`, in seconds; 0 where there is none, or it lies ahead. */
const secondsSince = (at: number | null | undefined, now: number): number =>
  at ? Math.max(0, now - at) / 1000 : 0;

function showSweeper(metrics: Metrics, sweeper: Shown['sweeper'], now: () => number): void {
  const show = (kind: 'gauge' | 'counter', name: string, help: string, of: (s: Sweeper['state']) => number) =>
    metrics.watch(kind, { name, help, read: () => [[{}, of(sweeper.state)]] });
  show('counter', 'farebox_sweeper_runs_total', 'Runs of the sweeper that came to their end', (s) => s.runs);
  show('counter', 'farebox_sweeper_accounts_total', 'Accounts it brought up to now', (s) => s.accounts);
  show('counter', 'farebox_sweeper_failures_total', 'Runs and accounts that failed', (s) => s.failures);
  show(
    'gauge',
    'farebox_sweeper_last_run_timestamp_seconds',
    'When its last whole run ended; 0: none yet',
    (s) => s.endedAt / 1000,
  );
  metrics.watch('gauge', {
    name: 'farebox_ledger_room_entries',
    help: 'For how many more entries the ledger has partitions',
    read: () => (sweeper.state.roomLeft === null ? [] : [[{}, sweeper.state.roomLeft]]),
  });
  show('gauge', 'farebox_sweeper_lag_seconds', 'Since when the account due for longest is due', (s) =>
    secondsSince(s.dueSince, now()),
  );
  show(
    'gauge',
    'farebox_open_holds',
    'Open holds of all accounts, by the last whole walk',
    (s) => s.open?.holds ?? 0,
  );
  show(
    'gauge',
    'farebox_sweeper_walk_seconds',
    'How long that walk took',
    (s) => (s.open?.tookMs ?? 0) / 1000,
  );
  show('gauge', 'farebox_held_tokens', 'Tokens on hold, by the same walk', (s) => s.open?.tokens ?? 0);
  show('gauge', 'farebox_oldest_overdue_hold_seconds', 'For how long a hold is over and not ended', (s) =>
    secondsSince(s.open?.overdueSince, now()),
  );
}

function showStores(metrics: Metrics, { queues, pools, lookups }: Shown): void {
  const each = <Value>(
    kind: 'gauge' | 'counter',
    [name, help, label]: [string, string, string],
    values: () => Record<string, Value>,
    of: (value: Value) => number,
  ) => {
    const read: Watched['read'] = () =>
      Object.entries(values()).map(([key, value]) => [{ [label]: key }, of(value)] as const);
    metrics.watch(kind, { name, help, labelNames: [label], read });
  };
  each(
    'gauge',
    ['farebox_queue_calls', 'Calls that wait for a statement or their turn', 'queue'],
    queues,
    (q) => q.waiting,
  );
  each(
    'gauge',
    ['farebox_queue_in_flight', 'Statements or transactions under way', 'queue'],
    queues,
    (q) => q.inFlight,
  );
  each('gauge', ['farebox_pool_connections', 'Connections to Postgres', 'pool'], pools, (p) => p.size);
  each('gauge', ['farebox_pool_busy_connections', 'Those in use', 'pool'], pools, (p) => p.size - p.idle);
  each('gauge', ['farebox_pool_limit_connections', 'As many as there may be', 'pool'], pools, (p) => p.most);
  each(
    'gauge',
    ['farebox_pool_waiting_calls', 'Calls that wait for a connection', 'pool'],
    pools,
    (p) => p.waiting,
  );
  each('counter', ['farebox_cache_hits_total', 'Found in memory', 'cache'], lookups, (c) => c.hits);
  each('counter', ['farebox_cache_misses_total', 'Not found in memory', 'cache'], lookups, (c) => c.misses);
}

/** The queues are one for all instances, and each instance tells of all of them; the attempts are its own. */
function showWebhooks(metrics: Metrics, figures: Shown['webhooks'], now: () => number): void {
  const show = (name: string, help: string, of: (state: Shown['webhooks']['state']) => number) =>
    metrics.watch('gauge', { name, help, read: () => [[{}, of(figures.state)]] });
  show('farebox_webhook_queue_deliveries', 'Deliveries that wait, at most 100000', (s) => s.waiting);
  show('farebox_webhook_oldest_due_seconds', 'Since when the delivery due for longest is due', (s) =>
    secondsSince(s.dueSince, now()),
  );
  show('farebox_webhook_failing_endpoints', 'Endpoints whose last attempts all failed', (s) => s.failing);
  show('farebox_webhook_given_up_endpoints', 'Endpoints that the service disabled', (s) => s.givenUp);
  metrics.watch('counter', {
    ...{ name: 'farebox_webhook_attempts_total', labelNames: ['outcome'] },
    help: 'Attempts of deliveries by outcome: delivered (2xx), refused (another status), unanswered',
    read: () => Object.entries(figures.attempts).map(([outcome, count]) => [{ outcome }, count]),
  });
}
