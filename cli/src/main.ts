/** The command `farebox`. */
import { EXIT } from './exit-codes.js';
import { runCommand } from './run-command.js';

// A reader that has seen enough (`| head`) closes the pipe: that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) =>
  process.exit(error.code === 'EPIPE' ? EXIT.ok : EXIT.trouble),
);
// By exit, so that what is half done is cleared away.
process.once('SIGINT', () => process.exit(EXIT.interrupted));
process.once('SIGTERM', () => process.exit(128 + 15));
process.once('SIGHUP', () => process.exit(128 + 1));

process.exitCode = await runCommand(process.argv.slice(2));
