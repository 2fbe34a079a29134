import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { boundedLabel } from '../../../common/src/bounded-label.js';
import { INVARIANTS } from '../domain/account/assert-account.js';
import type { LedgerTelemetry, Telemetry } from '../domain/ports/telemetry.js';

const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const ITEMS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];
const MAX_PROVIDERS = 20;
const MAX_TIERS = 20;
const MAX_OPERATIONS = 50;

/** What domain and stores tell, as figures of `registry`. */
export function telemetryFigures(registry: Registry): Telemetry {
  const registers = [registry];
  const business = (name: string, help: string) => {
    const labelNames = ['tier', 'operation'] as const;
    const counter = new Counter({ name, help, labelNames, registers });
    return (tier: string, operation: string, by = 1) =>
      counter.inc({ tier: tierLabel(tier), operation: operationLabel(operation) }, by);
  };
  const tierLabel = boundedLabel(MAX_TIERS);
  const operationLabel = boundedLabel(MAX_OPERATIONS);
  const providerLabel = boundedLabel(MAX_PROVIDERS);
  const degraded = new Counter({
    ...{ name: 'farebox_degraded_checks_total', registers },
    help: 'Limits decided by this process alone, because Redis was away',
  });
  const payments = new Counter({
    ...{ name: 'farebox_payments_total', labelNames: ['provider', 'product'] as const, registers },
    help: 'Payments applied, each once',
  });
  const refunds = new Counter({
    ...{ name: 'farebox_payments_refunded_total', labelNames: ['provider'] as const, registers },
    help: 'Payments refunded, each once',
  });
  return {
    rateLimitHit: business('rate_limit_hits_total', 'Denials by a rate limit'),
    tokensSpent: business('tokens_spent_total', 'Tokens charged'),
    insufficientTokens: business('insufficient_tokens_total', 'Holds refused for lack of tokens'),
    tokensUncollected: business(
      'farebox_tokens_uncollected_total',
      'Tokens of finished work that nobody paid',
    ),
    degradedCheck: () => degraded.inc(),
    paymentApplied: (provider, product) => payments.inc({ provider: providerLabel(provider), product }),
    paymentRefunded: (provider) => refunds.inc({ provider: providerLabel(provider) }),
    ...ledgerFigures(registry),
  };
}

function ledgerFigures(registry: Registry): LedgerTelemetry {
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Counter({ name, help, labelNames, registers });
  const histogram = <Label extends string>(name: string, help: string, buckets: number[], ...of: Label[]) =>
    new Histogram({ name, help, buckets, labelNames: of, registers });
  const broken = counter(
    'farebox_invariants_broken_total',
    'Changes of an account that would have broken an invariant; nothing of them was saved',
    'rule',
  );
  // From 0, or the first of its kind would be no increase to who watches.
  for (const rule of INVARIANTS) broken.inc({ rule }, 0);
  const items = histogram('farebox_batch_items', 'Calls that went as one statement', ITEMS, 'batch');
  const waits = histogram(
    'farebox_batch_wait_seconds',
    'How long the first call of a statement waited for it',
    SECONDS,
    'batch',
  );
  const took = histogram('farebox_batch_duration_seconds', 'A statement for many calls', SECONDS, 'batch');
  const slow = counter('farebox_slow_path_total', 'Calls that could not be hot', 'call', 'reason');
  const changes = histogram(
    'farebox_account_change_duration_seconds',
    'One account in a transaction of its own, with the wait for its turn',
    SECONDS,
  );
  const lapsed = counter('farebox_holds_lapsed_total', 'Holds that nobody committed or refunded in time');
  const turned = counter(
    'farebox_paid_periods_turned_total',
    'Periods of paid time that ended by themselves',
  );
  const mismatches = new Gauge({
    ...{ name: 'farebox_audit_mismatches', registers },
    help: 'Figures that did not equal the ledger in the last audit of this instance',
  });
  const auditedAt = new Gauge({
    ...{ name: 'farebox_audit_last_run_timestamp_seconds', registers },
    help: 'When this instance last finished an audit; 0: never',
  });
  return {
    invariantBroken: (rule) => broken.inc({ rule }),
    batchSent: (batch, sent) => {
      items.observe({ batch }, sent.items);
      waits.observe({ batch }, sent.waitedMs / 1000);
      took.observe({ batch }, sent.tookMs / 1000);
    },
    wentSlow: (call, reason) => slow.inc({ call, reason }),
    accountChanged: ({ tookMs, holdsLapsed, periodsTurned }) => {
      changes.observe(tookMs / 1000);
      if (holdsLapsed > 0) lapsed.inc(holdsLapsed);
      if (periodsTurned > 0) turned.inc(periodsTurned);
    },
    audited: (found) => {
      mismatches.set(found);
      auditedAt.setToCurrentTime();
    },
  };
}
