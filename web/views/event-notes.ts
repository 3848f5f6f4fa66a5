import type { StoredEvent } from '#src/storage/ports.ts';
import { translated, type Translate } from '#web/i18n/t.ts';
import { signedDuration, whole } from './format.ts';

/**
 * What a line adds of its own, in the reader's language: closed words of ours are translated, and free details stay as
 * they are. Null when there is nothing to say.
 */
export function eventNote(t: Translate, event: Pick<StoredEvent, 'kind' | 'name' | 'note'>): string | null {
  const { note } = event;
  if (note === null || note === '') return null;
  if (event.kind === 'refused') return leading(t, 'refusal', note);
  const { word, by } = splitNote(note);
  return (
    special(t, event.name, word) ?? ([words(t, word), by && t('command.by', by)].filter(Boolean).join(', ') || null)
  );
}

/** A note of ours as its words and who is behind it: `no-answer,by operator`. Ids of commands are left out. */
export function splitNote(note: string): { readonly word: string; readonly by: string } {
  const [, word = '', by = ''] = /^(?:command \S+(?: |$))?(?:([^\s].*?),)?by (.+)$/s.exec(note) ?? [];
  return by === '' ? { word: /^(?:command|no call) \S+$/.test(note) ? '' : note, by: '' } : { word, by };
}

/** A CALLERROR in words, with what its sender adds. */
export function faultWords(t: Translate, { code, text }: { readonly code: string; readonly text: string }): string {
  const word = translated(t, `fault.${code}`) ?? code;
  return text === '' ? word : `${word} (${text})`;
}

function special(t: Translate, name: string, note: string): string | null {
  const [first = '', second = ''] = note.match(/-?\d+/g) ?? [];
  switch (name) {
    case 'link-down':
      return first === '' ? null : (translated(t, `close.${first}`) ?? t('close.other', first));
    case 'link-up':
      return note
        .split(' ')
        .map((word) => translated(t, `remark.${word}`) ?? word)
        .join(' ');
    case 'clock-skew':
      return first === '' ? null : signedDuration(t, Number(first) * 1000);
    case 'flood':
      return first === '' ? null : t('remark.calls', whole(t, Number(first)));
    case 'duplicate-identity':
      return first === '' ? null : [t('remark.takeovers', Number(first)), ...note.split(' · ').slice(1)].join(' · ');
    case 'boot-loop':
      return second === '' ? null : t('remark.boots', first, second);
    case 'bad-frame': {
      const [, code = '', text = ''] = /^(\w+)(?:: (.*))?$/s.exec(note) ?? [];
      return translated(t, `fault.${code}`) === null ? null : faultWords(t, { code, text });
    }
    default: {
      const id = /^transaction (\S+)$/.exec(note)?.[1];
      return id === undefined ? null : t('remark.transaction', id);
    }
  }
}

/** A word of ours, then details: `unknown-identity 203.0.113.9`. */
function leading(t: Translate, family: 'refusal', note: string): string {
  const [, first = '', rest = ''] = /^([^\s:]+):?\s*(.*)$/s.exec(note) ?? [];
  const known = translated(t, `${family}.${first}`);
  return known === null ? note : [known, rest].filter(Boolean).join(' · ');
}

function words(t: Translate, note: string): string {
  if (note === '') return '';
  const families = ['tolerance', 'cause', 'remark', 'fault'] as const;
  const known = (word: string) =>
    families.map((family) => translated(t, `${family}.${word}`)).find((text) => text !== null) ?? word;
  return note
    .split(',')
    .map((word) => known(word.trim()))
    .join(', ');
}
