import t from 'tap';
import { tierDueAtMs } from '../../../src/domain/plan/tier-due.js';

const at = (iso: string) => Date.parse(`${iso}T12:00:00Z`);
const paid = { tier: 'business', anchor: at('2024-01-31'), period: 0, queued: false };
const iso = (ms: number) => new Date(ms).toISOString().slice(0, 10);

t.test('a paid tier ends at the first period end that is not before paidUntil', async (t) => {
  const due = (paidUntil: string) => iso(tierDueAtMs({ ...paid, paidUntil: at(paidUntil) }));
  t.equal(due('2024-01-31'), '2024-02-29', 'a period once begun is whole');
  t.equal(due('2024-02-29'), '2024-02-29');
  t.equal(due('2024-03-01'), '2024-03-31', '30 days are not a month');
  t.equal(due('2025-02-28'), '2025-02-28');
  t.equal(due('2034-01-31'), '2034-01-31', 'ten years');
});

t.test('what has begun is not ended backwards', async (t) => {
  t.equal(iso(tierDueAtMs({ ...paid, period: 3, paidUntil: at('2024-02-10') })), '2024-05-31');
  t.equal(iso(tierDueAtMs({ ...paid, period: 3, queued: true, paidUntil: at('2024-02-10') })), '2024-04-30');
});

t.test('a waiting purchase begins at paidUntil itself', async (t) => {
  t.equal(iso(tierDueAtMs({ ...paid, queued: true, paidUntil: at('2024-03-05') })), '2024-03-05');
});

t.test('gift and unlimited tiers never end by themselves', async (t) => {
  t.equal(tierDueAtMs({ ...paid, paidUntil: null }), Infinity);
  t.equal(tierDueAtMs({ ...paid, tier: 'gift', paidUntil: at('2024-03-05') }), Infinity);
});
