import { expect, test } from 'vitest';
import { orderOf } from '#src/wire/lafonpulse/orders.ts';
import { NOT_IN_THIS_VERSION, SOAP_WIRES } from '#src/wire/ocpp-soap/wire.ts';
import { translator } from '#web/i18n/t.ts';
import { readCommand } from '#web/pages/command-input.ts';
import { COMMAND_NAMES, type CommandName } from '#web/views/command-form-spec.ts';
import { stepsOf } from '#web/views/command-progress.ts';
import { isSpoken } from '#web/views/spoken-commands.ts';
import { faultsOfHtml } from '../fixtures/html.ts';
import { oneLine } from '../fixtures/one-line.ts';
import { fixtureWeb, signedIn } from '../fixtures/web-server.ts';

/** Every form as somebody may fill it in. */
const FILLED: Readonly<Record<CommandName, Record<string, string>>> = {
  'remote-start': { connectorId: '1', idTag: '04A2' },
  'remote-stop': { transactionId: '7' },
  unlock: { connectorId: '1' },
  availability: { connectorId: '0', type: 'Operative' },
  reset: { type: 'Soft', confirm: 'on' },
  'trigger-message': { requestedMessage: 'Heartbeat' },
  'get-configuration': {},
  'change-configuration': { key: 'k', value: 'v' },
  'clear-cache': {},
  'data-transfer': { vendorId: 'LafonPulse', messageId: 'list' },
  'show-message': { 'text-fr': 'Bonjour', 'text-en': 'Hello', seconds: '600' },
  'list-version': {},
  'send-list': { updateType: 'Full', listVersion: '1', tags: '04A2' },
  reserve: { connectorId: '1', idTag: '04A2', minutes: '30', reservationId: '1' },
  'cancel-reservation': { reservationId: '1' },
  'set-profile': {
    purpose: 'TxDefaultProfile',
    connectorId: '0',
    limit: '16',
    unit: 'A',
    stackLevel: '0',
    profileId: '1',
  },
  'clear-profile': {},
  composite: { connectorId: '0', minutes: '60' },
  'extended-trigger': { requestedMessage: 'Heartbeat' },
  'certificate-ids': { certificateType: 'ManufacturerRootCertificate' },
  'install-certificate': {
    certificateType: 'ManufacturerRootCertificate',
    certificate: '-----BEGIN CERTIFICATE-----\nTUlJQg==\n-----END CERTIFICATE-----',
  },
  'delete-certificate': { hashAlgorithm: 'SHA256', issuerNameHash: 'aa', issuerKeyHash: 'bb', serialNumber: '01' },
};

async function maintainer() {
  const web = fixtureWeb({ manual: true });
  const cookie = await signedIn(web.app);
  const send = (path: string, fields: Record<string, string>, script = false) =>
    web.app.request(`/fleet/${path}`, {
      method: 'POST',
      headers: {
        Cookie: cookie,
        'Content-Type': 'application/x-www-form-urlencoded',
        'Sec-Fetch-Site': 'same-origin',
        ...(script ? { 'HX-Request': 'true', 'HX-Request-Type': 'partial' } : {}),
      },
      body: new URLSearchParams(fields).toString(),
    });
  const page = async (id: string) => (await web.app.request(`/fleet/${id}`, { headers: { Cookie: cookie } })).text();
  return { ...web, send, page };
}

test('field-32: a command is shown with each step it took and those still ahead', async () => {
  const { send, page, directory } = await maintainer();
  const answer = await send('MAD-1000/commands/remote-start', { connectorId: '2', idTag: '04A2B3C4' });
  expect(answer.status).toBe(303);
  const id = /#command-(.+)$/.exec(answer.headers.get('Location') ?? '')?.[1] ?? '';
  directory.progress(id, 'sent');
  directory.progress(id, 'accepted');
  const text = oneLine(await page('MAD-1000'));
  expect(text).toContain('Démarrer une recharge · Point 2 · 04A2B3C4');
  expect(text).toMatch(/class="reached"><span>acceptée<\/span>/);
  expect(text).toMatch(/class="ahead"><span>véhicule branché<\/span>/);
  directory.progress(id, 'failed', { cause: 'not-plugged' });
  expect(await page('MAD-1000')).toContain('aucun véhicule n’a été branché à temps');
});

