import t from 'tap';
import { parse } from 'yaml';
import { completeOpenApiYaml } from '../../src/http/docs/serve-docs.js';
import { type Json, testApp } from '../support/test-app.js';

interface Parameter {
  name: string;
  in: string;
  example?: unknown;
  $ref?: string;
}
interface Operation {
  operationId: string;
  parameters?: Parameter[];
  requestBody?: { content: { 'application/json': { example: Json } } };
  responses: Record<string, unknown>;
}

/** What one needs another to have done first: a payment before its refund, a reservation before its commit. */
const LAST = [
  'removeReference',
  'refundPayment',
  'revokeApiKey',
  'resendDelivery',
  'deleteWebhook',
  'redeemPromoCode',
  'deletePromoCode',
];
const HOLDS = ['commitTokens', 'refundTokens', 'extendReservation', 'readReservation'];

t.test('the example of every call works as it stands, with a key', async (t) => {
  const { call } = await testApp(t);
  const document = parse(await completeOpenApiYaml()) as Json;
  await call('POST', '/tokens/grant', {
    body: { user: 'demo:you', amount: 100, source: 'promo', reason: 'first start' },
    headers: { 'idempotency-key': 'first-start' },
  });
  for (const user of ['web:leaving', 'web:same-person']) await call('PUT', `/users/${user}`, { body: {} });
  const reserve = async (): Promise<string> =>
    (await call('POST', '/tokens/reserve', { body: { user: 'demo:you', operation: 'chatgpt_message' } })).body
      .reservationId;
  let keyId = '';
  let webhookId = '';
  let promoCode = '';

  const operations = Object.entries(document.paths as Record<string, Record<string, Operation>>)
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    )
    .sort((a, b) => LAST.indexOf(a.operation.operationId) - LAST.indexOf(b.operation.operationId));

  for (const { path, method, operation } of operations) {
    // The page itself puts the last reservation's and key's id in the place of the examples'.
    const reservationId = HOLDS.includes(operation.operationId) ? await reserve() : '';
    const own = (text: string) =>
      text
        .replace('rsv_AAAAAAAAAAEBkQAAAAB8AIAAAAAAAAAB', reservationId)
        .replace('key_0Ab1Cd2Ef3Gh4Ij5', keyId)
        .replace('whk_0123456789abcdef01234567', webhookId)
        .replace('MAY-K7PX-M4QT-9WVHN', promoCode);
    const parameters = (operation.parameters ?? []).map(
      (parameter): Parameter =>
        parameter.$ref
          ? document.components.parameters[parameter.$ref.split('/').at(-1) as string]
          : parameter,
    );
    const given = parameters.filter((parameter) => parameter.example !== undefined);
    const url = given
      .filter((parameter) => parameter.in === 'path')
      .reduce((u, { name, example }) => u.replace(`{${name}}`, encodeURIComponent(String(example))), path);
    const headers = given
      .filter((parameter) => parameter.in === 'header')
      .map((p) => [p.name, String(p.example)]);
    const [type, body] = Object.entries<Json>(operation.requestBody?.content ?? {})[0] ?? [];
    const example = body?.example;
    const isLines = type === 'application/x-ndjson';
    const answer = await call(method.toUpperCase() as 'GET', own(url), {
      ...(example === undefined
        ? {}
        : { body: isLines ? own(JSON.stringify(example)) : JSON.parse(own(JSON.stringify(example))) }),
      headers: { ...Object.fromEntries(headers), ...(isLines ? { 'content-type': type } : {}) },
    });
    if (operation.operationId === 'createApiKey') keyId = answer.body.id;
    if (operation.operationId === 'createPromoCodes') promoCode = answer.body.items[0].code;
    if (operation.operationId === 'createWebhook') webhookId = answer.body.id;
    t.ok(
      answer.status < 300,
      `${operation.operationId}: ${answer.status} ${answer.status < 300 ? '' : answer.text}`,
    );
    t.ok(operation.responses[answer.status], `${operation.operationId} documents ${answer.status}`);
  }
});
