import type { User } from '../answers.js';
import type { ApiCall } from '../exchange.js';
import { type Act, act } from '../parts/act.js';
import { FormError, line, momentOf, wholeNumber } from '../parts/form.js';
import { hrefOf, type PageHandler, type Visit } from '../visit.js';
import { wordFor } from '../words/words.js';
import { userChanges } from './user-changes.js';

/** The API makes a user of any reference; a form is about one who is there. */
const known = ({ api }: Visit, user: string) => api.get<User>(`/users/${encodeURIComponent(user)}`);

/** POST /console/users/{user}/grant */
export const grant: PageHandler = (visit, [user = '']) =>
  act(visit, 'grants', async (): Promise<Act> => {
    const { words, show } = visit;
    await known(visit, user);
    const amount = wholeNumber(visit, 'amount');
    if (amount === 0) throw new FormError('amount', words.mustNotBeZero);
    const expiresAt = momentOf(visit, 'expiresAt');
    const source = line(visit, 'source');
    const call: ApiCall = {
      ...{ method: 'POST', path: '/tokens/grant' },
      body: { user, amount, source, reason: line(visit, 'reason'), ...(expiresAt ? { expiresAt } : {}) },
    };
    const ends = expiresAt ? `${words.until} ${show.time(expiresAt)} (${show.zone})` : words.noEnd;
    const from = wordFor(words.sources, source);
    return {
      ...{ section: 'users', back: hrefOf('users', user), call, done: 'granted' },
      title: amount > 0 ? words.grantTokens : words.takeTokens,
      confirm: `${words.confirm}: ${show.signed(amount)}`,
      preview: async () => ({
        ...(await userChanges(visit, call)),
        notes: [`${user}: ${show.signed(amount)}, ${from}, ${ends}`],
      }),
    };
  });

/** POST /console/users/{user}/tier */
export const changeTier: PageHandler = (visit, [user = '']) =>
  act(visit, 'grants', async (): Promise<Act> => {
    const { words } = visit;
    await known(visit, user);
    const [tier, months] = [line(visit, 'tier'), wholeNumber(visit, 'months')];
    const call: ApiCall = {
      ...{ method: 'PUT', path: `/users/${encodeURIComponent(user)}/tier` },
      body: { tier, months },
    };
    return {
      ...{ section: 'users', back: hrefOf('users', user), call, done: 'tierChanged' },
      ...{ title: words.changeTier, confirm: words.confirm },
      preview: async () => {
        const effect = await userChanges(visit, call);
        const { before } = effect;
        const begins = before.tier === tier ? words.tierStays(months) : words.tierBegins(months);
        return { ...effect, notes: [tier === 'gift' ? words.giftDrops(before.upcoming.length) : begins] };
      },
    };
  });