test.each([
  ['Scheduled', 'planifiée'],
  ['RebootRequired', 'après redémarrage'],
])('an outcome %s is not shown as done', async (detail, word) => {
  const { send, page, directory } = await maintainer();
  const answer = await send('MAD-1000/commands/change-configuration', { key: 'k', value: 'v' });
  const id = /#command-(.+)$/.exec(answer.headers.get('Location') ?? '')?.[1] ?? '';
  directory.progress(id, 'done', { detail });
  const text = oneLine(await page('MAD-1000'));
  expect(text).toContain('class="progress later"');
  expect(text).toContain(`<li class="later"><span>${word}</span>`);
  expect(text).not.toContain('<span>faite</span>');
});

test.each([
  ['rejected', 'Rejected', 'la borne a refusé'],
  ['unknown-vendor', 'UnknownVendorId', 'la borne ne connaît pas ce constructeur'],
  ['rejected', 'UnlockFailed', 'la borne a refusé — réponse : verrou bloqué'],
  ['call-error', 'InternalError: no relay', 'la borne a signalé une erreur — réponse : erreur interne (no relay)'],
] as const)('a command refused for %s, %s says it once', async (cause, detail, sentence) => {
  const { send, page, directory } = await maintainer();
  const answer = await send('MAD-1000/commands/clear-cache', {});
  const id = /#command-(.+)$/.exec(answer.headers.get('Location') ?? '')?.[1] ?? '';
  directory.progress(id, 'refused', { cause, detail });
  expect(oneLine(await page('MAD-1000'))).toMatch(new RegExp(`</svg>\\s*${sentence.replace(/[()]/g, '\\$&')}\\s*</p>`));
});

test('with script the answer is the form, empty again, and the list of commands', async () => {
  const { send } = await maintainer();
  const text = oneLine(
    await (await send('MAD-1000/commands/remote-start', { connectorId: '2', idTag: '04A2B3C4' }, true)).text(),
  );
  expect(text).toMatch(/^<form id="f-remote-start-2"/);
  expect(text).toContain('<hx-partial hx-target="#cp-recent" hx-swap="outerMorph">');
  expect(text).not.toContain('value="04A2B3C4"');
});

test.each([
  ['remote-start', { connectorId: '2', idTag: '' }, 'Ce champ est obligatoire.'],
  ['remote-start', { connectorId: '2', idTag: 'x'.repeat(21) }, 'De 1 à 20 caractères'],
  ['change-configuration', { key: '', value: '1' }, 'Ce champ est obligatoire.'],
  ['change-configuration', { key: 'k'.repeat(51), value: '1' }, 'Au plus 50 caractères.'],
  ['reset', { type: 'Hard' }, 'Cochez la case pour confirmer.'],
  ['trigger-message', { requestedMessage: 'Reboot' }, 'Choisissez une des valeurs proposées.'],
] as const)('%s with %o is answered 422: %s', async (name, fields, sentence) => {
  const { send, directory } = await maintainer();
  const fragment = await send(`MAD-1000/commands/${name}`, { ...fields }, true);
  const whole = await send(`MAD-1000/commands/${name}`, { ...fields });
  expect([fragment.status, whole.status]).toEqual([422, 422]);
  expect(await fragment.text()).toContain(sentence);
  const text = await whole.text();
  expect(text).toContain('<title>Erreur\u00a0:');
  expect(text).toContain(sentence);
  expect(directory.asked.get('command')).toBeUndefined();
});

test('what was typed is still there beside the error', async () => {
  const { send } = await maintainer();
  const text = await (
    await send('MAD-1000/commands/change-configuration', { key: 'k'.repeat(51), value: 'kept' }, true)
  ).text();
  expect(text).toContain('value="kept"');
  expect(text).toContain('aria-invalid="true"');
});

