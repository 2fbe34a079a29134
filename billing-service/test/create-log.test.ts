import { DrizzleQueryError } from 'drizzle-orm/errors';
import t from 'tap';
import { createLog } from '../src/create-log.js';

const logged = (fields: object): string => {
  let text = '';
  const log = createLog('info', {
    write: (line) => {
      text += line;
    },
  });
  log.warn(fields, 'it failed');
  return text;
};

t.test('of an error the log has kind, code, place and cause, but no value', async (t) => {
  const cause = Object.assign(new Error('invalid input syntax for type integer: "secret"'), {
    ...{ code: '22P02', detail: 'Row (secret)', table: 'users', parameters: ['secret'] },
  });
  const err = new DrizzleQueryError('insert into users values ($1)', ['secret'], cause);
  const line = logged({ err });
  t.notMatch(line, 'secret');
  const said = JSON.parse(line).err;
  t.match(said.message, 'insert into users');
  t.match(said.cause, { code: '22P02', table: 'users' });
  t.match(said.stack, /^ +at /);
});

t.test('of a request the log has its method at most', async (t) => {
  const req = { method: 'GET', url: '/users/web:secret', headers: { authorization: 'Bearer secret' } };
  t.notMatch(logged({ req, err: 'secret' }), 'secret');
});
