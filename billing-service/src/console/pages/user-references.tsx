import type { User } from '../answers.js';
import type { ApiCall } from '../exchange.js';
import { type Act, act } from '../parts/act.js';
import { ActForm, type Field, line } from '../parts/form.js';
import { hrefOf, type PageHandler, type Visit } from '../visit.js';
import { reasonField } from './reason-field.js';

const pathOf = (user: string, ...rest: string[]) =>
  `/users/${[user, 'references', ...rest].map(encodeURIComponent).join('/')}`;
const known = ({ api }: Visit, user: string) => api.get<User>(`/users/${encodeURIComponent(user)}`);

/** POST /console/users/{user}/references/add */
export const addReference: PageHandler = (visit, [user = '']) =>
  act(visit, 'users', async (): Promise<Act> => {
    const { words } = visit;
    const { references } = await known(visit, user);
    const reference = line(visit, 'reference');
    return {
      ...{ section: 'users', back: hrefOf('users', user), done: 'referenceAdded' },
      ...{ title: words.addReference, confirm: words.confirm },
      call: { method: 'POST', path: pathOf(user), body: { reference } },
      preview: async () => ({
        changes: [changeOf(visit, references, [...new Set([...references, reference])])],
        notes: [words.addReferenceHint],
      }),
    };
  });

/** POST /console/users/{user}/references/remove */
export const removeReference: PageHandler = (visit, [user = '']) =>
  act(visit, 'users', async (): Promise<Act> => {
    const { words } = visit;
    const { references } = await known(visit, user);
    const reference = line(visit, 'reference');
    const left = references.filter((name) => name !== reference);
    const call: ApiCall = { method: 'DELETE', path: pathOf(user, reference) };
    return {
      // The name in the address may be the one that goes.
      ...{ section: 'users', back: hrefOf('users', left[0] ?? user), done: 'referenceRemoved' },
      ...{ title: words.removeReference, confirm: words.confirm, call },
      preview: async () => {
        await visit.api.rehearse(call);
        return { changes: [changeOf(visit, references, left)], notes: [words.removeReferenceHint] };
      },
    };
  });

const changeOf = ({ words }: Visit, before: string[], after: string[]) => ({
  ...{ name: words.references, before: before.join(', '), after: after.join(', ') },
});

/** The forms of both; the last name of a user cannot go. */
export function ReferenceForms({ visit, user: { user, references } }: { visit: Visit; user: User }) {
  const { words } = visit;
  const [add, which]: Field[] = [
    {
      ...{ name: 'reference', label: words.reference, isRequired: true, maxLength: 128 },
      hint: words.addReferenceHint,
    },
    {
      ...{ name: 'reference', label: words.reference, type: 'select', hint: words.removeReferenceHint },
      options: references.map((name) => ({ value: name, text: name })),
    },
  ];
  const forms = [
    { name: 'add', title: words.addReference, field: add },
    ...(references.length > 1 ? [{ name: 'remove', title: words.removeReference, field: which }] : []),
  ];
  return (
    <>
      {forms.map(({ name, title, field }) => (
        <details>
          <summary>{title}</summary>
          <ActForm
            {...{ visit, id: `${name}-reference`, submit: words.preview }}
            action={hrefOf('users', user, 'references', name)}
            fields={[...(field ? [field] : []), reasonField(visit)]}
          />
        </details>
      ))}
    </>
  );
}
