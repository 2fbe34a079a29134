import { SCOPES } from '../../domain/keys/api-key.js';
import type { ApiKey } from '../answers.js';
import type { Page } from '../api.js';
import { type Act, act, Denied } from '../parts/act.js';
import { ActForm, type Field, FormError, line } from '../parts/form.js';
import { html, Layout } from '../parts/layout.js';
import { csvAsked, type List, ListTable } from '../parts/list.js';
import { hrefOf, may, type PageHandler, type Visit } from '../visit.js';
import { reasonField } from './reason-field.js';

export const keysPage: PageHandler = async (visit) => {
  const { api, words, request } = visit;
  if (!may(visit, 'admin')) return html(<Denied visit={visit} scope="admin" />, 403);
  const page = await api.get<Page<ApiKey>>('/api-keys', { limit: 50, cursor: request.query.cursor });
  const list = keyList(visit, page);
  const fields: Field[] = [
    { name: 'name', label: words.name, isRequired: true, maxLength: 100, hint: words.keyNameHint },
    {
      name: 'scope',
      label: words.scopes,
      type: 'checkboxes',
      options: SCOPES.map((scope) => ({ value: scope, text: scope })),
    },
    reasonField(visit),
  ];
  return (
    csvAsked(visit, list) ??
    html(
      <Layout visit={visit} title={words.keys} section="keys">
        <section class="card">
          <ListTable list={list} visit={visit} />
        </section>
        <section class="card">
          <h2>{words.newKey}</h2>
          <ActForm {...{ visit, fields, id: 'new-key', action: '/console/keys', submit: words.preview }} />
        </section>
      </Layout>,
    )
  );
};

const keyList = ({ words, show }: Visit, page: Page<ApiKey>): List<ApiKey> => ({
  ...{
    id: 'keys',
    title: words.keys,
    rows: page.items,
    nextCursor: page.nextCursor,
    empty: words.noKeys,
  },
  columns: [
    { name: words.name, place: 'title', cell: ({ name, prefix }) => ({ text: name, note: `${prefix}…` }) },
    { name: words.scopes, cell: ({ scopes }) => ({ text: scopes.join(', ') }) },
    { name: words.made, cell: ({ createdAt }) => ({ text: show.day(createdAt), at: createdAt }) },
    {
      name: words.ends,
      cell: ({ expiresAt }) =>
        expiresAt ? { text: show.day(expiresAt), at: expiresAt } : { text: words.noEnd },
    },
    {
      name: words.lastUse,
      place: 'side',
      cell: ({ lastUsedAt }) =>
        lastUsedAt
          ? { text: show.fromNow(lastUsedAt), at: lastUsedAt }
          : { text: words.notUsedYet, tone: 'quiet' },
    },
    {
      name: words.replaceKey,
      place: 'plain',
      cell: ({ id }) => ({ text: words.rotate, raw: '', href: hrefOf('keys', id, 'rotate') }),
    },
    {
      name: words.revokeKey,
      place: 'plain',
      cell: ({ id }) => ({ text: words.revoke, raw: '', href: hrefOf('keys', id, 'revoke') }),
    },
  ],
});

/** POST /console/keys */
export const createKey: PageHandler = (visit) =>
  act(visit, 'admin', async (): Promise<Act> => {
    const { words, request } = visit;
    const scopes = SCOPES.filter((scope) => request.form[`scope-${scope}`] === 'yes');
    if (scopes.length === 0) throw new FormError(words.scopes, words.mustBeFilled);
    const name = line(visit, 'name');
    return {
      title: words.newKey,
      section: 'keys',
      back: '/console/keys',
      preview: async () => ({
        changes: [{ name, before: '–', after: scopes.join(', ') }],
        notes: [words.keyShownOnce],
      }),
      confirm: words.newKey,
      call: { method: 'POST', path: '/api-keys', body: { name, scopes } },
      done: 'keyMade',
      shown: (answer) => <ShownOnce visit={visit} answer={answer} />,
    };
  });

export const ShownOnce = ({ visit: { words }, answer }: { visit: Visit; answer: unknown }) => (
  <section class="card">
    <p>{words.keyShownOnce}</p>
    <p class="secret">
      <code>{(answer as { key: string }).key}</code>
    </p>
  </section>
);
