/**
 * Writes `web/public/icons.svg`, the drawings our pages use, from lucide-static (ISC licence). Run once by hand after
 * adding a name here: `node web/icons.ts`. The result is committed, so that a server needs no drawing package.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const NAMES = [
  'activity',
  'arrow-down',
  'arrow-down-left',
  'arrow-left',
  'arrow-up',
  'arrow-up-right',
  'ban',
  'battery-charging',
  'bell',
  'bookmark',
  'calendar-clock',
  'car',
  'check',
  'chevron-down',
  'chevron-right',
  'circle-check',
  'circle-dashed',
  'circle-help',
  'circle-pause',
  'clock',
  'cloud-off',
  'copy',
  'database',
  'download',
  'eraser',
  'external-link',
  'eye',
  'filter-x',
  'gauge',
  'globe',
  'hourglass',
  'inbox',
  'info',
  'key-round',
  'keyboard',
  'link-2',
  'list-checks',
  'lock-open',
  'log-out',
  'message-square',
  'monitor',
  'moon',
  'octagon-alert',
  'play',
  'plug',
  'plus',
  'power',
  'radar',
  'radio',
  'refresh-cw',
  'rotate-ccw',
  'scroll-text',
  'search',
  'send',
  'settings-2',
  'shield-check',
  'shield-off',
  'square',
  'sun',
  'triangle-alert',
  'unlink',
  'unplug',
  'user',
  'user-plus',
  'x',
  'zap',
] as const;

const require = createRequire(import.meta.url);
const symbols = NAMES.map((name) => {
  const drawing = readFileSync(require.resolve(`lucide-static/icons/${name}.svg`), 'utf8');
  const shapes = drawing
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/^[\s\S]*?<svg[\s\S]*?>/, '')
    .replace('</svg>', '');
  return `<symbol id="${name}" viewBox="0 0 24 24">${shapes.replace(/\s*\n\s*/g, '')}</symbol>`;
});
const sheet = [
  '<svg xmlns="http://www.w3.org/2000/svg" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">',
  '<!-- Lucide, ISC licence, https://lucide.dev/license -->',
  ...symbols,
  '</svg>',
  '',
].join('\n');
writeFileSync(new URL('./public/icons.svg', import.meta.url), sheet);
