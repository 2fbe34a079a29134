/**
 * What is built, and into which folder. A program is built alone, of the folders that it is made of: starting it waits
 * for no test, no benchmark and no other program. Each output is a whole of its own, so what runs from one is not
 * touched when another is built. Work on the project builds everything, and that serves every program, too.
 */
import { dirname } from 'node:path';

/** @typedef {{ folder: string, rooms: string[] }} Output */

/** @type {Output} */
export const EVERYTHING = {
  folder: 'dist',
  rooms: ['common', 'billing-service', 'bot-client', 'cli', 'bench'],
};

/** By the folder of the program's own file. */
const ALONE = {
  'billing-service/src': { folder: 'dist-service', rooms: ['common/src', 'billing-service/src'] },
  'bot-client/src': { folder: 'dist-bot', rooms: ['common/src', 'bot-client/src'] },
  'cli/src': { folder: 'dist-cli', rooms: ['common/src', 'bot-client/src/billing', 'cli/src'] },
  'bot-client/demo': {
    folder: 'dist-demo',
    rooms: [
      ...['common/src', 'billing-service/src', 'bot-client/src', 'bot-client/demo'],
      // Its Telegram is the tests' one.
      ...['bot-client/test/fake-telegram', 'bot-client/test/support'],
    ],
  },
};

/** @param {string} program its file, without the ending @returns {Output} */
export const outputAlone = (program) => ALONE[dirname(program)] ?? EVERYTHING;

/** Only the service has a database of its own to lay. @param {Output} output */
export const hasService = ({ rooms }) => rooms.some((room) => room.startsWith('billing-service'));
