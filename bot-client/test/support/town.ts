import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Test } from 'tap';
import { Farebot } from '../../src/bot.js';
import { readConfig } from '../../src/config.js';
import { createLog } from '../../src/log.js';
import { FakeTelegram } from '../fake-telegram/fake-telegram.js';
import type { Person } from '../fake-telegram/person.js';
import { transcript } from '../fake-telegram/transcript.js';
import { FakeAi } from './fake-ai.js';
import { Gate } from './gate.js';
import { type TestService, testService } from './test-service.js';

type Env = Record<string, string>;
const CHANNEL = -1001;
/** Far longer than anything here takes: only a hang gets there. */
const MOST_MS = 60_000;
/** All towns of a test file share one service, so nobody in them has another's number. */
let nextId = 7_000_001;

/** The whole town: a fake Telegram and AI, the real service behind a gate, and the bot between them, over the wire. */
export class Town {
  readonly telegram = new FakeTelegram();
  readonly ai = new FakeAi();
  readonly gate: Gate;
  readonly lines: string[] = [];
  readonly folder = mkdtempSync(join(tmpdir(), 'farebot-'));
  bot: Farebot | undefined;
  #running: Promise<void> | undefined;

  private constructor(readonly service: TestService) {
    this.gate = new Gate(service.url);
  }

  static async open(t: Test, env: Env = {}): Promise<Town> {
    const town = new Town(await testService());
    await Promise.all([town.telegram.start(), town.ai.start(), town.gate.start()]);
    town.telegram.channel(CHANNEL, 'farebox_news');
    t.teardown(() => town.close());
    await town.startBot(env);
    return town;
  }

  /** The settings the bot is given, as an environment. */
  env(more: Env = {}): Env {
    return {
      TELEGRAM_BOT_TOKEN: this.telegram.token,
      TELEGRAM_API_ROOT: this.telegram.url,
      BILLING_URL: this.gate.url,
      BILLING_API_KEY: this.service.botKey,
      AI_BASE_URL: this.ai.baseUrl,
      CHANNEL_ID: '@farebox_news',
      ADMIN_IDS: '99',
      BOT_METRICS_PORT: '0',
      BOT_DATA_DIR: this.folder,
      ...more,
    };
  }

  async startBot(more: Env = {}): Promise<void> {
    const log = createLog([], (line) => this.lines.push(line));
    const lost = (error: unknown) => this.lines.push(`lost: ${error}`);
    this.bot = await Farebot.create(readConfig(this.env(more)), log, lost);
    this.#running = this.bot.run();
    await this.until(() => this.lines.some((line) => line.includes('"started"')));
  }

  async stopBot(drainMs?: number): Promise<void> {
    await this.bot?.stop(drainMs);
    await this.#running;
    this.bot = undefined;
    this.lines.length = 0;
  }

  async close(): Promise<void> {
    this.gate.calm();
    await this.stopBot(0);
    await Promise.all([this.telegram.stop(), this.ai.stop(), this.gate.stop()]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Someone new; `tokens` are on their account. */
  async someone(lang = 'en', tokens = 100): Promise<Person> {
    const person = this.telegram.person(nextId++, lang === 'ru' ? 'Аня' : 'Ann', lang);
    if (tokens > 0) await this.service.give(userOf(person), tokens);
    return person;
  }

  balance(person: Person): Promise<{ available: number; reserved: number; total: number }> {
    return this.service.balance(userOf(person));
  }

  async until(condition: () => boolean | Promise<boolean>, mostMs = MOST_MS): Promise<void> {
    for (const end = Date.now() + mostMs; !(await condition()); await pause(5))
      if (Date.now() > end) throw new Error(`waited ${mostMs} ms in vain\n${this.lines.slice(-5).join('')}`);
  }

  /** Waits until a person's chat shows `text`. */
  shows(person: Person, text: string | RegExp): Promise<void> {
    return this.until(() => {
      const chat = this.chat(person);
      return typeof text === 'string' ? chat.includes(text) : text.test(chat);
    });
  }

  /** Waits until the bot has taken, worked and settled all it was sent. */
  async quiet(): Promise<void> {
    // Twice, with a pause: an outbox item that ends may have begun another message.
    for (let calm = 0; calm < 2; calm++) {
      await this.until(() => this.telegram.world.feed.pending === 0 && this.bot?.idle === true);
      await pause(20);
    }
  }

  chat(person: Person, since = 0, chatId = person.id): string {
    return transcript(this.telegram.world, chatId, since);
  }

  /** What a person writes or taps, and all that follows in that chat, as text. */
  async scene(person: Person, act: () => unknown, chatId = person.id): Promise<string> {
    const since = person.sees(chatId).length;
    await act();
    await this.quiet();
    return this.chat(person, since, chatId);
  }
}

/** The person's reference at the service. */
export const userOf = (person: Person) => `telegram:${person.id}`;
