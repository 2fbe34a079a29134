import t from 'tap';
import { CHAT, LINES, RATES, RECEIPT } from '../support/rated-app.js';
import { grant, toldApp, USER } from './told-app.js';

t.test('reservation.committed tells the receipt, by the prices that were reserved', async (t) => {
  const app = await toldApp(t);
  const { call } = app;
  const put = (body: object) =>
    call('PUT', '/operations/chat', { body: { name: 'Chat', price: 2, ...body } });
  await put({ rates: RATES });
  await grant(app, { amount: 500 });
  const hold = async (body: object): Promise<string> => {
    const answer = await call('POST', '/tokens/reserve', {
      body: { user: USER, operation: 'chat', ...body },
    });
    return answer.body.reservationId;
  };
  const [counted, estimated, plain] = [await hold(CHAT), await hold(CHAT), await hold({ quantity: 2 })];
  await put({ price: 50, rates: [] });
  const later = await hold({});
  const commits: [string, object][] = [
    [counted, { units: { output_tokens: 100 } }],
    [estimated, {}],
    [plain, {}],
    [later, { amount: 9 }],
  ];
  const answers = [];
  for (const [reservationId, body] of commits)
    answers.push((await call('POST', '/tokens/commit', { body: { reservationId, ...body } })).body.receipt);
  const told = await app.events('types=reservation.committed');
  t.strictSame(
    told.map(({ data }) => data.receipt),
    answers,
  );
  t.match(answers, [
    { price: 2, lines: [{ ...LINES[1], quantity: 100 }], total: 3, estimated: false },
    { ...RECEIPT, estimated: true },
    { price: 2, quantity: 2, lines: [], total: 4 },
    { price: 9, quantity: 1, lines: [], total: 9 },
  ]);
});
