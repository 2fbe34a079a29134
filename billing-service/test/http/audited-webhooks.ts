/** Of endpoints; see audited-writes.ts. `:hook` stands for the first one that was made. */

const hook = { url: 'https://example.com/hook', types: null, description: null, enabled: true };
const hookId = /^whk_/ as unknown as string;
const nobodys = { path: '/webhooks/whk_nobodys' };
const ofHook = (rest: string) => ({
  ...{ path: `/webhooks/:hook${rest}`, refused: { path: `/webhooks/whk_nobodys${rest}` } },
  line: { user: null, target: hookId, before: null, after: null },
});

export const WEBHOOK_WRITES = {
  'POST /webhooks': {
    ...{ path: '/webhooks', body: { url: hook.url }, refused: { body: { url: 'http://10.0.0.1/' } } },
    line: { user: null, target: hookId, before: null, after: hook },
  },
  'PUT /webhooks/:id': {
    ...{ path: '/webhooks/:hook', body: { ...hook, description: 'mine' }, refused: nobodys },
    line: { user: null, target: hookId, before: hook, after: { ...hook, description: 'mine' } },
  },
  'POST /webhooks/:id/rotate-secret': ofHook('/rotate-secret'),
  'POST /webhooks/:id/test': ofHook('/test'),
  'POST /deliveries/:id/resend': {
    ...{ path: '/deliveries/1/resend', refused: { path: '/deliveries/99/resend' } },
    line: { user: null, target: '1', before: null, after: null },
  },
  'POST /webhooks/:id/resend': {
    ...ofHook('/resend'),
    body: { since: '2026-01-01T00:00:00Z' },
    line: { user: null, target: hookId, before: null, after: { since: /^2026/ } },
  },
  'DELETE /webhooks/:id': {
    ...{ path: '/webhooks/:hook', refused: nobodys },
    line: { user: null, target: hookId, before: { url: hook.url }, after: null },
  },
};
