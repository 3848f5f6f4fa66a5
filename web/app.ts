import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { compress } from 'hono/compress';
import { csrf } from 'hono/csrf';
import { HTTPException } from 'hono/http-exception';
import { secureHeaders } from 'hono/secure-headers';
import { apiRoutes } from './api/api.ts';
import { assetRoutes } from './assets.ts';
import type { WebDeps } from './deps.ts';
import { remoteAddress } from './door/address.ts';
import { doorOver } from './door/door.ts';
import { pagesInTurn } from './door/turns.ts';
import { everythingOnly, homeOf, mustChangeFirst, watchersOnly } from './door/rights.ts';
import { loginOf, signedInOnly } from './door/login.ts';
import { preferencePages, preferences } from './door/preferences.ts';
import { stationZone } from './door/zone.ts';
import { createBatchHub } from './live/batch-hub.ts';
import { createChargePointHub } from './live/charge-point-hub.ts';
import { createEventsHub } from './live/events-hub.ts';
import { createFleetHub } from './live/fleet-hub.ts';
import { createRadarHub } from './live/radar-hub.ts';
import { Streams } from './live/stream.ts';
import { WaitingReviews } from './live/waiting-reviews.ts';
import { accessPages } from './pages/access.ts';
import { loginPagesOfAccount } from './pages/account-logins.ts';
import { accountPages } from './pages/account.ts';
import { alertPages } from './pages/alerts.ts';
import { batchPages } from './pages/batches.ts';
import { chargePointPages } from './pages/charge-point.ts';
import { componentPages } from './pages/components.ts';
import { chargerPasswordPages } from './pages/charger-password.ts';
import { commandPages } from './pages/commands.ts';
import { eventPages } from './pages/events.ts';
import { fleetPages } from './pages/fleet.ts';
import { forgottenPages } from './pages/forgotten.ts';
import { firmwareFilePages, isFileUpload } from './pages/firmware-file.ts';
import { firmwarePages } from './pages/firmware.ts';
import { healthPages, healthProbes } from './pages/health.ts';
import { keyPages } from './pages/keys.ts';
import { incomingSmsPages } from './pages/incoming-sms.ts';
import { legalPages } from './pages/legal.ts';
import { logPages } from './pages/logs.ts';
import { loginPages } from './pages/login.ts';
import { mePages } from './pages/me.ts';
import { officePages } from './pages/office.ts';
import { placePages } from './pages/places.ts';
import { openDataPages } from './pages/open-data.ts';
import { ownRechargePages } from './pages/own-recharges.ts';
import { outboxPages } from './pages/outbox.ts';
import { passwordLinkPages, passwordPages } from './pages/password.ts';
import { problem } from './pages/problem.ts';
import { quirkPages } from './pages/quirks.ts';
import { roamingPages } from './pages/roaming.ts';
import { rechargePages } from './pages/recharges.ts';
import { radarPages } from './pages/radar.ts';
import { pointsToldPages } from './pages/points-told.ts';
import { recipientPages } from './pages/recipients.ts';
import { reloadPages } from './pages/reload.ts';
import { reviewPages } from './pages/reviews.ts';
import { secondFactorPages } from './pages/second-factor.ts';
import { simulatorPages } from './pages/simulator.ts';
import { sessionPages } from './pages/sessions.ts';
import type { PageContext, WebEnv } from './views/env.ts';
import { userAccessPages } from './pages/user-access.ts';
import { wantsFragment } from './views/page.ts';

const BODY_BYTES_MAX = 64 * 1024;
/** The boxes of a list that shows all of its rows: ids of 40 bytes, as many as may be deleted at once (LST-08). */
const SELECTION_BYTES_MAX = 1024 * 1024;
/** How long an open stream may outlive the right to it. */
const RECHECK_MS = 5_000;

