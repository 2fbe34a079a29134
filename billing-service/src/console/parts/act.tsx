import type { ComponentChildren } from 'preact';
import type { Scope } from '../../domain/keys/api-key.js';
import { type ApiCall, type ConsoleReply, redirect } from '../exchange.js';
import { hrefOf, may, type Visit } from '../visit.js';
import { Hidden, line } from './form.js';
import { html, Layout, type Section } from './layout.js';

export interface Change {
  name: string;
  before: string;
  after: string;
}

export interface Effect {
  changes: Change[];
  notes: string[];
}

/** A write that an operator is about to make. */
export interface Act {
  title: string;
  section: Section;
  /** Where the form was, and where it goes on from when all went well. */
  back: string;
  /** What it would do; asked only until it is confirmed. */
  preview(): Promise<Effect>;
  confirm: string;
  call: ApiCall;
  /** What is said there: a member of `words.done`. */
  done: string;
  /** In place of going back: an answer that is shown once. */
  shown?: (answer: unknown) => ComponentChildren;
}

/**
 * Every write of the console: first what it would change, with a form that confirms; confirmed, one call of the API with
 * the key that the first form was drawn with. So a second click, or the page sent again, is a replay.
 */
export async function act(visit: Visit, scope: Scope, plan: () => Promise<Act>): Promise<ConsoleReply> {
  const { request, operator, once } = visit;
  if (!may(visit, scope)) return html(<Denied visit={visit} scope={scope} />, 403);
  const reason = line(visit, 'reason');
  const form = line(visit, 'key');
  if (request.form.confirmed !== 'yes') {
    const planned = await plan();
    return html(<Preview {...{ visit, act: planned, reason, ...(await planned.preview()) }} />);
  }
  // With all it says: a form that was changed and sent again is another, and the API knows what to say of it.
  const { csrf: _, ...said } = request.form;
  return once.reply(JSON.stringify([operator.apiKeyId, request.path, said]), async () =>
    perform(visit, await plan(), { 'idempotency-key': form, 'x-farebox-reason': encodeURIComponent(reason) }),
  );
}

async function perform(
  visit: Visit,
  { call, shown, back, done, title, section }: Act,
  headers: Record<string, string>,
): Promise<ConsoleReply> {
  const answer = await visit.api.send({ ...call, headers: { ...headers, ...call.headers } });
  if (!shown) return redirect(`${back}?done=${done}`);
  return html(
    <Layout visit={visit} title={title} section={section}>
      {shown(answer)}
      <p>
        <a href={back}>{visit.words.goBack}</a>
      </p>
    </Layout>,
  );
}

interface PreviewProps extends Effect {
  visit: Visit;
  act: Act;
  reason: string;
}

function Preview({ visit, act: planned, reason, changes, notes }: PreviewProps) {
  const { words, request } = visit;
  return (
    <Layout visit={visit} title={planned.title} section={planned.section}>
      <section class="card preview">
        <h2>{words.whatChanges}</h2>
        {changes.length > 0 && (
          <dl class="changes">
            {changes.map(({ name, before, after }) => (
              <div class={before === after ? 'same' : undefined}>
                <dt>{name}</dt>
                <dd>
                  <span>{before}</span> → <strong>{after}</strong>
                </dd>
              </div>
            ))}
          </dl>
        )}
        {notes.map((note) => (
          <p>{note}</p>
        ))}
        <p class="quiet">
          {words.reason}: {reason}
        </p>
        <form method="post" action={hrefOf(...request.path)} class="buttons">
          <Hidden values={{ ...request.form, confirmed: 'yes' }} />
          <button type="submit">{planned.confirm}</button>
          <a class="button plain" href={planned.back}>
            {words.cancel}
          </a>
        </form>
      </section>
    </Layout>
  );
}

export const Denied = ({ visit, scope }: { visit: Visit; scope: Scope }) => (
  <Layout visit={visit} title={visit.words.notAllowed} section="today">
    <p>{visit.words.needsScope(scope)}</p>
  </Layout>
);
