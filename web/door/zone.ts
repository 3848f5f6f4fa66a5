import { createMiddleware } from 'hono/factory';
import type { WebDeps } from '#web/deps.ts';
import { translator } from '#web/i18n/t.ts';
import type { WebEnv } from '#web/views/env.ts';

/** Pages of one charger, their streams and exports show the clocks of the place where it stands (field-21). */
export function stationZone({ actors }: Pick<WebDeps, 'actors'>) {
  return createMiddleware<WebEnv>(async (c, next) => {
    const identity = c.req.param('chargePointId') ?? '';
    const zone = await actors
      .office(c.var.login)
      .ask<string | null>((replyTo) => ({ type: 'zone-of', identity, replyTo }));
    if (zone !== null) c.set('t', translator(c.var.t.language, zone));
    return next();
  });
}
