import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import t from 'tap';
import { type Running, startBot } from '../../demo/processes.js';
import { FakeTelegram } from '../fake-telegram/fake-telegram.js';
import type { Person } from '../fake-telegram/person.js';
import { transcript } from '../fake-telegram/transcript.js';
import { FakeAi } from './fake-ai.js';
import { Gate } from './gate.js';
import { type TestService, testService } from './test-service.js';

/** A bot to be ended by kill -9: it and the service are the real processes; only Telegram and the AI are played. */
export class MortalBot {
  readonly #folder = mkdtempSync(join(tmpdir(), 'farebox-kill-'));
  readonly telegram = new FakeTelegram();
  readonly ai = new FakeAi();
  readonly gate: Gate;
  #running: Running | undefined;
  #nextId = 1;

  private constructor(readonly service: TestService) {
    this.gate = new Gate(service.url);
  }

  /** Ended with the test file. */
  static async start(): Promise<MortalBot> {
    const bot = new MortalBot(await testService());
    await Promise.all([bot.gate.start(), bot.telegram.start(), bot.ai.start()]);
    await bot.revive();
    t.teardown(async () => {
      await bot.#running?.stop();
      await Promise.all([bot.gate.stop(), bot.telegram.stop(), bot.ai.stop()]);
      rmSync(bot.#folder, { recursive: true, force: true });
    });
    return bot;
  }

  async someone(): Promise<Person> {
    const person = this.telegram.person(this.#nextId++, 'Ann');
    await this.service.give(`telegram:${person.id}`, 100);
    return person;
  }

  async kill(): Promise<void> {
    const process = this.#running?.process;
    if (process === undefined) throw new Error('it does not run');
    const exited = once(process, 'exit');
    process.kill('SIGKILL');
    await exited;
  }

  async revive(): Promise<void> {
    this.#running = await startBot(this.#folder, {
      TELEGRAM_BOT_TOKEN: this.telegram.token,
      TELEGRAM_API_ROOT: this.telegram.url,
      BILLING_URL: this.gate.url,
      BILLING_API_KEY: this.service.botKey,
      AI_BASE_URL: this.ai.baseUrl,
    });
  }

  async killAndStartAgain(): Promise<void> {
    await this.kill();
    await this.revive();
  }

  chat(person: Person): string {
    return transcript(this.telegram.world, person.id);
  }
}

export async function until(condition: () => Promise<boolean> | boolean, what: string): Promise<void> {
  for (const end = Date.now() + 60_000; !(await condition()); await pause(50))
    if (Date.now() > end) throw new Error(`waited in vain: ${what}`);
}
