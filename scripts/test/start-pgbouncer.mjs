/** A throwaway PgBouncer in transaction mode in front of a throwaway Postgres, with all of its databases. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, launch, unprivilegedUser } from './start-servers.mjs';

/**
 * @param {string} folder the run's
 * @param {string} program pgbouncer
 * @param {string} postgresUrl
 * @returns {Promise<string>} the same URL, but through PgBouncer
 */
export async function startPgbouncer(folder, program, postgresUrl) {
  const url = new URL(postgresUrl);
  const port = await freePort();
  const home = join(folder, `pgbouncer-${port}`);
  mkdirSync(home);
  const settings = join(home, 'pgbouncer.ini');
  writeFileSync(settings, settingsOf(url, port));
  const options = { ...unprivilegedUser(), cwd: home, env: process.env };
  await launch(folder, 'pgbouncer', port, program, { args: ['-q', settings], options });
  url.port = String(port);
  return url.href;
}

/** Nothing of the service's is asked of PgBouncer but its pool: no `ignore_startup_parameters`, no reset query. */
const settingsOf = ({ hostname, port, username }, listenPort) => `[databases]
* = host=${hostname} port=${port} user=${username}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${listenPort}
unix_socket_dir =
auth_type = any
pool_mode = transaction
max_client_conn = 600
; Fewer than the clients, so that connections are shared in earnest.
default_pool_size = 8
; A test that takes its database away and gives it back does not wait for the default 15 s.
server_login_retry = 1
`;
