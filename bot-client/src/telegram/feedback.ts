import type { ChatView } from './chat-view.js';

/** Telegram shows an action for five seconds. */
const RENEW_MS = 4_000;

/** "typing…" at once and for as long as the work takes; call the answer to end it. */
export function showAction(view: ChatView, action: 'typing' | 'upload_photo'): () => void {
  const show = () => void view.action(action).catch(() => undefined);
  show();
  const timer = setInterval(show, RENEW_MS);
  return () => clearInterval(timer);
}
