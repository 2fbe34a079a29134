/** Of people who go; see audited-writes.ts. */

const nothing = { balance: { available: 0 } };

/** They stand on `web:leaver`, who has had limits of their own. */
export const PEOPLE_WRITES = {
  'DELETE /users/:user': {
    ...{ path: '/users/web:leaver', refused: { path: '/users/web:nobody' } },
    line: { user: null, target: null, reason: null, before: nothing, after: nothing },
  },
};
