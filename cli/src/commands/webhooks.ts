import { command } from '../command.js';
import { number } from '../output/figures.js';
import { table } from '../output/table.js';
import { PAGE_OPTIONS, pageOf, showPage, YES } from './shared-options.js';

const ID = { name: 'id', what: 'The endpoint’s id, whk_…' } as const;

export const listWebhooks = command({
  name: 'webhooks list',
  summary: 'The endpoints that events are sent to.',
  run: async (context) => {
    const { service, terminal, times } = context;
    const answer = await service.get('/webhooks');
    showPage(context, answer, 'There are none.', (items) =>
      table(terminal, items, [
        { title: 'id', of: ({ id }) => id },
        {
          title: 'state',
          of: (one) => stateOf(one),
          paint: (text) => (text === 'on' ? terminal.paint.green(text) : terminal.paint.red(text)),
        },
        { title: times.heading('fails since'), of: ({ failingSince }) => times.maybe(failingSince) },
        { title: 'types', of: ({ types }) => (types === null ? 'all' : types.join(',')) },
        { title: 'url', of: ({ url }) => url },
        { title: '', of: ({ description }) => description ?? '' },
      ]),
    );
  },
});

const stateOf = ({ enabled, disabledFor }: { enabled: boolean; disabledFor: string | null }): string =>
  enabled ? 'on' : `off${disabledFor ? ` (${disabledFor})` : ''}`;

export const createWebhook = command({
  name: 'webhooks create',
  summary: 'Send events to an address. Its secret is shown this once.',
  arguments: [{ name: 'url', what: 'Where to, https://…' }],
  options: {
    types: { value: 'LIST', what: 'Only these, with commas; else all.' },
    description: { value: 'TEXT', what: 'What it is for.' },
  },
  writes: 'optional',
  run: async ({ input, service, terminal, show, write, isJson }) => {
    const types = (input.list('types') ?? null) as never;
    const body = {
      url: input.text('url'),
      types,
      description: input.optional('description') ?? null,
      enabled: true,
    };
    const answer = await service.write('post', '/webhooks', await write('once'), { body });
    if (!isJson) terminal.note(`${answer.body.id}: its secret is shown this once:`);
    show(answer, () => [answer.body.secret]);
  },
});

/** Its other members stay as they are. */
const turn = (name: 'enable' | 'disable') =>
  command({
    name: `webhooks ${name}`,
    summary:
      name === 'enable'
        ? 'Send to an endpoint again, what comes from now on.'
        : 'Send nothing to an endpoint.',
    arguments: [ID],
    writes: 'optional',
    run: async ({ input, service, show, write }) => {
      const path = { id: input.text('id') };
      const writing = await write();
      const { url, types, description } = (await service.get('/webhooks/{id}', { path })).body;
      const answer = await service.write('put', '/webhooks/{id}', writing, {
        path,
        body: { url, types, description, enabled: name === 'enable' },
      });
      show(answer, () => [`${path.id} is ${stateOf(answer.body)}.`]);
    },
  });

export const enableWebhook = turn('enable');
export const disableWebhook = turn('disable');

export const deleteWebhook = command({
  name: 'webhooks delete',
  summary: 'Remove an endpoint, and what still waits for it.',
  arguments: [ID],
  options: YES,
  writes: 'optional',
  run: async ({ input, service, show, write, confirm }) => {
    const path = { id: input.text('id') };
    await confirm(`Remove ${path.id} for good?`);
    const answer = await service.write('delete', '/webhooks/{id}', await write(), { path });
    show(answer, () => [`${path.id} is gone.`]);
  },
});

export const rotateSecret = command({
  name: 'webhooks rotate-secret',
  summary: 'A new secret; both sign for 24 hours.',
  arguments: [ID],
  writes: 'optional',
  run: async ({ input, service, show, write }) => {
    const path = { id: input.text('id') };
    const answer = await service.write('post', '/webhooks/{id}/rotate-secret', await write('once'), { path });
    show(answer, () => [answer.body.secret]);
  },
});

export const testWebhook = command({
  name: 'webhooks test',
  summary: 'Send an endpoint a webhook.test.',
  arguments: [ID],
  writes: 'optional',
  run: async ({ input, service, show, write }) => {
    const path = { id: input.text('id') };
    const answer = await service.write('post', '/webhooks/{id}/test', await write('once'), { path });
    show(answer, () => [`Delivery ${answer.body.id} is on its way: farebox webhooks deliveries ${path.id}`]);
  },
});

export const resendWebhook = command({
  name: 'webhooks resend',
  summary: 'Send an endpoint all events from a time on again.',
  arguments: [ID],
  options: { since: { value: 'TIME', what: 'From when: 2026-11-30T12:00 or 3d.' } },
  writes: 'optional',
  run: async ({ input, service, times, show, write }) => {
    const path = { id: input.text('id') };
    const since = input.time('since', 'ago') ?? input.refuse('since', 'is needed');
    const answer = await service.write('post', '/webhooks/{id}/resend', await write('once'), {
      path,
      body: { since },
    });
    show(answer, () => [`What happened since ${times.full(answer.body.since)} is sent again.`]);
  },
});

const STATUSES = ['waiting', 'delivered', 'failed', 'skipped'] as const;

export const listDeliveries = command({
  name: 'webhooks deliveries',
  summary: 'What was sent to an endpoint, newest first, and how it went.',
  arguments: [ID],
  options: { status: { value: 'STATUS', what: 'Only these.', choices: STATUSES }, ...PAGE_OPTIONS },
  run: async (context) => {
    const { input, service, terminal, times } = context;
    const query = { status: input.choice('status', STATUSES), ...pageOf(context) };
    const answer = await service.get('/webhooks/{id}/deliveries', { path: { id: input.text('id') }, query });
    showPage(context, answer, 'There are none.', (items) =>
      table(terminal, items, [
        { title: 'id', of: ({ id }) => id },
        { title: 'event', of: ({ type, eventId }) => `${type} ${eventId}` },
        {
          title: 'status',
          of: ({ status }) => status,
          paint: (text) => (text === 'failed' ? terminal.paint.red(text) : text),
        },
        { title: 'tries', right: true, of: ({ attempts }) => number(attempts.length) },
        { title: times.heading('last try'), of: ({ attempts }) => times.maybe(attempts.at(-1)?.at) },
        { title: 'next try', of: ({ nextAttemptAt }) => times.maybe(nextAttemptAt) },
        { title: 'answer', of: ({ attempts }) => lastAnswer(attempts.at(-1)) },
      ]),
    );
  },
});

const lastAnswer = (attempt: { status: number | null; ms: number; body: string } | undefined): string =>
  attempt === undefined
    ? ''
    : `${attempt.status ?? 'none'} in ${number(attempt.ms)} ms ${attempt.body}`.trimEnd();

export const resendDelivery = command({
  name: 'webhooks resend-delivery',
  summary: 'Send one delivery again, or now where it waits.',
  arguments: [{ name: 'id', what: 'The delivery’s number.' }],
  writes: 'optional',
  run: async ({ input, service, show, write }) => {
    const path = { id: input.text('id') };
    const answer = await service.write('post', '/deliveries/{id}/resend', await write('once'), { path });
    show(answer, () => [`Delivery ${answer.body.id} is on its way.`]);
  },
});
