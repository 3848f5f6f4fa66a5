import { html } from 'hono/html';
import type { Translate } from '#web/i18n/t.ts';
import type { FormName } from './command-form-spec.ts';
import { when, type Html } from './html.ts';

/** In the order in which a maintainer needs them. */
const GROUPS = {
  operation: ['reset', 'availability', 'trigger-message', 'show-message', 'data-transfer'],
  files: ['firmware', 'logs'],
  charge: ['remote-start', 'remote-stop', 'unlock', 'reserve', 'cancel-reservation'],
  configuration: ['get-configuration', 'change-configuration', 'list-version', 'send-list', 'clear-cache'],
  energy: ['set-profile', 'clear-profile', 'composite'],
  security: ['extended-trigger', 'certificate-ids', 'install-certificate', 'delete-certificate'],
} as const satisfies Record<string, readonly FormName[]>;
export type CommandGroup = keyof typeof GROUPS;

/** What is done with one command: its form, or the way to it. */
export type GroupedCommand = {
  readonly name: FormName;
  readonly control: Html;
  /** There is something in it to read: its group stands open. */
  readonly isWrong?: boolean;
};

/**
 * The commands by what they are about. `common`: the groups that are one click away, the others are folded. `notes`: what
 * is said in a group, above its commands.
 */
export function commandGroups(
  t: Translate,
  commands: readonly GroupedCommand[],
  {
    common,
    notes = {},
  }: { readonly common: readonly CommandGroup[]; readonly notes?: Partial<Record<CommandGroup, Html>> },
): Html {
  return html`${(Object.keys(GROUPS) as CommandGroup[]).map((group) => {
    const names: readonly FormName[] = GROUPS[group];
    const own = names.flatMap((name) => commands.filter((one) => one.name === name));
    if (own.length === 0) return null;
    const id = `commands-${group}`;
    const panel = html`${notes[group] ?? null}
      <div class="command-panel">${own.map(({ control }) => control)}</div>`;
    return common.includes(group)
      ? html`<section id="${id}" class="command-group" aria-labelledby="${id}-title">
          <h3 id="${id}-title">${t(`commands.${group}`)}</h3>
          ${panel}
        </section>`
      : html`<details
          id="${id}"
          class="command-group"
          ${when(
            own.some((one) => one.isWrong === true),
            'open',
          )}
        >
          <summary>
            <h3>${t(`commands.${group}`)}</h3>
            <span class="sub">${t(`commands.${group}.what`)}</span>
          </summary>
          ${panel}
        </details>`;
  })}`;
}
