import { EVENT_TYPES } from '../../domain/events/event.js';
import { type Field, line } from '../parts/form.js';
import type { Visit } from '../visit.js';
import type { Webhook } from '../webhook-answers.js';
import { reasonField } from './reason-field.js';
import { yesOrNo } from './yes-or-no.js';

export type WebhookWish = Pick<Webhook, 'url' | 'types' | 'description' | 'enabled'>;

/** Of a form; `webhook` is null where there is none yet. */
export function webhookFields(visit: Visit, webhook: Webhook | null): Field[] {
  const { words } = visit;
  return [
    {
      ...{ name: 'url', label: words.endpoint, value: webhook?.url, isRequired: true, maxLength: 2048 },
      hint: words.urlHint,
    },
    { name: 'description', label: words.description, value: webhook?.description ?? '', maxLength: 200 },
    {
      ...{ name: 'type', label: words.eventTypes, type: 'checkboxes', hint: words.noneTicked },
      options: EVENT_TYPES.map((type) => ({ value: type, text: type })),
      ticked: webhook?.types ?? [],
    },
    {
      ...{ name: 'enabled', label: words.enabled, type: 'select', options: yesOrNo(visit) },
      value: webhook?.enabled === false ? 'no' : 'yes',
    },
    reasonField(visit),
  ];
}

/** What was typed in, as the API takes it. */
export function webhookTyped(visit: Visit): WebhookWish {
  const { form } = visit.request;
  const types = EVENT_TYPES.filter((type) => form[`type-${type}`] === 'yes');
  const description = (form.description ?? '').trim();
  return {
    url: line(visit, 'url'),
    types: types.length > 0 ? types : null,
    description: description === '' ? null : description,
    enabled: form.enabled !== 'no',
  };
}
