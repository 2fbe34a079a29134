/** Draws what the demo server says (server-sent events) and tells it what the person does. */
const $ = (id) => document.getElementById(id);
const HINTS = [
  '/start',
  'Hello, who are you?',
  '/image a lighthouse at dusk',
  '/balance',
  '/upgrade',
  'Please fail',
  'Tell me something long',
];

async function act(name, body = {}) {
  const response = await fetch(`/do/${name}`, { method: 'POST', body: JSON.stringify(body) });
  return response.ok ? response.json() : undefined;
}

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

/** Only the tags the bot's formatting uses; everything else stays text. */
function formatted(html) {
  const allowed = new Set(['B', 'I', 'S', 'CODE', 'PRE', 'A']);
  const source = new DOMParser().parseFromString(html, 'text/html').body;
  const copy = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return document.createTextNode(node.textContent);
    const made = allowed.has(node.tagName)
      ? document.createElement(node.tagName)
      : document.createElement('span');
    if (node.tagName === 'A') {
      made.href = node.href;
      made.target = '_blank';
    }
    made.append(...[...node.childNodes].map(copy));
    return made;
  };
  return [...source.childNodes].map(copy);
}

function buttonOf(button, message) {
  if (button.url?.startsWith('https://t.me/$')) {
    const made = element('button', '', button.text);
    made.onclick = () => checkout({ title: button.text, description: message.text }, button.url);
    return made;
  }
  if (button.url) {
    const made = element('button', '', `${button.text} ↗`);
    made.onclick = () => toast('The pretend channel: tick “In the channel” on the right.');
    return made;
  }
  const made = element('button', '', button.text);
  made.onclick = () =>
    button.pay
      ? checkout(message.invoice)
      : act('tap', { messageId: message.id, data: button.callback_data });
  return made;
}

function messageOf(message) {
  if (message.paid) return element('div', 'service', `You paid ⭐ ${message.paid.total_amount}`);
  if (message.moneyBack) return element('div', 'service', `⭐ ${message.moneyBack.total_amount} came back`);
  const whole = element('div', message.mine ? 'message mine' : 'message');
  const bubble = element('div', 'bubble');
  if (message.photo) {
    const picture = element('img');
    picture.src = `/file/${message.photo}`;
    picture.alt = 'A picture the bot drew';
    picture.onload = scrollDown;
    bubble.append(picture);
  }
  if (message.invoice) {
    bubble.classList.add('invoice');
    bubble.append(element('b', '', message.invoice.title), message.invoice.description);
  } else if (message.html) bubble.append(...formatted(message.html));
  else bubble.append(message.text);
  whole.append(bubble);
  for (const row of message.buttons) {
    const line = element('div', 'row');
    line.append(...row.map((button) => buttonOf(button, message)));
    whole.append(line);
  }
  return whole;
}

let drawn = '';
function drawChat({ messages, draft, action }) {
  const key = JSON.stringify([messages, draft]);
  const status = { typing: 'typing…', upload_photo: 'sending a photo…' }[action] ?? 'bot';
  $('status').textContent = status;
  $('status').className = action ? 'live' : '';
  if (key === drawn) return;
  drawn = key;
  const parts = messages.map(messageOf);
  if (draft) {
    const growing = element('div', 'message draft');
    growing.append(element('div', 'bubble', draft));
    parts.push(growing);
  }
  $('chat').replaceChildren(...parts);
  scrollDown();
}

function scrollDown() {
  $('chat').scrollTop = $('chat').scrollHeight;
}

const NAMES = { chatgpt_message: 'Chat message', image_generation: 'Image' };
const SOURCES = {
  tier: 'Monthly tokens',
  topup: 'Token pack',
  promo: 'Promo',
  refund: 'Refund',
  adjustment: 'Adjustment',
};
const count = (value) => value.toLocaleString('en-US');