/** Nothing from elsewhere, nothing inline: what a page does is in `web/public/`. */
const SECURE_HEADERS: Parameters<typeof secureHeaders>[0] = {
  contentSecurityPolicy: {
    defaultSrc: ["'self'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", 'data:'],
    connectSrc: ["'self'"],
    objectSrc: ["'none'"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
  },
  xFrameOptions: 'DENY',
  referrerPolicy: 'same-origin',
  // Meaningless over plain HTTP, where most of these servers begin; the proxy that adds TLS adds it.
  strictTransportSecurity: false,
};

/** The web side of the server. `close` ends every stream and stops asking the actors. */
export function createWeb(deps: WebDeps): { readonly app: Hono<WebEnv>; close(): void } {
  const { actors, every, now, log, timeZone } = deps;
  const streams = new Streams(now);
  const stopRecheck = every(
    RECHECK_MS,
    () =>
      void streams
        .recheck((hash) => loginOf(hash, deps))
        .catch((error: unknown) => log.warn({ error: String(error) }, 'the open streams were not looked at again')),
  );
  const fleetHub = createFleetHub({ actors, streams, every, now, log, timeZone });
  const chargePointHub = createChargePointHub({ actors, streams, every, now, log });
  const radarHub = createRadarHub({ actors, streams, every, now, log });
  const batchHub = createBatchHub({ actors, streams, every, now, log });
  const eventsHub = createEventsHub({ actors, streams, every, now, log });

  const waiting = new WaitingReviews(deps);
  const turns = pagesInTurn({ now, every });
  const door = doorOver(deps, streams);

  const limitedTo = (maxSize: number) =>
    bodyLimit({
      maxSize,
      onError(c) {
        log.warn(whence(c), 'a body beyond the limit was refused');
        return problem(c, 'too-large', 413);
      },
    });
  const limited = limitedTo(BODY_BYTES_MAX);
  const selectionLimited = limitedTo(SELECTION_BYTES_MAX);

  // Drawn once, for to draw one for each page costs a hundredth of it.
  const life = deps.newId();
  let requests = 0;
  const app = new Hono<WebEnv>()
    .route('/', healthProbes(deps))
    .use(async (c, next) => {
      c.set('requestId', `${life}.${(requests += 1)}`);
      c.set('nowMs', now());
      c.set('address', remoteAddress(c, deps.proxies));
      c.header('X-Request-Id', c.var.requestId);
      await next();
    })
    .use(secureHeaders(SECURE_HEADERS))
    .use(compress())
    .use(preferences(deps))
    .route('/', assetRoutes())
    // Before the cookie is looked at: the API knows tokens only, so no form of another site can speak for anyone.
    .route('/api', apiRoutes(deps))
    .route('/', incomingSmsPages(deps))
    // What is only asked for has no body, and to look for one costs as much as to draw a menu.
    .use((c, next) => {
      if (c.req.method === 'GET' || isFileUpload(c.req)) return next();
      return c.req.path.endsWith('/delete') ? selectionLimited(c, next) : limited(c, next);
    })
    .use(csrf())
    .route('/', loginPages(door))
    .route('/', preferencePages(door))
    .route('/', legalPages(deps))
    .route('/', passwordLinkPages(door))
    .route('/', forgottenPages(door))
    .use(turns.middleware)
    .use(signedInOnly(deps))
    .use(async (c, next) => {
      if (!wantsFragment(c)) c.set('waiting', await waiting.known(c.var.login));
      await next();
    })
    .use(mustChangeFirst)
    .get('/', (c) => c.redirect(homeOf(c.var.login), 303))
    .route('/', passwordPages(door))
    .route('/', accountPages(door))
    .route('/', accessPages(door))
    .route('/', ownRechargePages(deps))
    .route('/', mePages(door))
    .route('/', loginPagesOfAccount(door))
    .route('/', secondFactorPages(door))
    .route('/', userAccessPages(door))
    .route('/', placePages(deps))
    .route('/', openDataPages(deps))
    .route('/', officePages(door))
    .route('/', outboxPages(deps))
    .route('/', rechargePages(deps))
    .use('/fleet', watchersOnly)
    .use('/fleet/*', watchersOnly)
    .use('/fleet/:chargePointId', stationZone(deps))
    .use('/fleet/:chargePointId/*', stationZone(deps))
    .use('/reviews', watchersOnly)
    .use('/reviews/*', watchersOnly)
    .use('/radar', watchersOnly)
    .use('/radar/*', watchersOnly)
    .use('/alerts', watchersOnly)
    .use('/alerts/*', watchersOnly)
    .route('/', radarPages(deps, radarHub))
    .route('/', chargerPasswordPages(deps))
    .route('/', alertPages(deps))
    .route('/', quirkPages(deps))
    .route('/', roamingPages(deps))
    .route('/', simulatorPages(deps))
    .route('/', recipientPages(deps))
    .route('/', pointsToldPages(deps))
    .route('/', fleetPages(deps, fleetHub))
    .route('/', reviewPages(deps, waiting))
    .use('/events', everythingOnly)
    .use('/events/*', everythingOnly)
    .use('/events.xlsx', everythingOnly)
    .use('/events.csv', everythingOnly)
    .use('/health', everythingOnly)
    .use('/dev/*', everythingOnly)
    .route('/', componentPages())
    .route('/', eventPages(deps, eventsHub))
    .route('/', chargePointPages(deps, chargePointHub))
    .route('/', sessionPages(deps))
    .route('/', firmwareFilePages(deps))
    .route('/', firmwarePages(deps))
    .route('/', logPages(deps))
    .route('/', commandPages(deps))
    .route('/', reloadPages(deps))
    .route('/', keyPages(deps))
    .use('/commands/*', watchersOnly)
    .route('/', batchPages(deps, batchHub))
    .route('/', healthPages(deps));

  app.notFound((c) => problem(c, 'not-found', 404));
  app.onError((error, c) => {
    if (error instanceof HTTPException && error.status === 403) {
      log.warn({ ...whence(c), origin: c.req.header('Origin') ?? null }, 'a form of another site was refused');
      return problem(c, 'forbidden', 403);
    }
    log.error({ ...whence(c), error: error.stack ?? String(error) }, 'a page failed');
    return problem(c, 'bug', 500);
  });

  return {
    app,
    close: () => {
      stopRecheck();
      turns.stop();
      fleetHub.close();
      chargePointHub.close();
      eventsHub.close();
      radarHub.close();
      batchHub.close();
      streams.endAll();
    },
  };
}

/** Which request a line of the log is about. */
function whence(c: PageContext): Readonly<Record<string, string>> {
  return { requestId: c.var.requestId, path: c.req.path, address: c.var.address };
}
