import { Hono } from 'hono';
import { html } from 'hono/html';
import type { WebDeps } from '#web/deps.ts';
import { readFacts } from '#web/live/charge-point-hub.ts';
import { part, PART_IDS, tellsItself } from '#web/views/charge-point-parts.ts';
import type { WebEnv } from '#web/views/env.ts';
import { partial } from '#web/views/html.ts';
import { wantsFragment } from '#web/views/page.ts';
import { sendCommand } from './send-command.ts';

/** PRC-04: the icon that reloads one charger asks it for its statuses, where it can be asked, and reads all of it anew. */
export function reloadPages(deps: WebDeps): Hono<WebEnv> {
  return new Hono<WebEnv>().post('/fleet/:chargePointId/reload', async (c) => {
    const { t, login, nowMs } = c.var;
    const chargePointId = c.req.param('chargePointId');
    const chargePoint = deps.actors.chargePoint(chargePointId, login);
    const facts = await readFacts(deps.actors, login, chargePointId, nowMs);
    if (chargePoint === null || facts === null || !facts.mayCommand) return c.notFound();
    if (tellsItself(facts)) {
      const call = { action: 'TriggerMessage', requestedMessage: 'StatusNotification' } as const;
      await sendCommand(c, chargePoint, { commandId: deps.newId(), call });
    }
    if (!wantsFragment(c)) return c.redirect(`/fleet/${encodeURIComponent(chargePointId)}`, 303);
    const after = (await readFacts(deps.actors, login, chargePointId, nowMs)) ?? facts;
    return c.html(html`${PART_IDS.map((id) => partial(id, part(t, id, after), 'outerMorph'))}`);
  });
}
