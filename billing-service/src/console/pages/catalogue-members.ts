import { ApiProblem } from '../api.js';
import { type Field, FormError, wholeNumber } from '../parts/form.js';
import type { Visit } from '../visit.js';
import { type Words, wordFor } from '../words/words.js';
import { yesOrNo } from './yes-or-no.js';

export type Thing = Record<string, unknown> & { id: string; name: string };
export type Kind = 'tiers' | 'operations' | 'packs';

/** How a member is typed in: a number, one that may be left empty (null), a tick, a list as the API takes it, a choice. */
type Member = readonly [
  name: string,
  typed: 'number' | 'number or none' | 'tick' | 'list' | 'refuse or free',
];

const MEMBERS: Record<Kind, readonly Member[]> = {
  tiers: [
    ['monthlyTokens', 'number'],
    ['overdraft', 'number'],
    ['maxOpenReservations', 'number or none'],
    ['graceSeconds', 'number'],
    ['position', 'number'],
    ['requiresChannel', 'tick'],
    ['policies', 'list'],
    ['prices', 'list'],
    ['features', 'list'],
  ],
  operations: [
    ['price', 'number'],
    ['rates', 'list'],
    ['unpriced', 'refuse or free'],
  ],
  packs: [
    ['tokens', 'number'],
    ['prices', 'list'],
  ],
};

export function kindOf(kind: string, words: Words): Kind {
  if (Object.hasOwn(MEMBERS, kind)) return kind as Kind;
  throw new ApiProblem(404, { code: 'not-found', title: words.notFound, detail: words.notFound });
}

export const labelOf = ({ words }: Visit, name: string): string => wordFor(words.fields, name);

/** The fields of a form; `thing` is null where there is none yet. */
export const fieldsOf = (visit: Visit, kind: Kind, thing: Thing | null): Field[] => [
  { name: 'name', label: visit.words.name, value: thing?.name, isRequired: true, maxLength: 100 },
  ...MEMBERS[kind].map((member) => fieldOf(visit, member, thing?.[member[0]])),
];

function fieldOf(visit: Visit, [name, typed]: Member, value: unknown): Field {
  const label = labelOf(visit, name);
  if (typed === 'list')
    return {
      name,
      label,
      type: 'textarea',
      value: JSON.stringify(value ?? [], null, 1),
      hint: visit.words.asJson,
    };
  if (typed === 'tick')
    return { name, label, type: 'select', value: value === true ? 'yes' : 'no', options: yesOrNo(visit) };
  if (typed === 'refuse or free')
    return {
      name,
      label,
      type: 'select',
      value: value === 'free' ? 'free' : 'refuse',
      options: choices(visit),
    };
  const number = value === null || value === undefined ? undefined : Number(value);
  if (typed === 'number') return { name, label, type: 'number', value: number ?? 0, isRequired: true };
  return { name, label, type: 'number', value: number, hint: visit.words.emptyIsNone };
}

const choices = ({ words }: Visit) => [
  { value: 'refuse', text: words.unpricedRefused },
  { value: 'free', text: words.unpricedFree },
];

/** Of a page from before there were any; then they stay as they are. */
const isLeftOut = ({ request }: Visit, [name, typed]: Member): boolean =>
  (typed === 'list' || typed === 'refuse or free') && request.form[name] === undefined;

/** What was typed in, as the API takes it. */
export const valuesIn = (visit: Visit, kind: Kind): Record<string, unknown> =>
  Object.fromEntries(
    MEMBERS[kind]
      .filter((member) => !isLeftOut(visit, member))
      .map((member) => [member[0], valueIn(visit, member)]),
  );

function valueIn(visit: Visit, [name, typed]: Member): unknown {
  const text = (visit.request.form[name] ?? '').trim();
  if (typed === 'list') return listIn(visit, name, text);
  if (typed === 'tick') return text === 'yes';
  if (typed === 'refuse or free') return text;
  return typed === 'number or none' && text === '' ? null : wholeNumber(visit, name);
}

export function listIn({ words }: Visit, name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new FormError(name, words.mustBeJson);
  }
}
