import { ApiProblem } from '../api.js';
import { redirect } from '../exchange.js';
import { type Act, act, type Change, Denied } from '../parts/act.js';
import { ActForm, line } from '../parts/form.js';
import { html, Layout } from '../parts/layout.js';
import { hrefOf, may, type PageHandler, type Visit } from '../visit.js';
import { fieldsOf, type Kind, kindOf, labelOf, type Thing, valuesIn } from './catalogue-members.js';
import { reasonField } from './reason-field.js';
import { touches } from './touches.js';

const pathOf = (kind: Kind, id: string) => `/${kind}/${encodeURIComponent(id)}`;
/** In place of an ETag, where there was nothing to read. */
const NEW = 'new';

/** What is there, with its ETag; null and NEW where there is nothing yet. */
async function present(
  { api }: Visit,
  kind: Kind,
  id: string,
): Promise<{ body: Thing | null; etag: string }> {
  return api.read<Thing>(pathOf(kind, id)).catch((error) => {
    if (error instanceof ApiProblem && error.status === 404) return { body: null, etag: NEW };
    throw error;
  });
}

/** GET /console/catalogue/{kind}?id=: where a new one is made. */
export const newForm: PageHandler = async ({ request, words }, [name = '']) => {
  const id = (request.query.id ?? '').trim();
  return redirect(id === '' ? hrefOf('catalogue') : hrefOf('catalogue', kindOf(name, words), id));
};

/** GET /console/catalogue/{kind}/{id} */
export const editForm: PageHandler = async (visit, [name = '', id = '']) => {
  const { words } = visit;
  if (!may(visit, 'admin')) return html(<Denied visit={visit} scope="admin" />, 403);
  const kind = kindOf(name, words);
  const { body: thing, etag } = await present(visit, kind, id);
  const fields = [...fieldsOf(visit, kind, thing), reasonField(visit)];
  return html(
    <Layout visit={visit} title={thing?.name ?? words.newThing(id)} section="catalogue">
      <section class="card">
        <ActForm
          hidden={{ etag }}
          {...{ visit, fields, id: 'edit', action: hrefOf('catalogue', kind, id), submit: words.preview }}
        />
      </section>
    </Layout>,
  );
};

/** POST of the same. */
export const edit: PageHandler = (visit, [name = '', id = '']) =>
  act(visit, 'admin', async (): Promise<Act> => {
    const { words } = visit;
    const kind = kindOf(name, words);
    const { body: before } = await present(visit, kind, id);
    const after = { ...before, name: line(visit, 'name'), ...valuesIn(visit, kind) };
    const etag = line(visit, 'etag');
    return {
      ...{
        section: 'catalogue',
        back: '/console/catalogue',
        confirm: words.confirm,
        done: 'catalogueChanged',
      },
      title: before ? `${words.change}: ${before.name}` : words.newThing(id),
      preview: async () => ({
        changes: changesOf(visit, before ?? {}, after),
        notes: before ? await touches(visit, kind, before, { ...after, id }) : [],
      }),
      call: {
        ...{ method: 'PUT', path: pathOf(kind, id), body: { ...after, id } },
        // Only what was seen is replaced: what somebody else has written meanwhile stays.
        headers: etag === NEW ? { 'if-none-match': '*' } : { 'if-match': etag },
      },
    };
  });

const textOf = (value: unknown) =>
  value === undefined ? '–' : typeof value === 'string' ? value : JSON.stringify(value);

function changesOf(visit: Visit, before: Record<string, unknown>, after: Record<string, unknown>): Change[] {
  return Object.keys(after)
    .map((name) => ({ name: labelOf(visit, name), before: textOf(before[name]), after: textOf(after[name]) }))
    .filter((change) => change.before !== change.after);
}
