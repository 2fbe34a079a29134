import type { User } from '../answers.js';
import type { ApiCall } from '../exchange.js';
import { type Act, act } from '../parts/act.js';
import { ActForm, line } from '../parts/form.js';
import { hrefOf, type PageHandler, type Visit } from '../visit.js';
import { reasonField } from './reason-field.js';
import { userChanges } from './user-changes.js';

const pathOf = (user: string) => `/users/${encodeURIComponent(user)}`;

/** POST /console/users/{user}/merge */
export const mergeUser: PageHandler = (visit, [user = '']) =>
  act(visit, 'admin', async (): Promise<Act> => {
    const { words } = visit;
    const from = line(visit, 'from');
    const [stays, goes] = [await visit.api.get<User>(pathOf(user)), await visit.api.get<User>(pathOf(from))];
    const body = { from, reason: line(visit, 'reason') };
    const call: ApiCall = { method: 'POST', path: `${pathOf(user)}/merge`, body };
    const names = ({ references }: User) => references.join(', ');
    return {
      ...{ section: 'users', back: hrefOf('users', user), call, done: 'merged' },
      ...{ title: words.mergeUser, confirm: words.mergeForGood },
      preview: async () => {
        const { changes } = await userChanges(visit, call);
        const after = [names(stays), names(goes)].join(', ');
        return {
          changes: [{ name: words.names, before: names(stays), after }, ...changes],
          notes: [words.mergeHint],
        };
      },
    };
  });

export function MergeForm({ visit, user }: { visit: Visit; user: User }) {
  const { words } = visit;
  return (
    <details>
      <summary>{words.mergeUser}</summary>
      <ActForm
        {...{ visit, id: 'merge', action: hrefOf('users', user.user, 'merge'), submit: words.preview }}
        fields={[
          { name: 'from', label: words.mergeFrom, isRequired: true, maxLength: 128 },
          reasonField(visit),
        ]}
      />
    </details>
  );
}
