import { Hono } from 'hono';
import { html } from 'hono/html';
import { Readable } from 'node:stream';
import { fieldsFor } from '#src/domain/office/access.ts';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import type { RecordRow } from '#src/domain/office/entity.ts';
import type { WebDeps } from '#web/deps.ts';
import { bytes, dateTime } from '#web/views/format.ts';
import type { PageContext, WebEnv } from '#web/views/env.ts';
import type { Html } from '#web/views/html.ts';
import { icon } from '#web/views/icon.ts';
import { problem } from './problem.ts';

/** The file of a software of the library, below its form: chargers then fetch it from us (field-40). */
export async function firmwareFilePanel(c: PageContext, deps: WebDeps, record: RecordRow): Promise<Html | null> {
  const { t, login } = c.var;
  const { files } = deps;
  if (files === null) return null;
  const file = await files.firmwareFile(record.id);
  const max = bytes(t, files.bytesMax);
  const wrong = new URL(c.req.url).searchParams.get('file');
  const error =
    wrong === 'missing' || wrong === 'broken'
      ? t(`firmware.file.${wrong}`)
      : wrong === 'too-large'
        ? t('firmware.file.too-large', max)
        : null;
  const mayChange = fieldsFor(login, ENTITIES.firmware, record.values).changed.size > 0;
  return html`<section class="panel" id="file">
    <h2>${t('firmware.file')}</h2>
    ${
      file === null
        ? html`<p class="muted">${t('firmware.file.none')}</p>`
        : html`<p>${t('firmware.file.here', file.fileName, bytes(t, file.bytes))}</p>
            <p class="sub">${t('firmware.file.by', file.uploadedBy, dateTime(t, file.uploadedAtMs))}</p>
            <p class="sub">${t('firmware.file.sha')} <code class="hash">${file.sha256}</code></p>`
    }
    ${
      mayChange &&
      html`<form
        method="post"
        action="/admin/firmwares/${encodeURIComponent(record.id)}/file"
        enctype="multipart/form-data"
        novalidate
      >
        <div class="field">
          <label for="firmware-file">${t('firmware.file.choose')}</label>
          ${error !== null && html`<span id="firmware-file-error" class="field-error">${icon('octagon-alert')}${error}</span>`}
          <input
            id="firmware-file"
            type="file"
            name="file"
            aria-describedby="${error === null ? '' : 'firmware-file-error '}firmware-file-hint"
            ${error !== null && html` aria-invalid="true"`}
          />
          <p class="hint" id="firmware-file-hint">${t('firmware.file.choose.hint', max)}</p>
        </div>
        <button class="button">${t('firmware.file.submit')}</button>
      </form>`
    }
  </section>`;
}

/** Takes the file, as long as one may be: the limit of other posted bodies is not for it. */
export function firmwareFilePages(deps: WebDeps): Hono<WebEnv> {
  return new Hono<WebEnv>().post('/admin/firmwares/:id/file', async (c) => {
    const { login } = c.var;
    const { files } = deps;
    const id = c.req.param('id');
    const record = await deps.actors.office(login).ask<RecordRow | null>((replyTo) => ({
      type: 'find',
      entity: 'firmware',
      id,
      replyTo,
    }));
    const mayChange = record !== null && fieldsFor(login, ENTITIES.firmware, record.values).changed.size > 0;
    if (files === null || !mayChange) return problem(c, 'not-found', 404);
    const page = `/admin/firmwares/${encodeURIComponent(id)}`;
    const { body } = c.req.raw;
    if (body === null) return c.redirect(`${page}?file=missing#file`, 303);
    const put = await files.putFirmwareFile({
      firmwareId: id,
      by: login.name,
      contentType: c.req.header('Content-Type'),
      body: Readable.fromWeb(body),
    });
    return c.redirect(put === 'ok' ? `${page}#file` : `${page}?file=${put}#file`, 303);
  });
}

/** An upload of a file: what other limits leave alone. */
export function isFileUpload({ method, path }: { readonly method: string; readonly path: string }): boolean {
  return method === 'POST' && /^\/admin\/firmwares\/[^/]+\/file$/.test(path);
}
