import { visibleText } from './entities.js';
import { checkedMarkup } from './markup.js';
import { badRequest } from './refusal.js';
import type { FakeMessage, NewMessage, Params, Uploaded } from './types.js';
import type { World } from './world.js';

const ACTIONS = new Set(
  'typing upload_photo record_video upload_video record_voice upload_voice upload_document choose_sticker find_location'.split(
    ' ',
  ),
);

function checkedText(params: Params, key: string, most: number): { raw: string; visible: string } {
  const raw = String(params[key] ?? '');
  const visible = visibleText(raw, params.parse_mode as string | undefined);
  if (visible.trim() === '' && key === 'text') throw badRequest('message text is empty');
  if (visible.length > most)
    throw badRequest(key === 'text' ? 'message is too long' : 'message caption is too long');
  return { raw, visible };
}

function base(world: World, params: Params): NewMessage {
  const chat = world.writableChat(params.chat_id);
  const reply = params.reply_parameters as
    | { message_id?: number; allow_sending_without_reply?: boolean }
    | undefined;
  const replied = reply === undefined ? undefined : world.find(chat.id, reply.message_id)?.message;
  if (reply !== undefined && replied === undefined && reply.allow_sending_without_reply !== true)
    throw badRequest('message to be replied not found');
  const markup = checkedMarkup(params.reply_markup);
  const thread = params.message_thread_id as number | undefined;
  return {
    chat,
    from: world.bot,
    ...(markup === undefined ? {} : { reply_markup: markup }),
    ...(thread === undefined ? {} : { message_thread_id: thread, is_topic_message: true }),
    ...(replied === undefined ? {} : { reply_to_message: replied }),
  };
}

export function sendMessage(world: World, params: Params): FakeMessage {
  const { raw, visible } = checkedText(params, 'text', 4096);
  const message = { ...base(world, params), text: visible };
  world.drafts.delete(message.chat.id);
  return world.add(message, { raw, parseMode: params.parse_mode as string | undefined });
}

export function editMessageText(world: World, params: Params): FakeMessage {
  const chat = world.writableChat(params.chat_id);
  const kept = world.own(chat.id, params.message_id);
  const { raw, visible } = checkedText(params, 'text', 4096);
  const markup = checkedMarkup(params.reply_markup);
  const same = JSON.stringify(markup) === JSON.stringify(kept.message.reply_markup) && raw === kept.raw;
  if (same)
    throw badRequest(
      'message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
    );
  Object.assign(kept, { raw, parseMode: params.parse_mode, edits: kept.edits + 1 });
  kept.message.text = visible;
  world.setMarkup(kept, markup);
  return kept.message;
}

export function editMessageReplyMarkup(world: World, params: Params): FakeMessage {
  const chat = world.writableChat(params.chat_id);
  const kept = world.own(chat.id, params.message_id);
  const markup = checkedMarkup(params.reply_markup);
  if (JSON.stringify(markup) === JSON.stringify(kept.message.reply_markup))
    throw badRequest(
      'message is not modified: specified new message content and reply markup are exactly the same',
    );
  world.setMarkup(kept, markup);
  return kept.message;
}

export function deleteMessage(world: World, params: Params): true {
  const chat = world.writableChat(params.chat_id);
  const kept = world.find(chat.id, params.message_id);
  if (kept === undefined) throw badRequest('message to delete not found');
  kept.deleted = true;
  world.emit('change', chat.id);
  return true;
}

export function sendPhoto(world: World, params: Params): FakeMessage {
  const { raw, visible } = checkedText(params, 'caption', 1024);
  const photo = params.photo as Uploaded | string;
  const fileId = typeof photo === 'string' ? photo : `file-${world.serial()}`;
  if (typeof photo !== 'string') {
    const magic = photo.bytes.subarray(0, 4).toString('hex');
    if (!magic.startsWith('89504e47') && !magic.startsWith('ffd8ff') && magic !== '52494646')
      throw badRequest('IMAGE_PROCESS_FAILED');
    if (magic.startsWith('89504e47')) checkDimensions(photo.bytes);
    world.files.set(fileId, photo);
  } else if (!/^https?:\/\//.test(photo) && !world.files.has(photo)) {
    throw badRequest('wrong remote file identifier specified');
  }
  const sizes = [{ file_id: fileId, file_unique_id: fileId, width: 512, height: 512 }];
  return world.add({ ...base(world, params), caption: visible, photo: sizes }, { raw });
}

/** A picture's sides: 10,000 together at most, and none twenty times the other. PNG tells them at its beginning. */
function checkDimensions(png: Buffer): void {
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const ratio = Math.max(width, height) / Math.min(width, height);
  if (width + height > 10_000 || ratio > 20) throw badRequest('PHOTO_INVALID_DIMENSIONS');
}

export function sendDocument(world: World, params: Params): FakeMessage {
  const { raw, visible } = checkedText(params, 'caption', 1024);
  const fileId = `file-${world.serial()}`;
  const document = params.document as Uploaded;
  world.files.set(fileId, document);
  const about = { file_id: fileId, file_unique_id: fileId, file_name: document.filename };
  return world.add({ ...base(world, params), caption: visible, document: about }, { raw });
}

export function sendChatAction(world: World, params: Params): true {
  const chat = world.writableChat(params.chat_id);
  const action = String(params.action);
  if (!ACTIONS.has(action)) throw badRequest('wrong parameter action in request');
  world.actions.push({ chatId: chat.id, action, atMs: Date.now() });
  world.emit('change', chat.id);
  return true;
}

export function sendMessageDraft(world: World, params: Params): true {
  const chat = world.writableChat(params.chat_id);
  if (chat.type !== 'private' || !world.draftsSupported) throw badRequest('TEXTDRAFT_PEER_INVALID');
  if (params.draft_id === 0) throw badRequest('DRAFT_ID_INVALID');
  const visible = visibleText(String(params.text ?? ''), params.parse_mode as string | undefined);
  if (visible.length > 4096) throw badRequest('message is too long');
  world.drafts.set(chat.id, visible);
  world.emit('change', chat.id);
  return true;
}
