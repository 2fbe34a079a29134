import { MAX_TOKENS, type Operation } from '../catalogue/catalogue.js';
import { accept, type Result, refuse } from '../refusal.js';

/** What to hold for an operation, in tokens. Refusals: unknown_operation, invalid. */
export function costOf(
  operations: ReadonlyMap<string, Operation>,
  asked: {
    operation: string;
    quantity: number;
    /** Overrides price × quantity. */
    amount: number | undefined;
  },
): Result<number> {
  const operation = operations.get(asked.operation);
  if (!operation) return refuse({ kind: 'unknown_operation', operation: asked.operation });
  const cost = asked.amount ?? operation.price * asked.quantity;
  if (cost <= MAX_TOKENS) return accept(cost);
  const message = `at price ${operation.price} this comes to ${cost} tokens, more than ${MAX_TOKENS}`;
  return refuse({ kind: 'invalid', errors: [{ field: 'quantity', message }] });
}
