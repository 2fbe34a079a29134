import { setImmediate as endOfTurn, setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { patienceOf } from '../../../../src/domain/ports/patience.js';
import { AGAIN, Batch } from '../../../../src/stores/postgres/ledger/batch.js';

type Answers = (string | typeof AGAIN)[];

/** A batch of which each statement stays in flight until the test answers it. Items before a colon conflict. */
function heldBatch(maxInFlight: number) {
  const flights: {
    items: string[];
    answer(answers?: Answers): Promise<void>;
    fail(error: Error): Promise<void>;
  }[] = [];
  const batch = new Batch<string, string>({
    name: 'test',
    maxItems: 10,
    maxInFlight,
    work: 'ending',
    conflictsOf: (item) => (item.includes(':') ? [item.split(':')[0] as string] : []),
    send: (items) =>
      new Promise((resolve, reject) => {
        flights.push({
          items,
          answer: async (answers = items.map((item) => `${item}!`)) => {
            resolve(answers);
            await endOfTurn();
            await endOfTurn();
          },
          fail: async (error) => {
            reject(error);
            await endOfTurn();
          },
        });
      }),
  });
  const add = (item: string) => batch.add(item, patienceOf(60_000));
  return { add, flights, sent: () => flights.map((flight) => flight.items.join(' ')) };
}

t.test('what is added in one turn leaves together at its end', async (t) => {
  const { add, flights, sent } = heldBatch(2);
  const answers = Promise.all(['a', 'b'].map((item) => add(item)));
  t.strictSame(sent(), []);
  await endOfTurn();
  t.strictSame(sent(), ['a b']);
  await flights[0]?.answer();
  t.strictSame(await answers, ['a!', 'b!']);
});

t.test(
  'a second statement leaves when as many wait as are in flight, or when the first is back',
  async (t) => {
    const { add, flights, sent } = heldBatch(2);
    for (const item of ['a', 'b', 'c']) void add(item);
    await endOfTurn();
    for (const item of ['d', 'e']) void add(item);
    await endOfTurn();
    t.strictSame(sent(), ['a b c'], 'two wait');
    void add('f');
    await endOfTurn();
    t.strictSame(sent(), ['a b c', 'd e f']);
    for (const item of ['g', 'h', 'i', 'j', 'k', 'l', 'm']) void add(item);
    await endOfTurn();
    t.equal(flights.length, 2, 'no third');
    await flights[0]?.answer();
    t.equal(sent()[2], 'g h i j k l m');
    void add('n');
    await flights[1]?.answer();
    t.equal(flights.length, 3, 'one waits, seven are in flight');
    await flights[2]?.answer();
    t.equal(sent()[3], 'n');
  },
);

t.test('items in conflict are never in flight together, and keep their order', async (t) => {
  const { add, flights, sent } = heldBatch(2);
  const answers = ['k:1', 'k:2', 'a', 'k:3'].map((item) => add(item));
  await endOfTurn();
  t.strictSame(sent(), ['k:1 a']);
  await flights[0]?.answer();
  await flights[1]?.answer();
  await flights[2]?.answer();
  t.strictSame(sent(), ['k:1 a', 'k:2', 'k:3']);
  t.strictSame(await Promise.all(answers), ['k:1!', 'k:2!', 'a!', 'k:3!']);
});

t.test('an item that must go again goes with the next statement, ahead of what waits', async (t) => {
  const { add, flights, sent } = heldBatch(1);
  const first = add('a');
  await endOfTurn();
  void add('b');
  await flights[0]?.answer([AGAIN]);
  t.strictSame(sent(), ['a', 'a b']);
  await flights[1]?.answer();
  t.equal(await first, 'a!');
});

t.test('a statement that fails rejects its items, and no others', async (t) => {
  const { add, flights } = heldBatch(1);
  const [first, second] = [add('a'), endOfTurn().then(() => add('b'))];
  const failed = t.rejects(first, { message: 'away' });
  await endOfTurn();
  await endOfTurn();
  await flights[0]?.fail(new Error('away'));
  await failed;
  await flights[1]?.answer();
  t.equal(await second, 'b!');
});

t.test('two statements are stuck: when one of them is back, the other is flown past, too', async (t) => {
  const { add, flights, sent } = heldBatch(1);
  const first = add('a');
  await endOfTurn();
  const second = add('b');
  while (flights.length < 2) await sleep(10);
  t.strictSame(sent(), ['a', 'b'], 'the first is flown past');
  // Its time to be flown past comes, and cannot be used: one of a kind at most keeps a connection so.
  await sleep(1_000);
  const third = add('c');
  await endOfTurn();
  t.equal(flights.length, 2);
  await flights[0]?.answer();
  t.strictSame(sent(), ['a', 'b', 'c']);
  await flights[2]?.answer();
  const fourth = endOfTurn().then(() => add('d'));
  await endOfTurn();
  await endOfTurn();
  t.equal(sent()[3], 'd', 'nobody waits for the second any more');
  for (const flight of [flights[3], flights[1]]) await flight?.answer();
  t.strictSame(await Promise.all([first, second, third, fourth]), ['a!', 'b!', 'c!', 'd!']);
});
