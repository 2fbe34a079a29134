/** What the console reads of the calls about webhooks. */
export interface Webhook {
  id: string;
  url: string;
  types: string[] | null;
  description: string | null;
  enabled: boolean;
  disabledFor: 'gone' | 'failing' | null;
  failingSince: string | null;
  createdAt: string;
}

export interface Attempt {
  at: string;
  status: number | null;
  ms: number;
  body: string;
}

export interface Delivery {
  id: string;
  eventId: string;
  type: string;
  status: string;
  attempts: Attempt[];
  nextAttemptAt: string | null;
}
