import t from 'tap';
import { OffsetClock, steadyTime } from '../../src/domain/ports/clock.js';

t.test(
  'what a clock gives never steps back, and is right again when the right time has caught up',
  async (t) => {
    let ms = 100_000;
    const clock = new OffsetClock(() => ms);
    t.equal(clock.now(), 100_000);
    clock.correct(5_000);
    t.equal(clock.now(), 105_000);
    clock.correct(1_000);
    t.equal(clock.now(), 105_000, 'a correction backwards: it waits');
    ms += 4_001;
    t.equal(clock.now(), 105_001);
    ms -= 3_000;
    t.equal(clock.now(), 105_001, 'a machine that was set back: it waits');
    clock.offsetMs += 86_400_000;
    t.equal(clock.now(), ms + 1_000 + 86_400_000, 'the test clock comes on top');
  },
);

t.test('the first correction is whole: a clock that was read before it is not stuck ahead', async (t) => {
  const clock = new OffsetClock(() => 700_000);
  t.equal(clock.now(), 700_000);
  clock.correct(-600_000);
  t.equal(clock.now(), 100_000);
});

t.test(
  'a clock is off from more than a second on, either way; one that was never corrected is not',
  async (t) => {
    let setBy = 0;
    const clock = new OffsetClock(
      () => 100_000 + setBy,
      () => 100_000,
    );
    t.equal(clock.isOff(), false);
    for (const [by, isOff] of [
      [1_000, false],
      [1_001, true],
      [-1_000, false],
      [-1_001, true],
    ] as const) {
      setBy = by;
      t.equal(clock.isOff(), isOff, `${by} ms`);
      t.equal(clock.behindMs(), -by);
    }
  },
);

t.test('the steady time does not follow a machine whose clock is set', async (t) => {
  let setBy = 0;
  const time = steadyTime(() => Date.now() + setBy);
  const before = time();
  setBy = 3_600_000;
  const after = time();
  t.ok(Number.isInteger(after));
  t.ok(after >= before && after < before + setBy);
});
