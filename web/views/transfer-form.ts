import { html } from 'hono/html';
import type { DropProtocol } from '#src/storage/files-port.ts';
import type { Translate } from '#web/i18n/t.ts';
import type { Html } from './html.ts';

/** By what the file goes: asked for only where there is a choice. */
export function protocolField(t: Translate, form: string, protocols: readonly DropProtocol[]): Html | false {
  if (protocols.length < 2) return false;
  return html`<div class="field">
    <label for="${form}-protocol">${t(`${form === 'logs' ? 'logs' : 'firmware.load'}.by`)}</label
    ><select id="${form}-protocol" name="protocol">
      ${protocols.map((one) => html`<option value="${one}">${t(`files.${one}`)}</option>`)}
    </select>
  </div>`;
}

/** The one that was chosen, or the first there is. */
export function protocolOf(protocols: readonly DropProtocol[], chosen: string | undefined): DropProtocol {
  return protocols.find((one) => one === chosen) ?? protocols[0] ?? 'http';
}
