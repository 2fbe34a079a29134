import type { BalanceView, User } from '../answers.js';
import { withQuery } from '../api.js';
import type { ApiCall } from '../exchange.js';
import { type Act, act } from '../parts/act.js';
import { ActForm } from '../parts/form.js';
import { hrefOf, type PageHandler, type Visit } from '../visit.js';
import { reasonField } from './reason-field.js';

/** POST /console/users/{user}/erase */
export const eraseUser: PageHandler = (visit, [user = '']) =>
  act(visit, 'admin', async (): Promise<Act> => {
    const { words, show } = visit;
    const path = `/users/${encodeURIComponent(user)}`;
    const { references } = await visit.api.get<User>(path);
    const { total } = await visit.api.get<BalanceView>(`${path}/balance`);
    const forfeit = visit.request.form['forfeit-yes'] === 'yes' ? 'true' : undefined;
    const call: ApiCall = { method: 'DELETE', path: withQuery(path, { forfeit }) };
    return {
      ...{ section: 'users', back: hrefOf('users'), call, done: 'erased' },
      ...{ title: words.eraseUser, confirm: words.eraseForGood },
      preview: async () => {
        await visit.api.rehearse(call);
        return {
          changes: [
            { name: words.names, before: references.join(', '), after: '–' },
            { name: words.balance, before: show.number(total), after: show.number(0) },
          ],
          notes: [words.eraseHint],
        };
      },
    };
  });

export function EraseForm({ visit, user }: { visit: Visit; user: User }) {
  const { words } = visit;
  return (
    <details>
      <summary>{words.eraseUser}</summary>
      <ActForm
        {...{ visit, id: 'erase', action: hrefOf('users', user.user, 'erase'), submit: words.preview }}
        fields={[
          {
            ...{ name: 'forfeit', label: words.tokensLeft, type: 'checkboxes' },
            options: [{ value: 'yes', text: words.mayBeLost }],
          },
          reasonField(visit),
        ]}
      />
    </details>
  );
}
