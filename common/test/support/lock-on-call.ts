/** A process that tries for the folder's lock whenever it is told to, says what came of it, and keeps what it got. */
import { FolderInUseError, lockFolder } from '../../src/folder-lock.js';

const folder = process.argv[2] ?? '';
process.on('message', async () => {
  try {
    await lockFolder(folder);
    process.send?.('won');
  } catch (error) {
    process.send?.(error instanceof FolderInUseError ? 'refused' : String(error));
  }
});
process.send?.('ready');
