import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { createMiddleware } from 'hono/factory';
import { HTTPException } from 'hono/http-exception';
import type { ArchiveMessage } from '#actors/archive/messages.ts';
import type { Asked } from '#actors/directory.ts';
import { usefulUntilMs } from '#actors/charge-point/command-steps.ts';
import type { CommandView } from '#actors/charge-point/messages.ts';
import type { ChargePointView, FleetPage } from '#actors/fleet/messages.ts';
import { platformViewer } from '#src/domain/office/viewer.ts';
import type { CallToChargePoint } from '#src/wire/ocpp/messages.ts';
import type { WebDeps } from '#web/deps.ts';
import { tokenHash } from '#web/door/login.ts';
import { withPasswordHash } from '#web/pages/password-hash.ts';
import { remoteStartTag } from '#web/views/command-form.ts';
import { chargePointAnswer, commandAnswer } from './answers.ts';
import {
  callOf,
  ChargePoint,
  ChargePointList,
  ChargePointParam,
  Command,
  CommandCall,
  CommandParam,
  KeepQuery,
  ListQuery,
  Problem,
  WaitQuery,
  WithdrawParam,
} from './schemas.ts';

/** How often a waiting request looks whether its command ended. */
const WAIT_TURN_MS = 250;
/** The longest command there is, `DataTransfer` with 10 000 characters of data, fits several times. */
const BODY_BYTES_MAX = 64 * 1024;
/** `application/json`, and what is built on it. */
const JSON_TYPE = /^application\/([\w!#$&.^-]+\+)?json\s*(;|$)/i;

type ApiEnv = { Variables: { label: string; requestId: string; nowMs: number } };

const problemContent = { 'application/problem+json': { schema: Problem } };
const refusals = {
  400: { description: 'The request cannot be read.', content: problemContent },
  401: { description: 'The token is missing or unknown.', content: problemContent },
};
const unreadable = {
  413: { description: `The body is larger than ${BODY_BYTES_MAX} bytes.`, content: problemContent },
  415: { description: 'The body is not announced as JSON.', content: problemContent },
};
const missing = { 404: { description: 'Not there, or not for this token.', content: problemContent } };
const security = [{ token: [] }];
const json = <T>(schema: T, description: string) => ({ description, content: { 'application/json': { schema } } });

const listRoute = createRoute({
  method: 'get',
  path: '/charge-points',
  summary: 'The chargers and what they do now',
  security,
  request: { query: ListQuery },
  responses: { 200: json(ChargePointList, 'One page of chargers.'), ...refusals },
});
const oneRoute = createRoute({
  method: 'get',
  path: '/charge-points/{id}',
  summary: 'One charger with its connectors and open transactions',
  security,
  request: { params: ChargePointParam },
  responses: { 200: json(ChargePoint, 'The charger.'), ...missing, ...refusals },
});
const commandRoute = createRoute({
  method: 'post',
  path: '/charge-points/{id}/commands',
  summary: 'Send a command to a charger',
  security,
  request: {
    params: ChargePointParam,
    query: KeepQuery,
    body: { required: true, content: { 'application/json': { schema: CommandCall } } },
  },
  responses: { 202: json(Command, 'Queued, or refused at once: see `phase`.'), ...missing, ...refusals, ...unreadable },
});
const withdrawRoute = createRoute({
  method: 'delete',
  path: '/charge-points/{id}/commands/{commandId}',
  summary: 'Withdraw a command that waits',
  security,
  request: { params: WithdrawParam },
  responses: { 200: json(Command, 'The command as it is now: `withdrawn`, or on its way.'), ...missing, ...refusals },
});
const outcomeRoute = createRoute({
  method: 'get',
  path: '/commands/{commandId}',
  summary: 'How far a command got',
  security,
  request: { params: CommandParam, query: WaitQuery },
  responses: { 200: json(Command, 'The command, with every step it took.'), ...missing, ...refusals },
});

/** `/api`: tokens only, never the login cookie, so that no page of another site can use it. */
export function apiRoutes(deps: WebDeps): OpenAPIHono<ApiEnv> {
  const { actors } = deps;
  const api = new OpenAPIHono<ApiEnv>({
    defaultHook: (read, c) => {
      if (read.success) return undefined;
      const errors = read.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
      return problem(c, 400, 'The request cannot be read', { errors });
    },
  });
  api.openAPIRegistry.registerComponent('securitySchemes', 'token', { type: 'http', scheme: 'bearer' });
  api.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: { title: 'Vigie', version: '1', description: 'Chargers, what they do, and commands to them.' },
    servers: [{ url: '/api' }],
  });
  api.use(bearer(deps));
  api.use(bodyLimit({ maxSize: BODY_BYTES_MAX, onError: (c) => problem(c, 413, 'The body is too large') }));
  api.use(jsonOnly);

  api.openapi(listRoute, async (c) => {
    const { state, fault, access, status, station, q, sort, page, pageSize } = c.req.valid('query');
    const found = await actors.fleet(platformViewer(c.var.label)).ask<FleetPage>((replyTo) => ({
      type: 'list',
      query: {
        states: state === undefined ? [] : [state].flat(),
        faultOnly: fault === 'true',
        access: access === undefined ? [] : [access],
        status: status ?? null,
        station: station ?? '',
        text: q ?? '',
        sort: sort ?? 'chargePointId',
        descending: false,
        page,
        pageSize,
      },
      replyTo,
    }));
    return c.json({ chargePoints: found.rows.map(chargePointAnswer), found: found.found, page, pageSize }, 200);
  });

  api.openapi(oneRoute, async (c) => {
    const chargePointId = c.req.valid('param').id;
    const view = await actors
      .fleet(platformViewer(c.var.label))
      .ask<ChargePointView | null>((replyTo) => ({ type: 'find', chargePointId, replyTo }));
    return view === null ? notThere(c) : c.json(chargePointAnswer(view), 200);
  });

  api.openapi(commandRoute, async (c) => {
    const chargePoint = actors.chargePoint(c.req.valid('param').id, platformViewer(c.var.label));
    if (chargePoint === null) return notThere(c);
    const asked = callOf(c.req.valid('json'));
    const call = await withBadge(c, asked);
    if (call === null) return problem(c, 400, 'The station has no free-service badge: idTag is needed');
    const { keepFor } = c.req.valid('query');
    const atMs = deps.now();
    const usefulS = Math.max(Math.floor((usefulUntilMs(call, atMs) - atMs) / 1_000), 0);
    if (keepFor !== undefined && keepFor > usefulS)
      return problem(c, 400, `${call.action} can wait ${usefulS} s for a charger: later it is of no use`);
    const password = await withPasswordHash(deps, call);
    const command = await chargePoint.ask<CommandView>((replyTo) => ({
      type: 'command',
      commandId: deps.newId(),
      call,
      ...password,
      requestedBy: c.var.label,
      ...(keepFor !== undefined && { expiresAtMs: atMs + keepFor * 1_000 }),
      atMs,
      replyTo,
    }));
    c.header('Location', `/api/commands/${encodeURIComponent(command.commandId)}`);
    return c.json(commandAnswer(command), 202);
  });

  /** PRC-15: a remote start that names no badge has that of the station's free service; null where there is none. */
  async function withBadge(c: Context<ApiEnv>, call: CallToChargePoint): Promise<CallToChargePoint | null> {
    // An optional member of the schema: the type of the call does not know that it may be absent.
    if (call.action !== 'RemoteStartTransaction' || (call.idTag as string | undefined) !== undefined) return call;
    const chargePointId = c.req.param('id') ?? '';
    const view = await actors
      .fleet(platformViewer(c.var.label))
      .ask<ChargePointView | null>((replyTo) => ({ type: 'find', chargePointId, replyTo }));
    const idTag = view === null ? null : remoteStartTag(view);
    return idTag === null ? null : { ...call, idTag };
  }

  api.openapi(withdrawRoute, async (c) => {
    const { id, commandId } = c.req.valid('param');
    const chargePoint = actors.chargePoint(id, platformViewer(c.var.label));
    const by = c.var.label;
    const command = await chargePoint?.ask<CommandView | null>((replyTo) => {
      return { type: 'withdraw', commandId, by, atMs: deps.now(), replyTo };
    });
    return command ? c.json(commandAnswer(command), 200) : notThere(c);
  });

  api.openapi(outcomeRoute, async (c) => {
    const untilMs = deps.now() + c.req.valid('query').wait * 1000;
    const archive = actors.archive(platformViewer(c.var.label));
    const command = await outcome(deps, archive, {
      commandId: c.req.valid('param').commandId,
      untilMs,
      signal: c.req.raw.signal,
    });
    return command === null ? notThere(c) : c.json(commandAnswer(command), 200);
  });

  api.all('*', (c) => notThere(c));
  api.onError((error, c) => {
    if (error instanceof HTTPException && error.status === 400) return problem(c, 400, error.message);
    deps.log.error(
      { requestId: c.var.requestId, path: c.req.path, error: error.stack ?? String(error) },
      'an API request failed',
    );
    return problem(c, 500, 'The server failed; the log has the reason under this request id');
  });
  return api;
}

