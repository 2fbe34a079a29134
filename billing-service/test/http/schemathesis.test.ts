/** A fuzzer of other people's making, with nothing but openapi.yaml and a key: it finds nothing that is ours to mend. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { startService, temporaryFolder } from '../support/start-service.js';
import { optional } from '../support/test-environment.js';

const program = optional('TEST_SCHEMATHESIS');
const SECONDS = 45;
t.setTimeout(300_000);

/**
 * All of its checks but one: to a method that a path does not have the contract answers 404, as if to another path. What
 * the schema allows is never refused as malformed. Other refusals are about what is there (a key used before, a hold that
 * has ended, an ETag of yesterday), and no schema can say them. Nor the 400s of a few calls: a cursor that this list did
 * not give, an id that is not the path's, an expiry that has passed, a model or an amount that is not the hold's, a span
 * of usage that ends before it begins.
 */
const SETTINGS = `[checks]
unsupported_method.enabled = false
positive_data_acceptance.expected-statuses = ["2xx", "304", "401", "402", "403", "404", "409", "410", "412", "422", "429"]

[[operations]]
include-operation-id-regex = "^(list.+|readUsage|put(Pack|Tier|Operation)|grantTokens|createApiKey|commitTokens|refundTokens)$"
checks.positive_data_acceptance.enabled = false
`;

const fuzz = async (t: Test, program: string): Promise<void> => {
  const service = await startService(t, { TEST_CLOCK: 'true' });
  const cwd = temporaryFolder(t);
  writeFileSync(join(cwd, 'schemathesis.toml'), SETTINGS);
  const args = ['--config-file', 'schemathesis.toml', 'run', `${service.url}/openapi.json`];
  args.push('-H', `Authorization: Bearer ${service.adminKey}`, '--seed', '20261127', '--no-color');
  args.push('--phases', 'examples,coverage,fuzzing,stateful', '--max-time', String(SECONDS));
  const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  t.teardown(() => child.kill('SIGKILL'));
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  const [code] = (await once(child, 'close')) as [number | null];
  t.equal(code, 0, code === 0 ? 'no failure' : said.slice(-8_000));
  t.notMatch(said, 'Unmatched filters', 'the calls that are named here are there');
  const [, selected, tested] = /Selected: \d+\/(\d+)\s+Tested: (\d+)/.exec(said) ?? [];
  t.equal(tested, selected, 'every call could be generated');
  t.match(/(\d+) generated/.exec(said)?.[1], /\d\d\d/, 'hundreds of cases');
};

if (program) t.test('schemathesis, every phase, finds nothing', (t) => fuzz(t, program));
// Said, and no fault: it is Python's, and openapi.test.ts holds what it needs of the document.
else t.pass('schemathesis is not installed (pip install schemathesis): nothing was fuzzed');
