import { againstCases, CASES, type Case } from '../cases.js';
import type { Results } from '../report/results.js';
import { RefusedError, type Samples } from '../rounds.js';
import { ADMIN_KEY, type ServiceProcess } from '../servers/service-process.js';
import { measureCases } from './measure-cases.js';
import type { Run } from './phase.js';

/** All chosen cases, at each number of connections. */
export async function measureThroughput(run: Run): Promise<Samples> {
  const { connections, seconds } = run.options;
  let samples: Samples = {};
  for (const [index, count] of connections.entries()) {
    const cases = chosenCases(run, index === 0);
    if (cases.length === 0) continue;
    samples = { ...samples, ...(await measureCases(run, cases, { connections: count, seconds })) };
  }
  return samples;
}

function chosenCases({ options }: Run, isFirst: boolean): Case[] {
  const { only, quick, against } = options;
  const isChosen = (one: Case) =>
    only ? only.includes(one.name) : !quick || one.quick === 'every' || (isFirst && one.quick === 'first');
  const chosen = CASES.filter(isChosen);
  return against ? [...chosen, ...againstCases(chosen)] : chosen;
}

/** limits/check says 200 to a denial too, so the service's own count of denials is asked. */
export async function refuseDenials({ metricsUrl, name }: ServiceProcess): Promise<void> {
  if (!metricsUrl) return;
  const text = await (await fetch(`${metricsUrl}/metrics`)).text();
  const denials = [...text.matchAll(/^rate_limit_hits_total\{.*\} (\d+)$/gm)];
  const count = denials.reduce((sum, [, value]) => sum + Number(value), 0);
  if (count > 0) throw new RefusedError(`${name}: ${count} checks were denied`);
}

/** Whether what the run left in the ledger adds up. Throws where it does not. */
export async function auditLedger({ url, name }: ServiceProcess): Promise<NonNullable<Results['audit']>> {
  const answer = await fetch(`${url}/audit`, { headers: { authorization: `Bearer ${ADMIN_KEY}` } });
  if (!answer.ok) throw new RefusedError(`${name}: GET /audit answered ${answer.status}`);
  const { accounts, entries, mismatches } = (await answer.json()) as {
    accounts: number;
    entries: number;
    mismatches: unknown[];
  };
  if (mismatches.length > 0) throw new RefusedError(`${name}: ${mismatches.length} accounts do not add up`);
  return { accounts, entries, mismatches: 0 };
}
