import { html } from 'hono/html';
import { asLanguage, translator } from '#web/i18n/t.ts';
import type { PageContext } from '#web/views/env.ts';
import { icon } from '#web/views/icon.ts';
import { show, wantsFragment, type PageStatus } from '#web/views/page.ts';

/** What happened, whether anything was saved, what to do, and the number under which it is in the log. */
export async function problem(
  c: PageContext,
  kind: 'not-found' | 'forbidden' | 'too-large' | 'bug',
  status: PageStatus,
): Promise<Response> {
  // An error may come before the language is known.
  const t = c.var.t ?? translator(asLanguage(undefined), 'UTC');
  const reference = html`<p class="sub">${t('problem.reference')} <code>${c.var.requestId}</code></p>`;
  if (wantsFragment(c))
    return c.html(
      html`<p class="notice bad" role="alert">${icon('octagon-alert')}${t(`problem.${kind}`)}</p>
        ${reference}`,
      status,
    );
  const body = html`<div class="problem">
    <h1>${t(`problem.${kind}`)}</h1>
    <p>${t(`problem.${kind}.text`)}</p>
    <p><a class="button" href="/">${t('problem.back')}</a></p>
    ${reference}
  </div>`;
  return show(c, { title: t(`problem.${kind}`), section: 'problem', body }, status);
}
