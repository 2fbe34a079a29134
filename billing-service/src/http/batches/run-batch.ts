/** Up to a hundred items as if each had been a call of its own; those of one user one after the other. */
import type { FastifyError, FastifyRequest } from 'fastify';
import type { TObject } from 'typebox';
import { anewIfGone } from '../../domain/account/unknown-account.js';
import type { Patience } from '../../domain/ports/patience.js';
import type { ErrorCode } from '../errors.js';
import type { ItemCall } from '../item-call.js';
import { Problem, problemOf, renderProblem } from '../problem.js';
import { type Services, servicesFor } from '../services.js';
import type { Item, ItemReader } from './item-reader.js';

export interface ItemAnswer {
  status: number;
  /** JSON text. */
  body: string;
  replayed: boolean;
  /** What it was refused as. */
  problem?: ErrorCode;
}

/** Items that are not done so long before the whole must be answered are refused: what became of the others is told. */
const BEFORE_THE_END_MS = 500;

/** Users of one batch that are served at once: others' calls go in between, and not behind a hundred. */
const AT_ONCE = 40;

/** Answers in the order of the items. */
export async function runBatch<Body extends TObject, Value>(
  call: ItemCall<Body, Value>,
  read: ItemReader<Body>,
  request: FastifyRequest,
  services: Services,
): Promise<ItemAnswer[]> {
  const { author, rehearsal } = request;
  const patience = endingSooner(request.patience);
  const own = servicesFor({ patience, author, rehearsal }, services);
  const tell = tellOnce(request);
  const { items } = request.body as { items: object[] };
  const answers: ItemAnswer[] = [];
  const refuse = (i: number, problem: Problem) => {
    const { status, text } = renderProblem(request, problem);
    answers[i] = { status, body: text, replayed: false, problem: problem.code };
  };
  const act = async (i: number, { body, key }: Item<Body>) => {
    try {
      if (patience.isOver()) throw Problem.unavailable(NOT_BEGUN);
      const outcome = await anewIfGone(own.users, () => call.act(own, body, key));
      if (!outcome.ok) return refuse(i, problemOf(outcome.refusal));
      const replayed = 'replayed' in outcome && outcome.replayed;
      answers[i] = { status: call.status, body: JSON.stringify(call.toBody(outcome.value)), replayed };
    } catch (error) {
      refuse(i, tell(error as FastifyError));
    }
  };
  const found = items.map((item) => read(item, request));
  const whose = await Promise.all(
    found.map((item) => (item instanceof Problem ? null : ownerOf(call, own, item.body))),
  );
  const lines = new Map<unknown, number[]>();
  for (const [i, item] of found.entries()) {
    if (item instanceof Problem) refuse(i, item);
    else if (!lines.get(whose[i])?.push(i)) lines.set(whose[i], [i]);
  }
  const waiting = lines.values();
  const work = async () => {
    for (const line of waiting) {
      for (const i of line) await act(i, found[i] as Item<Body>);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return answers;
}

const NOT_BEGUN = 'There was no time left for this item. Nothing of it was begun: send it again.';

const endingSooner = (patience: Patience): Patience => {
  const untilMs = patience.untilMs - BEFORE_THE_END_MS;
  return {
    untilMs,
    trace: patience.trace,
    isOver: () => performance.now() >= untilMs || patience.isOver(),
  };
};

/** Whose it is decides the order alone: where it cannot be told, the item itself will say why. */
async function ownerOf<Body extends TObject, Value>(
  call: ItemCall<Body, Value>,
  services: Services,
  body: Item<Body>['body'],
): Promise<number | string | undefined> {
  try {
    return await call.whose(services, body);
  } catch {
    return undefined;
  }
}

/** What fails one item fails many: the log has it once a batch. */
function tellOnce(request: FastifyRequest): (error: FastifyError) => Problem {
  const told = new Map<string, Problem>();
  return (error) => {
    if (error instanceof Problem) return error;
    const kind = `${error.name} ${error.code} ${error.message}`;
    const problem = told.get(kind) ?? request.server.tellError(error, request);
    told.set(kind, problem);
    return problem;
  };
}
