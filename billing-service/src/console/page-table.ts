/** Every page of the console below /console. A part that begins with a colon takes any name. */
import type { ConsoleRequest } from './exchange.js';
import { aboutPage } from './pages/about.js';
import { changeTier, grant } from './pages/act-on-user.js';
import { auditLogPage } from './pages/audit-log.js';
import { cataloguePage } from './pages/catalogue.js';
import { edit, editForm, newForm } from './pages/edit-catalogue.js';
import { eraseUser } from './pages/erase-user.js';
import { revokeForm, revokeKey, rotateForm, rotateKey } from './pages/key-writes.js';
import { createKey, keysPage } from './pages/keys.js';
import { blockUser, overrideLimits } from './pages/limit-user.js';
import { mergeUser } from './pages/merge-user.js';
import { paymentsPage, refundForm, refundPayment } from './pages/payments.js';
import { refusalsPage } from './pages/refusals.js';
import { refundReservation, reservationPage } from './pages/reservation.js';
import { soldPage } from './pages/sold.js';
import { todayPage } from './pages/today.js';
import { usagePage } from './pages/usage.js';
import { userPage } from './pages/user.js';
import { addReference, removeReference } from './pages/user-references.js';
import { usersPage } from './pages/users.js';
import { webhookPage } from './pages/webhook.js';
import {
  createWebhook,
  deleteWebhook,
  editWebhook,
  resendDelivery,
  resendForm,
  resendWebhook,
  rotateSecret,
  testWebhook,
} from './pages/webhook-writes.js';
import { webhooksPage } from './pages/webhooks.js';
import type { PageHandler } from './visit.js';

const PAGES: [ConsoleRequest['method'], string, PageHandler][] = [
  ['GET', '', todayPage],
  ['GET', 'users', usersPage],
  ['GET', 'users/:user', userPage],
  ['POST', 'users/:user/grant', grant],
  ['POST', 'users/:user/tier', changeTier],
  ['POST', 'users/:user/overrides', overrideLimits],
  ['POST', 'users/:user/block', blockUser],
  ['POST', 'users/:user/references/add', addReference],
  ['POST', 'users/:user/references/remove', removeReference],
  ['POST', 'users/:user/erase', eraseUser],
  ['POST', 'users/:user/merge', mergeUser],
  ['GET', 'reservations/:id', reservationPage],
  ['POST', 'reservations/:id/refund', refundReservation],
  ['GET', 'payments', paymentsPage],
  ['GET', 'payments/:provider/:paymentId/refund', refundForm],
  ['POST', 'payments/:provider/:paymentId/refund', refundPayment],
  ['GET', 'catalogue', cataloguePage],
  ['GET', 'catalogue/:kind', newForm],
  ['GET', 'catalogue/:kind/:id', editForm],
  ['POST', 'catalogue/:kind/:id', edit],
  ['GET', 'webhooks', webhooksPage],
  ['POST', 'webhooks', createWebhook],
  ['GET', 'webhooks/:id', webhookPage],
  ['POST', 'webhooks/:id/edit', editWebhook],
  ['POST', 'webhooks/:id/delete', deleteWebhook],
  ['POST', 'webhooks/:id/rotate', rotateSecret],
  ['POST', 'webhooks/:id/test', testWebhook],
  ['POST', 'webhooks/:id/resend', resendWebhook],
  ['GET', 'webhooks/:id/deliveries/:delivery/resend', resendForm],
  ['POST', 'webhooks/:id/deliveries/:delivery/resend', resendDelivery],
  ['GET', 'keys', keysPage],
  ['POST', 'keys', createKey],
  ['GET', 'keys/:id/rotate', rotateForm],
  ['POST', 'keys/:id/rotate', rotateKey],
  ['GET', 'keys/:id/revoke', revokeForm],
  ['POST', 'keys/:id/revoke', revokeKey],
  ['GET', 'usage', usagePage],
  ['GET', 'sold', soldPage],
  ['GET', 'refusals', refusalsPage],
  ['GET', 'audit-log', auditLogPage],
  ['GET', 'about', aboutPage],
];

const TABLE = PAGES.map(([method, path, handler]) => ({
  method,
  parts: path.split('/').filter(Boolean),
  handler,
}));

export function findPage({
  method,
  path,
}: ConsoleRequest): { handler: PageHandler; names: string[] } | undefined {
  const found = TABLE.find(
    (page) =>
      page.method === method &&
      page.parts.length === path.length &&
      page.parts.every((part, i) => part.startsWith(':') || part === path[i]),
  );
  if (!found) return undefined;
  return { handler: found.handler, names: path.filter((_, i) => found.parts[i]?.startsWith(':')) };
}
