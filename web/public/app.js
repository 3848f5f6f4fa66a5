// What pages do beyond links and forms. Listeners sit on the document: Back replaces the body, and they must survive it.
const root = document.documentElement;
root.classList.add('js');

const BEHIND_AFTER_MS = 8000;
const RECONNECT_AFTER_MS = 12000;
const EVENTS_KEPT_MAX = 400;

/** How far the server's clock is ahead of this one. */
let clockAheadMs = Number(root.dataset.now) - Date.now();
const serverNow = () => Date.now() + clockAheadMs;

/* Ages count on by themselves, in the words of `duration` in web/views/format.ts. */
const duration = (elapsedMs) => {
  const [s, min, h, d] = root.dataset.units.split(',');
  const seconds = Math.max(0, Math.floor(elapsedMs / 1000));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (seconds < 60) return `${seconds}\u00a0${s}`;
  if (minutes < 60) return `${minutes}\u00a0${min}`;
  if (hours < 24) return `${hours}\u00a0${h}\u00a0${String(minutes % 60).padStart(2, '0')}`;
  return `${Math.floor(hours / 24)}\u00a0${d}\u00a0${hours % 24}\u00a0${h}`;
};
const tick = () => {
  const now = serverNow();
  for (const age of document.querySelectorAll('time[data-age]')) {
    const text = duration(now - Number(age.dataset.age));
    if (age.textContent !== text) age.textContent = text;
  }
};

/* The stream: a beat every few seconds says that the line is alive; silence is shown, then the line is opened anew. */
let lastWordMs = Date.now();
const streams = new Map();
const heard = (event) => {
  if (!event.target.matches?.('.live')) return;
  lastWordMs = Date.now();
};
document.addEventListener('beat', (event) => {
  heard(event);
  clockAheadMs = Number(event.detail.data) - Date.now();
  document.getElementById('pulse')?.removeAttribute('hidden');
});
document.addEventListener('htmx:sse:after:message', heard);
document.addEventListener('htmx:sse:after:connection', (event) => {
  heard(event);
  streams.set(event.target, event.detail.connection);
});
document.addEventListener('htmx:sse:close', (event) => streams.delete(event.target));
document.addEventListener('htmx:sse:error', (event) => {
  if (event.detail.status === 401) location.reload();
});
document.addEventListener('stale', () => {
  const refresh = document.querySelector('[data-refresh]');
  if (refresh) refresh.click();
  else location.reload();
});
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) lastWordMs = Date.now();
});
let retriedMs = 0;
const watch = () => {
  const lines = document.querySelectorAll('.live');
  const banner = document.getElementById('banner');
  if (!banner || document.hidden) return;
  const silentMs = lines.length === 0 ? 0 : Date.now() - lastWordMs;
  const behind = silentMs > BEHIND_AFTER_MS;
  if (behind) banner.firstElementChild.textContent = banner.dataset.behind.replace('{}', duration(silentMs));
  banner.hidden = !behind;
  document.getElementById('pulse')?.classList.toggle('behind', behind);
  if (silentMs < RECONNECT_AFTER_MS || Date.now() - retriedMs < RECONNECT_AFTER_MS) return;
  retriedMs = Date.now();
  for (const line of lines) {
    const connection = streams.get(line);
    if (connection?.reader) connection.reader.cancel();
    else if (!connection) htmx.trigger(line, 'app:retry');
  }
};
setInterval(() => {
  tick();
  watch();
}, 1000);

/* What would now be in the list is counted beside the refresh button, never inserted under the pointer; every new fault is
   also said aloud. The count belongs to one drawing of the list, and goes with it. */
const outside = new WeakMap();
document.addEventListener('moved', (event) => {
  const moved = JSON.parse(event.detail.data);
  const faults = moved.filter((one) => one.fault).map((one) => one.name);
  if (faults.length > 0) announce(`${document.getElementById('announcer').dataset.fault} ${faults.join(', ')}`);
  const rows = outside.get(event.target) ?? new Set();
  outside.set(event.target, rows);
  for (const { row, listed } of moved) if (listed && !document.getElementById(row)) rows.add(row);
  const note = document.getElementById('outside');
  if (note && rows.size > 0)
    note.textContent = rows.size === 1 ? note.dataset.one : note.dataset.other.replace('{}', rows.size);
});

/* On a phone the menus of the back office scroll sideways: where one is comes into view. */
for (const here of document.querySelectorAll('.office-nav [aria-current]'))
  here.scrollIntoView({ block: 'nearest', inline: 'center' });

