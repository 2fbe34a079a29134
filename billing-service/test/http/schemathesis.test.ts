/** A fuzzer of other people's making, with nothing but openapi.yaml and a key: it finds nothing that is ours to mend. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import t, { type Test } from 'tap';
import { startService, temporaryFolder } from '../support/start-service.js';
import { optional } from '../support/test-environment.js';

const program = optional('TEST_SCHEMATHESIS');
const SECONDS = 45;
t.setTimeout(300_000);

/**
 * All of its checks but two. `positive_data_acceptance`: what no schema can say (a key used before, a hold that has
 * ended, an ETag of yesterday) is refused all the same. `unsupported_method`: the contract answers 404, not 405.
 */
const NOT_CHECKED = 'positive_data_acceptance,unsupported_method';

const fuzz = async (t: Test, program: string): Promise<void> => {
  const service = await startService(t, { TEST_CLOCK: 'true' });
  const args = ['run', `${service.url}/openapi.json`, '--checks', 'all', '--exclude-checks', NOT_CHECKED];
  args.push('-H', `Authorization: Bearer ${service.adminKey}`, '--seed', '20261127', '--no-color');
  args.push('--phases', 'examples,coverage,fuzzing,stateful', '--max-time', String(SECONDS));
  const child = spawn(program, args, { cwd: temporaryFolder(t), stdio: ['ignore', 'pipe', 'pipe'] });
  t.teardown(() => child.kill('SIGKILL'));
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  const [code] = (await once(child, 'close')) as [number | null];
  t.equal(code, 0, 'no failure') || t.comment(said.slice(-8_000));
  const [, selected, tested] = /Selected: \d+\/(\d+)\s+Tested: (\d+)/.exec(said) ?? [];
  t.equal(tested, selected, 'every call could be generated');
  t.match(/(\d+) generated/.exec(said)?.[1], /\d\d\d/, 'hundreds of cases');
};

if (program) t.test('schemathesis, every phase, finds nothing', (t) => fuzz(t, program));
// Said, and no fault: it is Python's, and openapi.test.ts holds what it needs of the document.
else t.pass('schemathesis is not installed (pip install schemathesis): nothing was fuzzed');