test('PRC-19: without a link no button acts at once: each form says how long it waits, and the server refuses what does not', async () => {
  const { send, page, directory } = await maintainer();
  directory.change('MAD-1000', { linked: false });
  const text = await page('MAD-1000');
  expect(text).toContain('La borne n’a pas de liaison ouverte\u00a0: aucune commande ne peut partir.');
  const forms = [...oneLine(text).matchAll(/<form id="(f-[\w-]+)" class="command-form.*?<\/form>/g)];
  expect(forms).toHaveLength(4 * 3 + 17);
  for (const [form, id] of forms) expect(form).toContain(`<select id="${id}-wait" name="wait"`);
  const refused = await (await send('MAD-1000/commands/clear-cache', {}, true)).text();
  expect(refused).toContain('la borne n’a pas de liaison ouverte');
  await send('MAD-1000/commands/unlock', { connectorId: '1', wait: '' });
  expect(await page('MAD-1000')).not.toContain('attend la borne');
});

test('PRC-19: what is for somebody at the plug waits minutes, and a reservation no longer than it lasts', async () => {
  const { send, page, directory } = await maintainer();
  directory.change('MAD-1000', { linked: false });
  const text = oneLine(await page('MAD-1000'));
  const choices = (id: string) => {
    const [, select = ''] = new RegExp(`<select id="${id}-wait"[^>]*>(.*?)</select>`).exec(text) ?? [];
    return [...select.matchAll(/<option[^>]*>([^<]*)</g)].map(([, choice]) => choice?.trim());
  };
  const present = ['Attendre 5 minutes, pour qui est devant la borne', 'Refuser aussitôt'];
  const hours = ['Attendre 8 heures', 'Attendre 1 heure', 'Attendre 24 heures', 'Refuser aussitôt'];
  expect(choices('f-remote-start-2')).toEqual(present);
  expect(choices('f-unlock-2')).toEqual(present);
  expect(choices('f-remote-stop-1')).toEqual(hours);
  expect(choices('f-availability-2')).toEqual(hours);
  expect(choices('f-reserve-box')[0]).toBe('Attendre, au plus jusqu’à la fin de la réservation');
  await send('MAD-1000/commands/unlock', { connectorId: '2', wait: 'present' });
  const card = /<article id="connector-2".*?<\/article>/.exec(oneLine(await page('MAD-1000')))?.[0];
  expect(card).toContain('attend la borne jusqu’au');
});

test('OCP-09: a charger without a link that its station says how to call has its buttons, on the cards of its points too', async () => {
  const { page, directory } = await maintainer();
  directory.change('MAD-1000', { linked: false, callable: true });
  const text = oneLine(await page('MAD-1000'));
  expect(text).not.toContain('name="wait"');
  expect(text).not.toContain('aucune commande ne peut partir');
  expect(/<form id="f-unlock-2" class="command-form bare".*?<\/form>/.exec(text)?.[0]).toContain('<button');
  directory.change('MAD-1000', { connectors: [], statusTold: false });
  expect(oneLine(await page('MAD-1000'))).toContain('Demandez-lui ses états');
});

test('PRC-04: an icon reloads one charger: it is asked for its statuses where it can be, and read anew', async () => {
  const { send, page, directory } = await maintainer();
  expect(await page('MAD-1000')).toContain('action="/fleet/MAD-1000/reload"');
  expect((await send('MAD-1000/reload', {})).headers.get('Location')).toBe('/fleet/MAD-1000');
  const times = (text: string) => text.match(/Demander un message · StatusNotification/g)?.length ?? 0;
  const text = oneLine(await (await send('MAD-1000/reload', {}, true)).text());
  expect(text).toContain('<hx-partial hx-target="#cp-head"');
  const before = times(await page('MAD-1000'));
  expect(before).toBeGreaterThanOrEqual(2);
  directory.change('MAD-1000', { linked: false });
  expect(await page('MAD-1000')).toMatch(/<a class="icon-button" href="\/fleet\/MAD-1000" title="Recharger/);
  expect((await send('MAD-1000/reload', {})).status).toBe(303);
  expect(times(await page('MAD-1000'))).toBe(before);
});

test('a command that waits says until when, and can be withdrawn', async () => {
  const { send, page, directory } = await maintainer();
  directory.change('MAD-1000', { linked: false });
  const answer = await send('MAD-1000/commands/clear-cache', { wait: '8' });
  const id = /#command-(.+)$/.exec(answer.headers.get('Location') ?? '')?.[1] ?? '';
  expect(await page('MAD-1000')).toContain('attend la borne jusqu’au');
  const gone = await send(`MAD-1000/commands/${id}/withdraw`, {}, true);
  const text = oneLine(await gone.text());
  expect(text).toContain('la commande a été retirée par vigie');
  expect(text).not.toContain('Retirer la commande');
  expect((await send('MAD-1000/commands/none/withdraw', {})).status).toBe(404);
});

test('PRC-17: a reset warns that it is for trained persons', async () => {
  const { page } = await maintainer();
  expect(await page('MAD-1000')).toContain('Réservé aux personnes formées');
});

test('PRC-17: the commands stand by subject; the common ones are in sight, the others folded', async () => {
  const { page } = await maintainer();
  const text = oneLine(await page('MAD-1000'));
  const groups = [...text.matchAll(/<(section|details) id="commands-(\w+)" class="command-group"/g)];
  expect(groups.map(([, kind, group]) => `${kind} ${group}`)).toEqual([
    'section operation',
    'section files',
    'details charge',
    'details configuration',
    'details energy',
    'details security',
  ]);
  expect(text).not.toMatch(/class="command-group"[^>]* open/);
  for (const path of ['reset', 'availability', 'trigger-message'])
    expect(text.indexOf(`/commands/${path}"`)).toBeLessThan(text.indexOf('id="commands-files"'));
  for (const file of ['firmware', 'logs']) expect(text).toContain(`href="/fleet/MAD-1000/${file}"`);
});

test.each(['ocpp-1.6-soap', 'ocpp-1.5-soap'] as const)(
  'what %s has no message for is not offered to its chargers, and only that',
  (protocol) => {
    const nowMs = Date.UTC(2026, 10, 26);
    const t = translator('fr', 'Europe/Paris');
    const names = Object.entries(FILLED) as [CommandName, Record<string, string>][];
    expect(names.map(([name]) => name).toSorted()).toEqual(COMMAND_NAMES.toSorted());
    for (const [name, input] of names) {
      const read = readCommand(t, name, input, nowMs);
      if (!read.ok) throw new Error(`${name}: ${JSON.stringify(read.errors)}`);
      const isOnTheWire = SOAP_WIRES[protocol].call('1', read.call, 'CP') !== NOT_IN_THIS_VERSION;
      expect(isSpoken(protocol, name), name).toBe(isOnTheWire);
    }
  },
);

test('what a kit cannot be told is not offered to it', () => {
  const t = translator('fr', 'Europe/Paris');
  for (const [name, input] of Object.entries(FILLED) as [CommandName, Record<string, string>][]) {
    const read = readCommand(t, name, input, Date.UTC(2026, 10, 26));
    if (!read.ok) throw new Error(`${name}: ${JSON.stringify(read.errors)}`);
    expect(isSpoken('lafonpulse', name), name).toBe(orderOf(read.call) !== null);
  }
});

test('a command that does not exist, or to a charger that does not, is not found', async () => {
  const { send } = await maintainer();
  expect((await send('MAD-1000/commands/explode', {})).status).toBe(404);
  expect((await send('NOWHERE/commands/clear-cache', {})).status).toBe(404);
});

test('a connector with a session offers to stop it, one without offers to start', async () => {
  const { page } = await maintainer();
  const text = await page('MAD-1000');
  expect(text).toContain('id="f-remote-stop-1"');
  expect(text).toContain('id="f-remote-start-2"');
  expect(text).not.toContain('id="f-remote-start-1"');
});

test('a stop for a session that has just ended is answered 422 with what the connector offers now', async () => {
  const { send, directory } = await maintainer();
  const [first, ...others] = directory.view('MAD-1000').connectors;
  const transactionId = String(first?.session?.transactionId);
  if (first !== undefined) directory.change('MAD-1000', { connectors: [{ ...first, session: null }, ...others] });
  const fields = { connectorId: '1', transactionId };
  const answer = await send('MAD-1000/commands/remote-stop', fields, true);
  const text = await answer.text();
  expect(answer.status).toBe(422);
  expect(text).toContain('Aucune recharge à arrêter.');
  expect(text).toContain('id="f-remote-start-1"');
  expect(text).not.toContain('Page introuvable');
  const whole = await send('MAD-1000/commands/remote-stop', fields);
  expect(whole.status).toBe(422);
  expect(await whole.text()).toContain('Aucune recharge à arrêter.');
  expect(directory.asked.get('command')).toBeUndefined();
});

test.each([
  ['remote-start', { connectorId: '1', idTag: '04A2B3C4' }, 'Une recharge est déjà en cours.'],
  ['remote-stop', { connectorId: '1', transactionId: '77' }, 'La recharge affichée est terminée'],
  ['remote-stop', { connectorId: '9', transactionId: '77' }, 'Ce point de charge n’existe pas.'],
] as const)('a stale %s of %o is answered 422: %s', async (name, fields, sentence) => {
  const { send, directory } = await maintainer();
  const answer = await send(`MAD-1000/commands/${name}`, { ...fields }, true);
  expect(answer.status).toBe(422);
  expect(await answer.text()).toContain(sentence);
  expect(directory.asked.get('command')).toBeUndefined();
});

test('the newest command of a connector stands in its card, that of the charger beside its commands', async () => {
  const { send, page } = await maintainer();
  await send('MAD-1000/commands/unlock', { connectorId: '2' });
  await send('MAD-1000/commands/clear-cache', {});
  const text = oneLine(await page('MAD-1000'));
  const card = /<article id="connector-2".*?<\/article>/.exec(text)?.[0] ?? '';
  expect(card).toMatch(/id="latest-2" class="latest" role="status">.*Déverrouiller la prise · Point 2/);
  expect(/<article id="connector-3".*?<\/article>/.exec(text)?.[0]).toContain('class="latest none"');
  expect(text).toMatch(/id="latest-box" class="latest" role="status">.*Vider le cache des badges/);
});

test('a stop that was asked for stays in the card of its session’s connector', async () => {
  const { send, page, directory } = await maintainer();
  const transactionId = String(directory.view('MAD-1000').connectors[0]?.session?.transactionId);
  await send('MAD-1000/commands/remote-stop', { connectorId: '1', transactionId });
  const text = oneLine(await page('MAD-1000'));
  expect(/<article id="connector-1".*?<\/article>/.exec(text)?.[0]).toContain('demandée');
});

test('field-32: a step that was passed over is struck out, one that never came after a failure is left out', () => {
  const call = { action: 'RemoteStartTransaction', idTag: 'A' } as const;
  const looks = (
    phases: readonly ('queued' | 'sent' | 'accepted' | 'plugged' | 'started' | 'failed')[],
    ended: boolean,
  ) =>
    stepsOf({ call, ended, steps: phases.map((phase) => ({ phase, atMs: 1 })) }).map(
      (step) => `${step.phase} ${step.look}`,
    );
  expect(looks(['queued', 'sent', 'accepted', 'started'], true)).toEqual([
    'queued reached',
    'sent reached',
    'accepted reached',
    'authorised skipped',
    'plugged skipped',
    'started reached',
  ]);
  expect(looks(['queued', 'sent', 'failed'], true)).toEqual(['queued reached', 'sent reached', 'failed bad']);
  expect(looks(['queued', 'sent', 'plugged'], false)).toEqual([
    'queued reached',
    'sent reached',
    'plugged reached',
    'accepted ahead',
    'authorised ahead',
    'started ahead',
  ]);
});

test('with the link down the reason stands on each card, beside what may be asked for', async () => {
  const { page, directory } = await maintainer();
  directory.change('MAD-1000', { linked: false });
  const text = oneLine(await page('MAD-1000'));
  for (const card of text.match(/<article id="connector-\d".*?<\/article>/g) ?? [])
    expect(card).toMatch(/<p class="notice warn why">.*Ce que vous demandez attend son retour/);
  expect(await faultsOfHtml(text)).toEqual([]);
});

test('a charger that has told nothing says what to do next, and asks for its statuses by one button', async () => {
  const { page, send, directory } = await maintainer();
  directory.adopt('NEW-1');
  const text = oneLine(await page('NEW-1'));
  expect(text).toContain('Aucun état reçu');
  expect(text).toContain('Demandez-lui ses états');
  expect(text).not.toContain('Non connectée');
  const answer = await send(
    'NEW-1/commands/trigger-message',
    { requestedMessage: 'StatusNotification', form: 'status' },
    true,
  );
  const fragment = oneLine(await answer.text());
  expect(fragment).toMatch(/^<form id="f-trigger-message-status"/);
  expect(fragment).toContain('Demander un message · StatusNotification');
});
