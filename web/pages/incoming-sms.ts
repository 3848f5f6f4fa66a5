import { createHash, timingSafeEqual } from 'node:crypto';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { senderOf } from '#src/domain/incoming-sms.ts';
import type { WebDeps } from '#web/deps.ts';
import type { WebEnv } from '#web/views/env.ts';

const BODY_BYTES_MAX = 8 * 1024;
const ID_CHARACTERS_MAX = 200;
const MINUTE_MS = 60_000;

/**
 * Where a provider tells of the SMS that people send to charge (SOC-10), one `POST` for each, as a form or as JSON. Its
 * address holds the secret: 404 without it. 204 once it is on disk, 422 for what is none; anything else is for the
 * provider to try again. There is nothing here where no secret is configured.
 */
export function incomingSmsPages({ incomingSms: door, log }: WebDeps): Hono<WebEnv> {
  const app = new Hono<WebEnv>();
  if (door === null) return app;
  const { secret, fields, received } = door;
  const [fromField = '', textField = '', idField] = fields;
  return app.post('/incoming-sms/:secret', bodyLimit({ maxSize: BODY_BYTES_MAX }), async (c) => {
    if (!timingSafeEqual(digest(c.req.param('secret')), digest(secret))) return c.notFound();
    const body = await bodyOf(c.req.raw);
    const from = senderOf(textIn(body, fromField));
    const text = textIn(body, textField);
    if (from === null || text === '') return c.text('no SMS', 422);
    const told = idField === undefined ? '' : textIn(body, idField).slice(0, ID_CHARACTERS_MAX);
    // Without an id, what is the same within a minute is the same.
    const id = told === '' ? `${text} ${Math.floor(c.var.nowMs / MINUTE_MS)}` : told;
    try {
      await received({ id, from, text });
    } catch (error) {
      log.warn({ error: String(error) }, 'an SMS was not taken: its provider will bring it again');
      return c.text('not now', 503);
    }
    return c.body(null, 204);
  });
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** Empty for what is neither a form nor a JSON object. */
async function bodyOf(request: Request): Promise<Readonly<Record<string, unknown>>> {
  const text = await request.text();
  if (!/json/i.test(request.headers.get('content-type') ?? '')) return Object.fromEntries(new URLSearchParams(text));
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? { ...body } : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

function textIn(body: Readonly<Record<string, unknown>>, name: string): string {
  const value = Object.hasOwn(body, name) ? body[name] : '';
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}