let shownEntries = '';
function drawLedger(ledger) {
  if (!ledger) return drawHolds([]);
  const { balance, entries, holds } = ledger;
  const scale = Math.max(1, balance.available + balance.reserved + balance.spent);
  $('available').textContent = count(balance.available);
  $('free').textContent = count(balance.available);
  $('held').textContent = count(balance.reserved);
  $('spent').textContent = count(balance.spent);
  $('tier').textContent = balance.tier[0].toUpperCase() + balance.tier.slice(1);
  $('bar-free').style.width = `${(100 * balance.available) / scale}%`;
  $('bar-held').style.width = `${(100 * balance.reserved) / scale}%`;
  drawHolds(holds);
  const key = JSON.stringify(entries);
  if (key === shownEntries) return;
  shownEntries = key;
  $('entries').replaceChildren(...entries.map(entryOf));
}

let shownHolds;
function drawHolds(holds) {
  const key = JSON.stringify(holds.map((hold) => hold.reservationId));
  if (key === shownHolds) return;
  shownHolds = key;
  const lines = holds.map((hold) => {
    const line = element('li');
    line.append(
      element('span', '', NAMES[hold.operation] ?? hold.operation),
      element('b', '', `${count(hold.amount)} held`),
    );
    return line;
  });
  if (lines.length === 0)
    lines.push(
      element('li', 'none', 'Nothing. Tokens are held while the bot works, then charged or given back.'),
    );
  $('holds').replaceChildren(...lines);
}

const known = new Set();
function entryOf(entry) {
  const line = element('li');
  if (known.has(entry.id)) line.style.animation = 'none';
  known.add(entry.id);
  const what = NAMES[entry.operation] ?? SOURCES[entry.source] ?? entry.kind;
  const sign = entry.amount > 0 ? `+${count(entry.amount)}` : count(entry.amount);
  line.append(
    element('span', 'kind', entry.kind),
    element('span', '', what),
    element('span', entry.amount > 0 ? 'plus' : 'minus', sign),
    element('span', 'after', `= ${count(entry.balanceAfter)}`),
  );
  return line;
}

function checkout(invoice, link) {
  $('pay-title').textContent = invoice.title;
  $('pay-text').textContent = invoice.description;
  $('pay-amount').textContent = count(invoice.amount ?? Number(invoice.title.replace(/\D/g, '')));
  const box = $('checkout');
  box.returnValue = 'no';
  box.onclose = async () => {
    if (box.returnValue !== 'yes') return;
    const paid = await act('pay', link ? { link } : {});
    if (paid && !paid.ok) toast(paid.error);
  };
  box.showModal();
}

let toastTimer;
function toast(text) {
  $('toast').textContent = text;
  $('toast').classList.add('shown');
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => $('toast').classList.remove('shown'), 2600);
}

for (const hint of HINTS) {
  const made = element('button', '', hint);
  made.type = 'button';
  made.onclick = () => act('say', { text: hint });
  $('hints').append(made);
}
$('write').onsubmit = (event) => {
  event.preventDefault();
  const text = $('text').value.trim();
  if (text) act('say', { text });
  $('text').value = '';
};
let joining = false;
$('joined').onchange = async (event) => {
  // What the server says meanwhile is older than this tick and must not undo it, even for a moment.
  joining = true;
  await act('join', { joined: event.target.checked });
  joining = false;
};
$('lang').onchange = (event) => act('lang', { lang: event.target.value });
$('later').onclick = async () => {
  await act('later', { seconds: 31 * 86_400 });
  toast('31 days have passed for the service.');
};

const events = new EventSource('/events');
events.addEventListener('state', (event) => {
  const state = JSON.parse(event.data);
  drawChat(state);
  drawLedger(state.ledger);
  if (!joining) $('joined').checked = state.joined;
  $('stars').textContent = count(state.starsSpent);
});
events.addEventListener('toast', (event) => toast(JSON.parse(event.data).text));
