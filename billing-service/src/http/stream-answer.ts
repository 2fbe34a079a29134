import type { FastifyReply, FastifyRequest } from 'fastify';
import { answerHasBegun } from './hooks/answer-in-time.js';
import { type Pace, pacedBody } from './paced-body.js';

/**
 * Answers with `texts` as they come. The first of them is there before the answer begins: until then it can still be a
 * problem. `release` is called when it is over, however it ends.
 */
export async function streamAnswer(
  request: FastifyRequest,
  reply: FastifyReply,
  texts: AsyncGenerator<string, void>,
  release: () => void,
  pace?: Pace,
): Promise<FastifyReply> {
  try {
    const first = await texts.next();
    if (!first.done) {
      answerHasBegun(request);
      return reply.send(pacedBody(first.value, texts, release, pace));
    }
  } catch (error) {
    release();
    throw error;
  }
  release();
  return reply.send('');
}
