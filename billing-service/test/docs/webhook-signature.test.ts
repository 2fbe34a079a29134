/** The line of docs/events.md that checks a signature does check one. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { sign } from '../../src/domain/webhooks/sign.js';
import { newSecret } from '../../src/domain/webhooks/webhook.js';
import { projectFile } from '../support/project-file.js';

t.test('openssl finds the signature that was sent, and another for another body', async (t) => {
  const [, command] = /```sh\n(KEY=[\s\S]*?)```/.exec(projectFile('docs/events.md')) ?? [];
  t.ok(command, 'the page has the line');
  const secret = newSecret();
  const body = '{"type":"webhook.test","timestamp":"2026-01-01T00:00:00.000Z","data":{"user":"web:é"}}';
  const headers = sign('evt_1', body, [secret], Date.now());
  const folder = mkdtempSync(join(tmpdir(), 'signature-'));
  const found = (text: string) => {
    writeFileSync(join(folder, 'body.json'), text);
    const env = { ...process.env, SECRET: secret, ID: 'evt_1', TIMESTAMP: headers['webhook-timestamp'] };
    return `v1,${execFileSync('sh', ['-c', command ?? ''], { cwd: folder, env, encoding: 'utf8' })}`;
  };
  t.equal(found(body), headers['webhook-signature']);
  t.not(found(body.replace('é', 'e')), headers['webhook-signature']);
});
