/** Of people who become one, and who go; see audited-writes.ts. They stand on `web:leaver`, who has limits of their own. */

const nothing = { balance: { available: 0 } };

export const PEOPLE_WRITES = {
  'POST /users/:user/merge': {
    ...{ path: '/users/web:merged/merge', body: { from: 'web:leaver', reason: 'one person' } },
    ...{ refused: { body: { from: 'web:nobody', reason: 'one person' } } },
    line: {
      ...{ user: 'web:leaver', target: null, reason: 'one person' },
      before: { references: ['web:merged'], from: { references: ['web:leaver'] } },
      after: { references: ['web:leaver', 'web:merged'] },
    },
  },
  'DELETE /users/:user': {
    ...{ path: '/users/web:merged', refused: { path: '/users/web:nobody' } },
    line: { user: null, target: null, reason: null, before: nothing, after: nothing },
  },
};
