/** What a form of a command is made of, and how it was filled in. */

/** The commands by the last part of their address. */
export const COMMAND_NAMES = [
  'remote-start',
  'remote-stop',
  'unlock',
  'availability',
  'reset',
  'trigger-message',
  'get-configuration',
  'change-configuration',
  'clear-cache',
  'data-transfer',
  'show-message',
  'list-version',
  'send-list',
  'reserve',
  'cancel-reservation',
  'set-profile',
  'clear-profile',
  'composite',
  'extended-trigger',
  'certificate-ids',
  'install-certificate',
  'delete-certificate',
] as const;
export type CommandName = (typeof COMMAND_NAMES)[number];
/** Commands with a form of their own beside those: their file needs an address for each charger. */
export type TransferName = 'firmware' | 'logs';
/** Everything that is asked of a charger by a form. */
export type FormName = CommandName | TransferName;

/** What was typed, and what is wrong with it, by field. */
export type FormState = {
  readonly input: Readonly<Record<string, string>>;
  readonly errors: Readonly<Record<string, string>>;
  /** Why the form that was sent no longer fits, above the one that does; null when it fits. */
  readonly refusal: string | null;
  /** The form was just sent: the focus goes back to its button. */
  readonly sent: boolean;
};
export const UNTOUCHED: FormState = { input: {}, errors: {}, refusal: null, sent: false };

export type CommandField =
  | { readonly kind: 'hidden'; readonly name: string; readonly value: string }
  | {
      readonly kind: 'text';
      readonly name: string;
      readonly label: string;
      readonly required: boolean;
      readonly max: number;
      /** What stands there at first. */
      readonly initial?: string;
    }
  | {
      readonly kind: 'lines';
      readonly name: string;
      readonly label: string;
      readonly hint: string | null;
      readonly max: number;
    }
  /** A day, or a moment of one, as `<input>` has them: `2026-11-26`, `2026-11-26T10:30`. */
  | {
      readonly kind: 'date' | 'datetime-local';
      readonly name: string;
      readonly label: string;
      readonly required: boolean;
      readonly hint?: string;
      readonly initial?: string;
    }
  | { readonly kind: 'check'; readonly name: string; readonly label: string }
  | {
      readonly kind: 'choice';
      readonly name: string;
      readonly label: string;
      readonly required?: boolean;
      readonly options: readonly (readonly [value: string, text: string])[];
    };

/**
 * What a command is for tells how long it is of use: `order` for the charger itself, `file` for what it fetches or
 * leaves, `present` for somebody who stands at the plug, `reservation` until this ends.
 */
export type WaitKind = 'order' | 'file' | 'present' | 'reservation';

export type CommandFormSpec = FormSpec & { readonly name: CommandName };

/** One form, as `commandForm` draws it and its page reads it. */
export type FormSpec = {
  readonly name: FormName;
  /** Null: the charger itself. */
  readonly connectorId: number | null;
  /** Tells a form from another of the same command. */
  readonly key?: string;
  /** Shown with what is wrong in it on a page that has the same form in its place too. */
  readonly again?: true;
  readonly title: string;
  readonly icon: string;
  readonly submit: string;
  readonly fields: readonly CommandField[];
  /** What few need: folded until something in it is filled in or wrong. */
  readonly rare?: { readonly title: string; readonly hint: string; readonly fields: readonly CommandField[] };
  /** What to know before it is filled in. */
  readonly note?: string;
  readonly warning: string | null;
  /** The charger may be absent, and the command waits for it as long as its sender chooses. */
  readonly waits?: WaitKind;
  /** Where it is sent, when not to one charger: the answer is then a page of its own. */
  readonly action?: string;
};