/** The command when it ended or time is up, whichever is first; null when there is none of that id. */
async function outcome(
  { every, now }: WebDeps,
  archive: Asked<ArchiveMessage>,
  {
    commandId,
    untilMs,
    signal,
  }: { readonly commandId: string; readonly untilMs: number; readonly signal: AbortSignal },
): Promise<CommandView | null> {
  const look = (): Promise<CommandView | null> =>
    archive.ask<CommandView | null>((replyTo) => ({ type: 'command', commandId, replyTo }));
  for (;;) {
    const command = await look();
    if (command === null || command.ended || now() >= untilMs || signal.aborted) return command;
    await new Promise<void>((resolve) => {
      const stop = every(WAIT_TURN_MS, () => {
        stop();
        resolve();
      });
    });
  }
}

function bearer({ registry }: WebDeps) {
  return createMiddleware<ApiEnv>(async (c, next) => {
    const token = /^Bearer +(\S+)$/i.exec(c.req.header('Authorization') ?? '')?.[1];
    const known = token === undefined ? null : await registry.apiToken(tokenHash(token));
    if (known === null) {
      c.header('WWW-Authenticate', 'Bearer');
      return problem(c, 401, 'The token is missing or unknown');
    }
    c.set('label', known.label);
    return next();
  });
}

/** A body that is not announced as JSON is refused before anyone tries to read it. */
const jsonOnly = createMiddleware<ApiEnv>(async (c, next) => {
  if (c.req.method === 'POST' && !JSON_TYPE.test(c.req.header('Content-Type') ?? ''))
    return problem(c, 415, 'Send JSON, with Content-Type: application/json');
  return next();
});

function notThere(c: Context<ApiEnv>) {
  return problem(c, 404, 'Not found');
}

/** RFC 9457. The request id is the one in the server's log. */
function problem<const S extends 400 | 401 | 404 | 413 | 415 | 500>(
  c: Context<ApiEnv>,
  status: S,
  title: string,
  more: { readonly errors?: { path: string; message: string }[] } = {},
) {
  const body = { type: 'about:blank' as const, title, status, requestId: c.var.requestId, ...more };
  return c.json(body, status, { 'Content-Type': 'application/problem+json' });
}
