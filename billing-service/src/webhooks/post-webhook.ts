/** One attempt: a POST to an address that was looked up once, checked, and is the one that is connected to. */
import { lookup as lookUpName } from 'node:dns/promises';
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import type { AddressRule } from '../domain/webhooks/addresses.js';

export interface Posted {
  /** Null where there was no answer: `body` then says why. */
  status: number | null;
  body: string;
  retryAfterMs: number | null;
}

export interface PostOptions {
  addresses: AddressRule;
  signal: AbortSignal;
  timeoutMs?: number;
  /** The system's where absent. */
  lookUp?: (host: string) => Promise<Found[]>;
}

interface Found {
  address: string;
  family: number;
}

const TIMEOUT_MS = 15_000;
const KEPT_BYTES = 1024;

const systemLookUp = (host: string): Promise<Found[]> => lookUpName(host, { all: true, verbatim: true });

/** Never throws, but where `signal` ended it: then it was no attempt. */
export async function postWebhook(
  text: string,
  body: string,
  headers: Record<string, string>,
  { addresses, signal, timeoutMs = TIMEOUT_MS, lookUp = systemLookUp }: PostOptions,
): Promise<Posted> {
  const inTime = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  try {
    const url = new URL(text);
    const found = await orAborted(resolve(url, lookUp), inTime);
    const fault = faultOf(found, url, addresses);
    if (fault) return noAnswer(fault);
    return await send(url, body, headers, found, inTime);
  } catch (error) {
    if (signal.aborted) throw error;
    const { code, message, name } = error as NodeJS.ErrnoException;
    const isLate = inTime.aborted || name === 'TimeoutError';
    return noAnswer(isLate ? `no answer within ${timeoutMs / 1000} s` : (code ?? message));
  }
}

const noAnswer = (why: string): Posted => ({
  status: null,
  body: why.slice(0, KEPT_BYTES),
  retryAfterMs: null,
});

async function resolve({ hostname }: URL, lookUp: (host: string) => Promise<Found[]>): Promise<Found[]> {
  const host = hostname.replace(/^\[|\]$/g, '');
  const family = isIP(host);
  return family === 0 ? lookUp(host) : [{ address: host, family }];
}

/** All of them: one that is not allowed says that the name is not to be trusted. */
function faultOf(found: Found[], { protocol, hostname }: URL, addresses: AddressRule): string | null {
  if (found.length === 0) return `refused: ${hostname} has no address`;
  for (const { address } of found) {
    const fault = addresses.faultOf(address, protocol);
    if (fault) return `refused: the address of ${hostname} ${fault}`;
  }
  return null;
}

function send(
  url: URL,
  body: string,
  headers: Record<string, string>,
  found: Found[],
  signal: AbortSignal,
): Promise<Posted> {
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((done, fail) => {
    const asked: ClientRequest = request(
      url,
      {
        method: 'POST',
        // A connection of its own, made to what was checked: node would ask the name again.
        agent: false,
        lookup: (_host, options, callback) => {
          if (options.all) callback(null, found);
          else callback(null, found[0]?.address ?? '', found[0]?.family ?? 4);
        },
        headers: {
          ...headers,
          ...{ 'content-type': 'application/json', 'user-agent': 'farebox-webhooks' },
          'content-length': Buffer.byteLength(body),
        },
        signal,
      },
      (answer) => {
        readStart(answer).then((start) => {
          done({
            status: answer.statusCode ?? null,
            body: start,
            retryAfterMs: retryAfter(answer.headers['retry-after']),
          });
          asked.destroy();
        }, fail);
      },
    );
    asked.on('error', fail);
    asked.end(body);
  });
}

/** However much comes, no more is read. */
async function readStart(answer: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of answer) {
    parts.push(part as Buffer);
    length += (part as Buffer).length;
    if (length >= KEPT_BYTES) break;
  }
  // No NUL: what is kept goes into a text of the database.
  return Buffer.concat(parts).subarray(0, KEPT_BYTES).toString('utf8').replaceAll('\0', '');
}

/** Seconds, or a date; null for neither. */
function retryAfter(header: string | undefined): number | null {
  if (header === undefined) return null;
  const ms = /^\d{1,9}$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) && ms > 0 ? ms : null;
}

async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let onAbort = () => {};
  const aborted = new Promise<never>((_, fail) => {
    onAbort = () => fail(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
