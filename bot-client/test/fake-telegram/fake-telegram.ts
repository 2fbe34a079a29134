import type { IncomingMessage, ServerResponse } from 'node:http';
import { LocalServer, sendJson } from '../support/local-server.js';
import { Faults } from './faults.js';
import * as messages from './message-methods.js';
import * as misc from './misc-methods.js';
import { checkParameters } from './parameters.js';
import * as payments from './payment-methods.js';
import { Person } from './person.js';
import { TelegramRefusal } from './refusal.js';
import { requestParams } from './request-body.js';
import type { FakeUser, Params } from './types.js';
import { type Call, World } from './world.js';

type Method = (world: World, params: Params) => unknown;
const METHODS: Record<string, Method> = {
  ...(messages as Record<string, Method>),
  ...(payments as Record<string, Method>),
  ...(misc as Record<string, Method>),
  getMe: (world) => ({ ...world.bot, can_join_groups: true, can_read_all_group_messages: false }),
  getWebhookInfo: (world) => ({ url: world.feed.webhook?.url ?? '', pending_update_count: 0 }),
};

/** A Bot API server of our own, strict as Telegram is or stricter; the tests and the demo play the people. */
export class FakeTelegram extends LocalServer {
  readonly token = '777:fake-token-for-tests-only';
  readonly world = new World();
  readonly faults = new Faults();

  override async stop(): Promise<void> {
    this.world.feed.close();
    await super.stop();
  }

  /** Someone with a private chat with the bot. */
  person(id: number, firstName: string, languageCode = 'en'): Person {
    const user: FakeUser = {
      id,
      is_bot: false,
      first_name: firstName,
      username: `${firstName.toLowerCase()}${id}`,
      language_code: languageCode,
    };
    this.world.users.set(id, user);
    if (!this.world.chats.has(id)) this.world.chats.set(id, { id, type: 'private' });
    return new Person(this.world, user);
  }

  group(id: number, title: string): void {
    this.world.chats.set(id, { id, type: 'supergroup', title });
  }

  /** A group becomes a supergroup: a new id, and no message of the old one can be reached under it. */
  migrate(id: number, to: number): void {
    const { chats, migrated } = this.world;
    chats.set(to, { ...this.world.chat(id), id: to, type: 'supergroup' });
    migrated.set(id, to);
  }

  channel(id: number, username: string): void {
    this.world.chats.set(id, { id, type: 'channel', title: username, username });
  }

  /** Calls of one method, oldest first. */
  calls(method: string): Call[] {
    return this.world.calls.filter((call) => call.method === method);
  }

  protected async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, token, method] = /^\/bot([^/]+)\/(\w+)$/.exec(request.url ?? '') ?? [];
    const call: Call = { method: method ?? '', params: {}, atMs: Date.now() };
    try {
      if (token !== this.token) throw new TelegramRefusal(401, 'Unauthorized');
      call.params = await requestParams(request);
      if (call.method !== 'getUpdates') this.world.calls.push(call);
      sendJson(response, 200, { ok: true, result: await this.#perform(call, response) });
    } catch (error) {
      if (!(error instanceof TelegramRefusal)) throw error;
      call.error = error.message;
      const {
        code,
        description,
        retryAfterSeconds: retry_after,
        migrateToChatId: migrate_to_chat_id,
      } = error;
      const parameters = { retry_after, migrate_to_chat_id };
      sendJson(response, code, { ok: false, error_code: code, description, parameters });
    }
  }

  async #perform(call: Call, response: ServerResponse): Promise<unknown> {
    const { method, params } = call;
    checkParameters(method, params);
    const fault = this.faults.take(method, params);
    if (fault?.kind === 'refuse')
      throw new TelegramRefusal(
        fault.code ?? 400,
        fault.description ?? 'Bad Request',
        fault.retryAfterSeconds,
      );
    if (fault?.kind === 'hang') return new Promise(() => undefined);
    if (fault?.kind === 'slow') await new Promise((done) => setTimeout(done, fault.delayMs ?? 1000));
    const result = await METHODS[method]?.(this.world, params);
    if (fault?.kind === 'lose-reply') response.destroy();
    if (fault?.kind === 'hold-reply') return new Promise(() => undefined);
    return result;
  }
}
