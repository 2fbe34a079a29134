/** A line of an import as the domain takes it. */
import { GIFT_TIER } from '../../domain/catalogue/catalogue.js';
import type { Fault, ImportLine } from '../../domain/moving/import-line.js';
import type { ReadLine } from '../../domain/moving/import-users.js';
import { compile } from '../batches/item-reader.js';
import { parseJson } from '../hooks/json-body.js';
import { Problem } from '../problem.js';
import { parseTime } from '../read-input.js';
import { importLine, type UserSaid } from '../schemas/imports.js';
import { toFieldErrors } from '../validation.js';
import type { Line } from './read-lines.js';

const check = compile({ schema: importLine, method: 'POST', url: '/import/users', httpPart: 'body' });

export function readUserLine(read: Line): ReadLine {
  const { line } = read;
  if ('fault' in read) return { line, faults: [{ field: null, message: read.fault }] };
  return { line, ...lineFrom(() => parseJson(read.text)) };
}

type Told = { said: ImportLine } | { faults: Fault[] };

function lineFrom(parse: () => unknown): Told {
  try {
    const value = parse();
    if (!check(value)) return { faults: wholeLine(toFieldErrors(check.errors as never[])) };
    return { said: saidBy(value as UserSaid) };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { faults: wholeLine(error.extras.errors as Fault[]) };
  }
}

/** What is said of a body is said of the line here. */
const wholeLine = (faults: Fault[]): Fault[] =>
  faults.map(({ field, message }) => ({ field: field === 'body' ? null : field, message }));

const TIMES = ['createdAt', 'periodEnd', 'paidUntil', 'channelSubscribedAt'] as const;

function saidBy({ user, references, ...told }: UserSaid): ImportLine {
  const time = (name: (typeof TIMES)[number]): number | null => {
    const text = told[name];
    return text == null ? null : parseTime(name, text);
  };
  return {
    references: [...new Set([user, ...(references ?? [])])],
    username: told.username ?? null,
    firstName: told.firstName ?? null,
    locale: told.locale ?? null,
    createdAt: time('createdAt'),
    tier: told.tier ?? GIFT_TIER,
    periodEnd: time('periodEnd'),
    paidUntil: time('paidUntil'),
    channelSubscribedAt: time('channelSubscribedAt'),
    tokensBalance: told.tokensBalance ?? null,
    tokensSpent: told.tokensSpent ?? 0,
  };
}
