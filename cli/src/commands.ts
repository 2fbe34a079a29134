import type { Command } from './command.js';
import { audit } from './commands/audit.js';
import { auditLog } from './commands/audit-log.js';
import { createCodes, deleteCode, listCodes } from './commands/codes.js';
import { completion } from './commands/completion.js';
import { doctor } from './commands/doctor.js';
import { events } from './commands/events.js';
import { exportTable } from './commands/export.js';
import { help } from './commands/help.js';
import { importUsers } from './commands/import.js';
import { createKey, listKeys, revokeKey, rotateKey } from './commands/keys.js';
import { listPayments, refundPayment, sumPayments } from './commands/payments.js';
import { refusals } from './commands/refusals.js';
import { blockUser, grant, overrides, tier, unblockUser } from './commands/steer-user.js';
import { usage } from './commands/usage.js';
import { balance, entries, holds, user, users } from './commands/user.js';
import {
  createWebhook,
  deleteWebhook,
  disableWebhook,
  enableWebhook,
  listDeliveries,
  listWebhooks,
  resendDelivery,
  resendWebhook,
  rotateSecret,
  testWebhook,
} from './commands/webhooks.js';

/** The table of contents: help, completion and docs/cli.md are made from it. */
export const COMMANDS: readonly Command[] = [
  user,
  users,
  balance,
  entries,
  holds,
  grant,
  tier,
  blockUser,
  unblockUser,
  overrides,
  listPayments,
  sumPayments,
  refundPayment,
  listCodes,
  createCodes,
  deleteCode,
  usage,
  refusals,
  events,
  audit,
  auditLog,
  exportTable,
  importUsers,
  listKeys,
  createKey,
  rotateKey,
  revokeKey,
  listWebhooks,
  createWebhook,
  enableWebhook,
  disableWebhook,
  deleteWebhook,
  rotateSecret,
  testWebhook,
  resendWebhook,
  listDeliveries,
  resendDelivery,
  doctor,
  completion(() => COMMANDS),
  help(() => COMMANDS),
];
