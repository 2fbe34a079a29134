/** Over HTTP, on Postgres, by two instances. */
import t from 'tap';
import { startInstances } from '../support/instances.js';
import { reservingAtOnce } from './reserving-at-once.js';

t.test('reserving at once', async (t) => {
  reservingAtOnce(t, await startInstances(t, 2));
});
