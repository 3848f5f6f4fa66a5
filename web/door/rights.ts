import { createMiddleware } from 'hono/factory';
import { seesEverything, watchesFleet, type Viewer } from '#src/domain/office/viewer.ts';
import { problem } from '#web/pages/problem.ts';
import type { WebEnv } from '#web/views/env.ts';
import { officeHome } from '#web/views/office-nav.ts';

/** Pages about the whole server: for anybody else they do not exist. */
export const everythingOnly = createMiddleware<WebEnv>(async (c, next) => {
  if (seesEverything(c.var.login)) return next();
  return problem(c, 'not-found', 404);
});

/** Pages of chargers, for whoever watches some. */
export const watchersOnly = createMiddleware<WebEnv>(async (c, next) => {
  if (watchesFleet(c.var.login)) return next();
  return problem(c, 'not-found', 404);
});

/** A password that an administrator has set is changed before anything else is done (AUT-12). */
export const mustChangeFirst = createMiddleware<WebEnv>(async (c, next) => {
  const isChanging = c.req.path === '/password/change';
  return c.var.login.mustChange && !isChanging ? c.redirect('/password/change', 303) : next();
});

/** The first page after the login. */
export function homeOf(viewer: Viewer): string {
  if (watchesFleet(viewer)) return '/fleet';
  return officeHome(viewer) ?? (viewer.kind === 'customer' ? '/access' : '/account');
}
