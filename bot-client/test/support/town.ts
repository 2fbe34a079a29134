import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Test } from 'tap';
import { Farebot } from '../../src/bot.js';
import { loadConfig } from '../../src/config.js';
import { createLog } from '../../src/log.js';
import { FakeTelegram } from '../fake-telegram/fake-telegram.js';
import type { Person } from '../fake-telegram/person.js';
import { transcript } from '../fake-telegram/transcript.js';
import { StandInService } from '../stand-in/stand-in-service.js';
import { FakeAi } from './fake-ai.js';

type Env = Record<string, string>;
const CHANNEL = -1001;

/** The whole town: a fake Telegram and AI, a service, and the bot between them, over the wire. */
export class Town {
  readonly telegram = new FakeTelegram();
  readonly ai = new FakeAi();
  readonly service = new StandInService();
  readonly lines: string[] = [];
  readonly folder = mkdtempSync(join(tmpdir(), 'farebot-'));
  bot: Farebot | undefined;
  private running: Promise<void> | undefined;
  private nextId = 100;

  static async open(t: Test, env: Env = {}): Promise<Town> {
    const town = new Town();
    await Promise.all([town.telegram.start(), town.ai.start(), town.service.start()]);
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
      BILLING_URL: this.service.url,
      BILLING_API_KEY: this.service.apiKey,
      AI_BASE_URL: this.ai.url,
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
    this.bot = await Farebot.create(loadConfig(this.env(more)), log, lost);
    this.running = this.bot.run();
    await this.until(() => this.lines.some((line) => line.includes('"started"')));
  }

  async stopBot(): Promise<void> {
    await this.bot?.stop();
    await this.running;
    this.bot = undefined;
    this.lines.length = 0;
  }

  async close(): Promise<void> {
    await this.stopBot();
    await Promise.all([this.telegram.stop(), this.ai.stop(), this.service.stop()]);
  }

  /** Someone new; `tokens` are on their account. */
  someone(lang = 'en', tokens = 100): Person {
    const person = this.telegram.person(this.nextId++, lang === 'ru' ? 'Аня' : 'Ann', lang);
    if (tokens > 0) this.service.state.credit(`telegram:${person.id}`, 'grant', tokens);
    return person;
  }

  balance(person: Person): { available: number; reserved: number; total: number } {
    return this.service.state.balance(`telegram:${person.id}`);
  }

  async until(condition: () => boolean, mostMs = 60_000): Promise<void> {
    const end = Date.now() + mostMs;
    while (!condition()) {
      if (Date.now() > end) throw new Error(`waited ${mostMs} ms in vain\n${this.lines.slice(-5).join('')}`);
      await pause(5);
    }
  }

  /** Waits until the bot has taken, worked and settled all it was sent. */
  async quiet(mostMs = 60_000): Promise<void> {
    // Twice, with a pause: an errand that ends may have begun another message.
    for (let calm = 0; calm < 2; calm++) {
      await this.until(() => this.telegram.world.feed.pending === 0 && this.bot?.idle === true, mostMs);
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
