/**
 * Broken JSON as chargers are known to send it (field-16), put right before it is read again. Only faults with one
 * possible meaning are repaired; whatever could be read in two ways stays broken, for a wrong meter value costs more
 * than a refused frame.
 *
 * | fault | repair |
 * |---|---|
 * | byte order mark, NUL or control characters between values | dropped |
 * | raw control character, or a lone backslash, inside a text | escaped |
 * | leading, doubled or trailing comma | dropped |
 * | value missing after its colon | `null` |
 * | `nan`, `inf`, `None`, `undefined`, `True`, `False` from a printf or a script | `null`, `true`, `false` |
 * | `+5`, `007`, `.5`, `5.` | the number |
 * | anything after the frame's closing bracket | dropped |
 * | closing bracket of the frame missing after its last object | added |
 */
export function repairJson(text: string): string | null {
  const pieces: string[] = [];
  const open: ('[' | '{')[] = [];
  let previous: 'nothing' | 'open' | 'comma' | 'colon' | 'value' = 'nothing';
  let lastCharacter = '';
  let at = 0;
  while (at < text.length) {
    const character = text[at] ?? '';
    if (isBlank(character)) {
      at += 1;
      continue;
    }
    lastCharacter = character;
    switch (character) {
      case '[':
      case '{':
        if (previous === 'value') return null;
        open.push(character);
        pieces.push(character);
        previous = 'open';
        at += 1;
        break;
      case ']':
      case '}':
        if (open.pop() !== (character === ']' ? '[' : '{')) return null;
        if (previous === 'comma') pieces.pop();
        if (previous === 'colon') pieces.push('null');
        pieces.push(character);
        if (open.length === 0) return pieces.join('');
        previous = 'value';
        at += 1;
        break;
      case ',':
        if (previous === 'colon') pieces.push('null');
        if (previous === 'colon' || previous === 'value') {
          pieces.push(',');
          previous = 'comma';
        }
        at += 1;
        break;
      case ':':
        if (previous !== 'value') return null;
        pieces.push(':');
        previous = 'colon';
        at += 1;
        break;
      default: {
        if (previous === 'value' || open.length === 0) return null;
        const end = character === '"' ? endOfText(text, at) : endOfWord(text, at);
        const piece = character === '"' ? repairText(text, at, end) : repairWord(text.slice(at, end));
        if (piece === null) return null;
        pieces.push(piece);
        previous = 'value';
        at = end;
      }
    }
  }
  // The text ended early. A frame that lacks only its last bracket has lost nothing; anything shorter has.
  return open.length === 1 && open[0] === '[' && lastCharacter === '}' ? `${pieces.join('')}]` : null;
}

/** The head of an OCPP-J frame as far as broken text shows it; `messageId` is `null` when it cannot be made out. */
export type RecoveredHead = { readonly messageType: number | null; readonly messageId: string | null };

const HEAD = /^[^[]{0,16}\[[\s,\0]*(?:"?(\d)"?)?[\s,\0]*(?:"((?:[^"\\]|\\.){1,255})"|(-?\d{1,36})\b)?/u;

/** Reads the message type and the message id of a frame that is not JSON, so that its sender can be answered. */
export function recoverHead(text: string): RecoveredHead {
  const match = HEAD.exec(text);
  if (match === null) return { messageType: null, messageId: null };
  const messageType = match[1] === undefined ? null : Number(match[1]);
  return { messageType, messageId: match[3] ?? unescaped(match[2]) };
}

function unescaped(body: string | undefined): string | null {
  if (body === undefined) return null;
  try {
    return String(JSON.parse(`"${body}"`));
  } catch {
    // A SyntaxError: the id itself holds a bad escape or a control character. Its raw spelling is the best there is.
    return body;
  }
}

function isBlank(character: string): boolean {
  return character <= ' ' || character === '\u007f' || character === '\ufeff' || character === '\u00a0';
}

/** The index after the closing quote, or past the end when the text never closes. */
function endOfText(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

function endOfWord(text: string, start: number): number {
  let at = start;
  while (at < text.length && !'[]{},:"'.includes(text[at] ?? '') && !isBlank(text[at] ?? '')) at += 1;
  return at;
}

const BAD_ESCAPE = /\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})|\\/g;
// oxlint-disable-next-line no-control-regex -- the control characters are what is looked for
const CONTROL = /[\u0000-\u001f]/g;

function repairText(text: string, start: number, end: number): string | null {
  if (end > text.length) return null;
  return text
    .slice(start, end)
    .replace(BAD_ESCAPE, (escape) => (escape === '\\' ? '\\\\' : escape))
    .replace(CONTROL, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

const WORDS = new Map([
  ['true', 'true'],
  ['false', 'false'],
  ['null', 'null'],
  ['none', 'null'],
  ['undefined', 'null'],
  ['nan', 'null'],
  ['-nan', 'null'],
  ['inf', 'null'],
  ['-inf', 'null'],
  ['infinity', 'null'],
  ['-infinity', 'null'],
]);
const NUMBER = /^([+-]?)0*(\d*)(?:\.(\d*))?([eE][+-]?\d+)?$/;

/** Longer than any number is written, and short enough for a pattern to go back and forth in. */
const WORD_CHARACTERS_MAX = 40;

function repairWord(word: string): string | null {
  if (word.length > WORD_CHARACTERS_MAX) return null;
  const known = WORDS.get(word.toLowerCase());
  if (known !== undefined) return known;
  const match = NUMBER.exec(word);
  if (match === null || !/\d/.test(word)) return null;
  const [, sign, whole, fraction, exponent] = match;
  return `${sign === '-' ? '-' : ''}${whole || '0'}${fraction ? `.${fraction}` : ''}${exponent ?? ''}`;
}
