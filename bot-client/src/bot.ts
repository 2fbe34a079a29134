import { setTimeout as pause } from 'node:timers/promises';
import { lockFolder } from '../../common/src/folder-lock.js';
import { openTracing } from '../../common/src/open-tracing.js';
import { assembleBot } from './assemble-bot.js';
import { setMenu } from './commands/menu.js';
import type { Config } from './config.js';
import { Intake } from './intake.js';
import { Journal } from './journal/journal.js';
import type { RawUpdate } from './journal/journal-state.js';
import { errorFields, type Log } from './log.js';
import { MetricsServer } from './metrics.js';
import { Reconciler } from './payments/reconciler.js';
import { Poller } from './telegram/launch.js';
import type { TgUpdate, TgUser } from './telegram/types.js';
import { Webhook } from './telegram/webhook.js';
import type { Bot } from './turn.js';

/** How long running work may go on after a stop; then it is ended, its tokens are given back, and the user is told. */
const DRAIN_MS = 20_000;
/** How long what is under way may take to be written down; what comes later is done again by the next start. */
const LAST_WRITES_MS = 10_000;
/** Work that was left over waits for the tokens of what was broken off, but not for a service that is away. */
const RECOVERY_MS = 5_000;

/** The bot, assembled. `start` resolves when it takes updates; `run` ends when it was stopped, or rejects. */
export class Farebot {
  readonly #bot: Bot;
  readonly #intake: Intake;
  readonly #reconciler: Reconciler;
  readonly #metricsServer: MetricsServer;
  readonly #onLost: (error: unknown) => void;
  readonly #unlock: () => Promise<void>;
  #me: TgUser | undefined;
  #stopping = false;
  /** Accepted before the last stop. Read before anything new arrives, which would look like a leftover too. */
  readonly #leftOver: RawUpdate[];
  #poller: Poller | undefined;
  #webhook: Webhook | undefined;

  private constructor(
    bot: Bot,
    intake: Intake,
    metricsServer: MetricsServer,
    onLost: (error: unknown) => void,
    unlock: () => Promise<void>,
  ) {
    this.#bot = bot;
    this.#intake = intake;
    this.#reconciler = new Reconciler(bot);
    this.#metricsServer = metricsServer;
    this.#onLost = onLost;
    this.#unlock = unlock;
    this.#leftOver = bot.journal.unfinished();
  }

  /** Throws `FolderInUseError` where another bot has the data folder. */
  static async create(config: Config, log: Log, onLost: (error: unknown) => void): Promise<Farebot> {
    const unlock = await lockFolder(config.dataDir);
    const journal = await Journal.open(config.dataDir, onLost).catch(async (error: unknown) => {
      await unlock();
      throw error;
    });
    // What the bot's parts ask of it comes only when it runs, after this line has ended.
    const holder: { farebot?: Farebot } = {};
    const tracer = await openTracing(config.tracing, 'farebot');
    const bot = assembleBot(config, log, journal, tracer, () => holder.farebot?.me);
    const isReady = () => holder.farebot?.isReady === true;
    const metricsServer = new MetricsServer(bot.metrics, isReady, (error) =>
      log.error('the metrics cannot be read', errorFields(error)),
    );
    holder.farebot = new Farebot(bot, new Intake(bot), metricsServer, onLost, unlock);
    return holder.farebot;
  }

  /** Everything accepted is done, settled and acknowledged; what was refused for good waits for a person. */
  get idle(): boolean {
    const { journal } = this.#bot;
    const isOwed = journal.open().length > 0 || journal.outboxItems().some((item) => item.told !== 'refused');
    return this.#intake.idle && !isOwed && !this.#reconciler.busy;
  }

  /** Undefined until Telegram has said who this bot is. */
  get me(): TgUser | undefined {
    return this.#me;
  }
  get isReady(): boolean {
    return this.#me !== undefined && !this.#stopping;
  }

  get metricsPort(): number {
    return this.#metricsServer.port;
  }
  /** Undefined while it does not take pushed updates. */
  get webhookPort(): number | undefined {
    return this.#webhook?.port;
  }

  /** Runs until `stop`; rejects where the token is refused. */
  async run(): Promise<void> {
    const bot = this.#bot;
    const { config } = bot;
    await this.#metricsServer.start(config.metricsHost, config.metricsPort);
    // The catalogue is asked for early, so that the first payer need not wait for it.
    void bot.catalogue.goods().catch((error) => bot.log.warn('no catalogue yet', errorFields(error)));
    const recovered = bot.metering
      .recover()
      .catch((error) => bot.log.warn('recovery goes on later', errorFields(error)));
    const accept = (update: TgUpdate) => this.#intake.accept(update);
    if (config.webhook !== undefined) {
      this.#webhook = new Webhook(bot.api, { ...config.webhook, accept });
      const me = await bot.api.call<TgUser>('getMe', {}, { patienceMs: Number.POSITIVE_INFINITY });
      this.#started(me, recovered);
      await this.#webhook.start();
      bot.log.info('taking updates by webhook', { bot: this.#me?.username });
      return;
    }
    this.#poller = new Poller({
      token: config.telegramToken,
      apiRoot: config.telegramApiRoot,
      accept,
      onStart: (me) => this.#started(me, recovered),
      log: bot.log,
      onLost: this.#onLost,
    });
    await this.#poller.run();
  }

  /** Takes nothing more and lets running work finish, for a while. What was accepted and not begun waits on disk. */
  async stop(drainMs = DRAIN_MS): Promise<void> {
    if (this.#stopping) return;
    this.#stopping = true;
    const bot = this.#bot;
    const taken = Promise.all([this.#poller?.stop(), this.#webhook?.stop()]);
    const late = setTimeout(() => bot.running.shutDown(), drainMs);
    await this.#intake.drain();
    clearTimeout(late);
    // The journal is closed when nobody is left who may write to it. A neighbour that hangs is not waited for.
    const drained = taken.then(() => this.#intake.drain());
    const written = Promise.all([
      drained,
      this.#reconciler.stop(),
      bot.outbox.stop(),
      bot.metering.stop(),
      bot.billing.close(),
    ]);
    await Promise.race([written, pause(LAST_WRITES_MS, undefined, { ref: false })]);
    await bot.journal.close();
    await this.#unlock();
    await this.#metricsServer.stop();
    await bot.tracing.close();
  }

  #started(me: TgUser, recovered: Promise<unknown>): void {
    const first = this.#me === undefined;
    this.#me = me;
    if (!first) return;
    const bot = this.#bot;
    bot.log.info('started', { bot: me.username, ai: bot.ai.name });
    bot.outbox.start();
    this.#reconciler.start();
    void setMenu(bot).catch((error) => bot.log.warn('no command menu', errorFields(error)));
    const patience = pause(RECOVERY_MS, undefined, { ref: false });
    this.#intake.resume(this.#leftOver as unknown as TgUpdate[], Promise.race([recovered, patience]));
  }
}
