/** What every answer lists has a bound. */
import t from 'tap';
import { testApp } from '../support/test-app.js';

t.setTimeout(240_000);

t.test('a user has 100 references at most, however many are added at once', async (t) => {
  const { call } = await testApp(t);
  // So many calls of one account at once are more than it is waited for: what was refused for that is sent again.
  const name = async (reference: string) => {
    for (;;) {
      const answer = await call('POST', '/users/web:a/references', { body: { reference } });
      if (answer.status !== 503) return answer;
    }
  };
  const first = await Promise.all(Array.from({ length: 105 }, (_, i) => name(`web:a${i}`)));
  t.equal(first.filter(({ status }) => status === 201).length, 99);
  const full = first.find(({ status }) => status !== 201);
  t.equal(full?.status, 409);
  t.match(full?.body, { code: 'too-many-references', max: 100, detail: /100 references/ });
  const { references } = (await call('GET', '/users/web:a')).body;
  t.equal(references.length, 100);
  t.equal((await name(references[50])).status, 201, 'one that the user has is accepted again');
});

for (const [section, max, body] of [
  ['operations', 200, { name: 'Another', price: 1 }],
  ['packs', 200, { name: 'Another', tokens: 1, prices: [] }],
  [
    'tiers',
    100,
    {
      ...{
        name: 'Another',
        monthlyTokens: 0,
        overdraft: 0,
        maxOpenReservations: null,
        requiresChannel: false,
      },
      ...{ prices: [], policies: [], features: [], position: 9 },
    },
  ],
] as const) {
  t.test(`there are ${max} ${section} at most; what is there can still be changed`, async (t) => {
    const { call } = await testApp(t);
    const put = (id: string) => call('PUT', `/${section}/${id}`, { body: { ...body } });
    const answers = [];
    for (let i = 0; i < max + 1; i++) answers.push(await put(`another-${i}`));
    const refused = answers.filter(({ status }) => status !== 201);
    t.ok(refused.length === 3 || refused.length === 4, 'some were there before');
    t.ok(
      refused.every(
        ({ status, body }) => status === 409 && body.code === 'catalogue-full' && body.max === max,
      ),
    );
    t.equal((await put('another-0')).status, 200);
    const { status, body: problem } = await call('PUT', `/${section}/one-more`, {
      body: { ...body },
      headers: { 'if-match': '"0"' },
    });
    t.equal(status, 412, problem.detail);
  });
}
