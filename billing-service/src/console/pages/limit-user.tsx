import type { Overrides, Tier, User } from '../answers.js';
import type { Page } from '../api.js';
import type { ApiCall } from '../exchange.js';
import { type Act, act, type Change } from '../parts/act.js';
import { ActForm, type Field, line, momentOf, wholeNumber } from '../parts/form.js';
import { hrefOf, type PageHandler, type Visit } from '../visit.js';
import { listIn } from './catalogue-members.js';
import { reasonField } from './reason-field.js';
import { limitsText } from './user-changes.js';

const pathOf = (user: string) => `/users/${encodeURIComponent(user)}`;

/** POST /console/users/{user}/block */
export const blockUser: PageHandler = (visit, [user = '']) =>
  act(visit, 'grants', async (): Promise<Act> => {
    const { words } = visit;
    const found = await visit.api.get<User>(pathOf(user));
    const blocked = visit.request.form.blocked === 'yes';
    const reason = line(visit, 'reason');
    const call: ApiCall = { method: 'PUT', path: `${pathOf(user)}/block`, body: { blocked, reason } };
    const after = blocked ? words.blockedFor(reason) : words.mayAct;
    return {
      ...{ section: 'users', back: hrefOf('users', user), call, done: blocked ? 'blocked' : 'unblocked' },
      ...{ title: blocked ? words.block : words.unblock, confirm: words.confirm },
      preview: async () => {
        await visit.api.rehearse(call);
        return {
          changes: [{ name: words.state, before: stateOf(visit, found), after }],
          notes: [blocked ? words.blockHint : words.unblockHint],
        };
      },
    };
  });

const stateOf = ({ words }: Visit, { blocked }: User): string =>
  blocked ? words.blockedFor(blocked.reason) : words.mayAct;

/** POST /console/users/{user}/overrides */
export const overrideLimits: PageHandler = (visit, [user = '']) =>
  act(visit, 'grants', async (): Promise<Act> => {
    const { words } = visit;
    const found = await visit.api.get<User>(pathOf(user));
    const after = typedIn(visit);
    const call: ApiCall = { method: 'PUT', path: `${pathOf(user)}/overrides`, body: after };
    return {
      ...{ section: 'users', back: hrefOf('users', user), call, done: 'overridden' },
      ...{ title: words.overrides, confirm: words.confirm },
      preview: async () => {
        await visit.api.rehearse(call);
        const { items } = await visit.api.get<Page<Tier>>('/tiers', { limit: 100 });
        const tier = items.find(({ id }) => id === found.tier);
        return { changes: changesOf(visit, tier, found.overrides, after), notes: [words.overridesHint] };
      },
    };
  });

function typedIn(visit: Visit): Overrides {
  const typed = (name: string) => (visit.request.form[name] ?? '').trim();
  const number = (name: string) => (typed(name) === '' ? null : wholeNumber(visit, name));
  const policies = typed('policies');
  return {
    policies: policies === '' ? null : (listIn(visit, 'policies', policies) as Overrides['policies']),
    maxOpenReservations: number('maxOpenReservations'),
    overdraft: number('overdraft'),
    expiresAt: momentOf(visit, 'expiresAt') ?? null,
    reason: line(visit, 'reason'),
  };
}

function changesOf(
  visit: Visit,
  tier: Tier | undefined,
  before: Overrides | null,
  after: Overrides,
): Change[] {
  const then = told(visit, tier, after);
  return told(visit, tier, before).map(([name, text], i) => ({
    name,
    before: text,
    after: then[i]?.[1] ?? text,
  }));
}

/** Each limit as it is for this user, and whether it is the tier's. */
function told(visit: Visit, tier: Tier | undefined, own: Overrides | null): [string, string][] {
  const { words, show } = visit;
  const ofTier = (text: string) => `${text} (${words.asTier})`;
  const number = (mine: number | null | undefined, tiers: number | null | undefined) =>
    mine === null || mine === undefined
      ? ofTier(typeof tiers === 'number' ? show.number(tiers) : '–')
      : show.number(mine);
  return [
    [words.limits, own?.policies ? limitsText(visit, own) : ofTier(tier ? limitsText(visit, tier) : '–')],
    [words.fields.maxOpenReservations, number(own?.maxOpenReservations, tier?.maxOpenReservations)],
    [words.overdraft, number(own?.overdraft, tier?.overdraft)],
    [words.ends, own?.expiresAt ? `${show.time(own.expiresAt)} (${show.zone})` : '–'],
  ];
}

/** What stands against or beside the tier, where there is anything. */
export function Standing({ visit, user, tier }: { visit: Visit; user: User; tier: Tier | undefined }) {
  const { words } = visit;
  const { blocked, overrides } = user;
  if (!blocked && !overrides) return null;
  return (
    <section class="card">
      {blocked && (
        <p class="bad">
          {words.blockedFor(blocked.reason)} ({visit.show.fromNow(blocked.at)})
        </p>
      )}
      {overrides && (
        <>
          <h2>{words.overrides}</h2>
          <dl class="pairs">
            {told(visit, tier, overrides).map(([name, value]) => (
              <div>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
          <p class="quiet">{overrides.reason}</p>
        </>
      )}
    </section>
  );
}

/** The forms of both. */
export function LimitForms({ visit, user }: { visit: Visit; user: User }) {
  const { words } = visit;
  return (
    <>
      <details>
        <summary>{words.overrides}</summary>
        <ActForm
          {...{
            visit,
            id: 'override',
            action: hrefOf('users', user.user, 'overrides'),
            submit: words.preview,
          }}
          fields={overrideFields(visit, user.overrides)}
        />
      </details>
      <details>
        <summary>{user.blocked ? words.unblock : words.block}</summary>
        <ActForm
          {...{ visit, id: 'block', action: hrefOf('users', user.user, 'block'), submit: words.preview }}
          hidden={{ blocked: user.blocked ? 'no' : 'yes' }}
          fields={[reasonField(visit)]}
        />
      </details>
    </>
  );
}

const overrideFields = (visit: Visit, own: Overrides | null): Field[] => {
  const { words } = visit;
  const number = (name: 'maxOpenReservations' | 'overdraft'): Field => ({
    ...{ name, label: words.fields[name], type: 'number', min: 0 },
    ...{ value: own?.[name] ?? undefined, hint: words.emptyIsTier },
  });
  return [
    {
      ...{ name: 'policies', label: words.limits, type: 'textarea' },
      value: own?.policies ? JSON.stringify(own.policies, null, 1) : '',
      hint: `${words.asJson} ${words.emptyIsTier}`,
    },
    number('maxOpenReservations'),
    number('overdraft'),
    {
      ...{ name: 'expiresAt', label: words.overridesEnd(visit.show.zone), type: 'datetime-local' },
      hint: words.overridesEndHint,
    },
    reasonField(visit),
  ];
};
