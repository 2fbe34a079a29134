/**
 * Runs one compiled test file as a process of its own and counts what it says. Not through `tap run`: that took 10
 * seconds to come up on two cores, loaded its TypeScript plugin for plain JavaScript against its settings, and
 * blamed a timeout in one file on the next. The files themselves are ordinary tap and say the same under it.
 */
import { spawn } from 'node:child_process';
import { TestCounter } from './count-tests.mjs';

/** For one test (tap's own clock, in seconds); a test may ask for more with t.setTimeout. */
const TEST_TIMEOUT_SECONDS = 120;
/** For a whole file: after that it is not slow but stuck. */
const FILE_TIMEOUT_MS = 15 * 60_000;
/** Enough to see why a file crashed. */
const KEPT_STDERR_CHARACTERS = 6000;

/**
 * @param {string} file
 * @param {{ cwd: string, env: NodeJS.ProcessEnv, onStart: (child: import('node:child_process').ChildProcess) => void }} options
 */
export function runFile(file, { cwd, env, onStart }) {
  return new Promise((resolve) => {
    const startedAt = Date.now();
    const counter = new TestCounter();
    const child = spawn(process.execPath, ['--enable-source-maps', file], {
      cwd,
      env: { ...env, TAP_TIMEOUT: String(TEST_TIMEOUT_SECONDS), NODE_ENV: 'test' },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own, so that what a stuck file has started goes with it.
      detached: true,
    });
    onStart(child);
    let errors = '';
    let isStuck = false;
    const stuck = setTimeout(() => {
      isStuck = true;
      killGroup(child);
    }, FILE_TIMEOUT_MS);
    child.stdout.setEncoding('utf8').on('data', (text) => counter.write(text));
    child.stderr.setEncoding('utf8').on('data', (text) => {
      errors = (errors + text).slice(-KEPT_STDERR_CHARACTERS);
    });
    child.on('error', (error) => {
      errors += error.message;
    });
    child.on('close', (code, signal) => {
      clearTimeout(stuck);
      killGroup(child);
      const ending = isStuck
        ? 'took too long'
        : signal
          ? `killed by ${signal}`
          : code
            ? `exit code ${code}`
            : undefined;
      resolve({ file, durationMs: Date.now() - startedAt, errors, ...counter.end(ending) });
    });
  });
}

export function killGroup(child) {
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Nothing of it is left.
  }
}