/* A row whose state changed flashes once. */
document.addEventListener('htmx:before:swap', (event) => {
  for (const task of event.detail.tasks ?? []) {
    const before = task.target;
    if (task.type !== 'partial' || before?.tagName !== 'TR') continue;
    const after = task.fragment.firstElementChild;
    if (!after || after.dataset.mark === before.dataset.mark) continue;
    const { id } = before;
    if (before.classList.contains('selected')) after.classList.add('selected');
    requestAnimationFrame(() => flash(id));
  }
});
const flash = (id) => {
  const row = document.getElementById(id);
  if (!row) return;
  row.classList.add('flash');
  setTimeout(() => row.classList.remove('flash'), 1600);
};
const announce = (text) => {
  const announcer = document.getElementById('announcer');
  if (announcer) announcer.textContent = text;
};

/* The journal grows on top; the oldest lines leave, so that a page left open for days stays light. */
document.addEventListener('htmx:after:swap', (event) => {
  if (!event.target.matches?.('.live')) return;
  const lines = document.querySelectorAll('#events .event');
  for (let at = EVENTS_KEPT_MAX; at < lines.length; at++) lines[at].remove();
});

/* The drawer: a link opened by htmx into a dialog. Escape and focus are the browser's. */
document.addEventListener('htmx:after:swap', (event) => {
  const drawer = document.getElementById('drawer');
  if (!drawer || event.detail.ctx?.target?.id !== 'drawer-body' || drawer.open) return;
  if (document.getElementById('drawer-body').childElementCount > 0) drawer.showModal();
});
document.addEventListener(
  'close',
  (event) => {
    // Emptied through htmx, so that the drawer's own stream is closed.
    if (event.target.id === 'drawer') htmx.swap({ target: '#drawer-body', text: '', swap: 'innerHTML' });
  },
  true,
);

/* A failed request never passes in silence, and never takes away what was typed. */
const fail = (event) => {
  if (event.target.matches?.('.live')) return;
  const alert = document.getElementById('alert');
  if (!alert) return;
  alert.textContent = alert.dataset.text;
  alert.hidden = false;
  setTimeout(() => (alert.hidden = true), 8000);
};
document.addEventListener('htmx:error', fail);
document.addEventListener('htmx:response:error', (event) => {
  if (event.detail.ctx.response.status >= 500) {
    event.detail.ctx.swap = 'none';
    fail(event);
  }
});

document.addEventListener('click', (event) => {
  const copy = event.target.closest('[data-copy]');
  if (copy) {
    void copyText(copy);
  }
  const fill = event.target.closest('[data-fill-username]');
  if (fill) {
    document.getElementById('username').value = fill.dataset.fillUsername;
    document.getElementById('password').value = fill.dataset.fillPassword;
    document.querySelector('#login button').focus();
  }
  if (event.target.tagName === 'DIALOG') event.target.close();
});

/** Without TLS browsers hide the clipboard: the identity is then selected, ready for Ctrl-C. */
const copyText = async (button) => {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    getSelection().selectAllChildren(button.querySelector('code'));
    return;
  }
  const drawing = button.querySelector('use');
  drawing.setAttribute('href', drawing.getAttribute('href').replace('#copy', '#check'));
  announce(document.getElementById('announcer').dataset.copied);
};

/* Keys, never while one types. */
const rows = () => [...document.querySelectorAll('.fleet tbody tr')];
const move = (step) => {
  const all = rows();
  const at = all.findIndex((row) => row.contains(document.activeElement) || row.classList.contains('selected'));
  const next = all[Math.min(all.length - 1, Math.max(0, at + step))];
  if (!next) return;
  for (const row of all) row.classList.toggle('selected', row === next);
  next.querySelector('.row-link').focus({ preventScroll: true });
  next.scrollIntoView({ block: 'nearest' });
};
document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest('input, select, textarea')) return;
  if (document.querySelector('dialog[open]')) return;
  if (event.key === '/') {
    const search = document.querySelector('[data-search]');
    if (!search) return;
    event.preventDefault();
    search.focus();
    search.select();
  } else if (event.key === 'j') move(1);
  else if (event.key === 'k') move(-1);
  else if (event.key === '?') document.getElementById('shortcuts')?.showModal();
});

/* A list that unfolds in the bar folds again at a click beside it, and with Escape, which gives the focus back. */
const unfolded = () => document.querySelectorAll('details.unfolds[open]');
document.addEventListener('click', ({ target }) => {
  for (const list of unfolded()) if (!list.contains(target)) list.open = false;
});
/* Escape hides the help of a field until it is pointed at or reached anew. */
const helpless = (field) => {
  field.classList.add('unhelped');
  const again = () => {
    field.classList.remove('unhelped');
    field.removeEventListener('pointerleave', again);
    field.removeEventListener('focusout', again);
  };
  field.addEventListener('pointerleave', again);
  field.addEventListener('focusout', again);
};
document.addEventListener('click', ({ target }) =>
  target.closest?.('.help')?.closest('.field').classList.remove('unhelped'),
);
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  for (const list of unfolded()) {
    list.open = false;
    list.querySelector('summary').focus();
  }
  document.querySelectorAll('.field:has(.help:is(:hover, :focus), .hint.helped:hover)').forEach(helpless);
});
