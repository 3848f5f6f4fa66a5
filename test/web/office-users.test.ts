import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import { deskOver, INTEGRATOR, MERCHANT, NEIGHBOUR, PASSPHRASE, STATION } from '../fixtures/office-desk.ts';
import { OPERATOR, startOfficeServer, type OfficeServer } from '../fixtures/office-server.ts';

let server: OfficeServer;
beforeAll(async () => {
  server = await startOfficeServer();
}, 30_000);
afterAll(() => server.stop());

const { newStation, newUser, namesOn } = deskOver(() => server);

describe('users and roles', () => {
  test('USR-10, USR-12, USR-14, AUT-10, AUT-13, SUB-07: a user without mail is made, chooses a good password by a link that works once, signs in, and is out after the last day', async () => {
    const role = 'ponant-role-view';
    const made = await server.post(MERCHANT, '/users', {
      version: '0',
      name: 'Maëlle Tanguy',
      username: 'maelle',
      language: 'fr',
      role,
      restriction: 'stations',
      stations: 'pon-1',
    });
    expect(made.status, made.text).toBe(303);
    const path = new URL(made.location ?? '', server.url).pathname;
    await expect(server.cookie('maelle', 'Un-mot-de-passe-9')).rejects.toThrow('cannot sign in');
    expect((await server.post(NEIGHBOUR, `${path}/password-link`)).status).toBe(404);
    const shown = await server.post(MERCHANT, `${path}/password-link`);
    const [, link = ''] = /<code id="password-link">([^<]+)</.exec(shown.text) ?? [];
    const linkPath = new URL(link).pathname;
    expect((await server.get(null, linkPath)).status).toBe(200);
    for (const [password, again, sentence] of [
      ['court', 'court', 'Au moins 12'],
      ['Un-mot-de-passe-9', 'autre', 'différentes'],
      ['MaelleMaelle-99', 'MaelleMaelle-99', 'identifiant'],
    ] as const) {
      const refused = await server.post(null, linkPath, { password, again });
      expect(refused.status).toBe(422);
      expect(refused.text).toContain(sentence);
    }
    const chosen = { password: 'Un-mot-de-passe-9', again: 'Un-mot-de-passe-9' };
    expect((await server.post(null, linkPath, chosen)).location).toBe('/login?chosen');
    expect((await server.get(null, linkPath)).status).toBe(404);
    await server.cookie('maelle', 'Un-mot-de-passe-9');

    // She finds the one station, and may change nothing.
    expect((await server.get('maelle', '/fleet')).text).not.toContain('PON-2');
    expect((await server.get('maelle', '/stations/pon-1')).text).not.toContain('name="address"');
    expect((await server.get('maelle', '/stations/pon-2')).status).toBe(404);
    expect((await server.get('maelle', '/stations/new')).status).toBe(404);
    expect((await server.post('maelle', '/stations/pon-1', { ...STATION, version: '1' })).status).toBe(404);
    expect((await server.get('maelle', '/bin')).status).toBe(404);

    // Restricted to nothing, she is told so, and not that no charger is declared.
    const bare = { version: '1', name: 'Maëlle Tanguy', username: 'maelle', language: 'fr', role };
    expect((await server.post(MERCHANT, path, { ...bare, restriction: 'stations' })).status).toBe(303);
    const empty = (await server.get('maelle', '/fleet')).text;
    expect(empty).toContain('Aucune borne ne vous est confiée.');
    expect(empty).not.toContain('Aucune borne n’est encore déclarée.');

    // Past her last day there is no login any more.
    const gone = { version: '2', name: 'Maëlle', username: 'maelle', language: 'fr', role, restriction: 'nothing' };
    expect((await server.post(MERCHANT, path, { ...gone, lastDay: '2020-01-01' })).status).toBe(303);
    expect((await server.get('maelle', '/fleet')).status).toBe(303);
  });

  test('USR-03, USR-04, FIC-02: a role gives levels by section, and a user with it sees just these', async () => {
    const made = await server.post(MERCHANT, '/roles', {
      version: '0',
      name: 'Accueil',
      administration: 'none',
      'rights:companies': 'companies:view',
      'rights:users': 'users:none',
    });
    expect(made.status, made.text).toBe(303);
    const { text } = await server.get(MERCHANT, '/roles?q=accueil');
    expect(text).toContain('Sociétés (Visualisation)');
    expect(text).not.toContain('Utilisateurs (');
    const [, role = ''] = /href="\/roles\/([^"?]+)" hx-boost/.exec(text.split('<tbody>')[1] ?? '') ?? [];
    await newUser('accueil', { role });
    const form = await server.get('accueil', '/companies/ponant-company-1');
    expect(form.text).toContain('Retour');
    expect(form.text).not.toContain('Valider');
    expect(form.text).not.toContain('href="/users"');
    for (const path of ['/companies/new', '/users', '/roles', '/stations', '/custom-fields', '/bin', '/audit'])
      expect((await server.get('accueil', path)).status, path).toBe(404);
  });

  test('USR-03: the list of roles makes a user with one of them, and an address fills in no role of another account', async () => {
    const roles = await server.get(MERCHANT, '/roles');
    const [, path = ''] = /href="(\/users\/new\?role=ponant-role-view)"/.exec(roles.text) ?? [];
    const form = await server.get(MERCHANT, path);
    expect(form.text).toMatch(/<option value="ponant-role-view"\s+selected/);
    const foreign = await server.get(NEIGHBOUR, path);
    expect(foreign.status).toBe(200);
    expect(foreign.text).not.toContain('<option value="ponant-role-view"');
  });

  test('a role that users have cannot be deleted', async () => {
    const made = await server.post(MERCHANT, '/users', {
      version: '0',
      name: 'Hugo',
      username: 'hugo.petit',
      language: 'fr',
      role: 'ponant-role-maintenance',
      restriction: 'nothing',
    });
    expect(made.status).toBe(303);
    const answer = await server.post(MERCHANT, '/roles/delete', { id: 'ponant-role-maintenance', confirmed: '1' });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('donnez-lui d’abord un autre profil');
  });
});

describe('an account', () => {
  test('USR-07: « Administration » shows or gives everything, without ticking a section', async () => {
    await newUser('lecteur', { role: 'ponant-role-view' });
    await newUser('adjoint', { role: 'ponant-role-all' });
    for (const path of ['/companies', '/stations', '/users', '/roles', '/custom-fields']) {
      expect((await server.get('lecteur', path)).status, path).toBe(200);
      expect((await server.get('lecteur', `${path}/new`)).status, path).toBe(404);
      expect((await server.get('adjoint', `${path}/new`)).status, path).toBe(200);
    }
  });

  test('USR-11: the administrator stays active and his role keeps all rights, whoever asks, and the sentence stands beside the field', async () => {
    const all = { role: 'ponant-role-all' };
    await newUser('associee', all);
    await newUser('partner', { ...all, language: 'en' });
    const user = { version: '1', name: 'C', username: MERCHANT, language: 'fr', restriction: 'nothing', ...all };
    const role = { version: '1', name: 'Tous les droits', administration: 'none' };
    const [french, english] = ['ne se changent pas ici', 'can be changed here'];
    for (const [who, sentence] of [
      [MERCHANT, french],
      ['associee', french],
      [OPERATOR, french],
      ['partner', english],
    ] as const) {
      const answer = await server.post(who, '/users/ponant-administrator', { ...user, inactive: '1' });
      expect(answer.status, who).toBe(422);
      expect(answer.text, who).toMatch(new RegExp(`id="e-inactive">.*${sentence}`));
    }
    for (const [who, sentence] of [
      [MERCHANT, 'il garde tous les droits'],
      ['partner', 'it keeps all rights'],
    ] as const) {
      const answer = await server.post(who, '/roles/ponant-role-all', role);
      expect(answer.status, who).toBe(422);
      expect(answer.text, who).toMatch(new RegExp(`id="e-administration">.*${sentence}`));
    }
    expect((await server.get(MERCHANT, '/companies/new')).status).toBe(200);
  });

  test('USR-11: of two last administrators, asked away at the same moment, one stays; and both are not deleted together', async () => {
    // As an earlier release let the platform do: the administrator himself is inactive.
    const { office } = server.vigie.storage;
    const first = await office.find(ENTITIES.user, 'concarneau-administrator', [{}]);
    if (first === null) throw new Error('there is no administrator');
    const fields = { language: 'fr', restriction: 'nothing', role: 'concarneau-role-all' };
    const made = await Promise.all(
      ['un', 'deux'].map((name) =>
        server.post(NEIGHBOUR, '/users', { ...fields, version: '0', name, username: `${name}.seul` }),
      ),
    );
    const paths = made.map(({ location }) => new URL(location ?? '', server.url).pathname);
    const put = (version: number, inactive: boolean) =>
      office.write([{ type: 'put', entity: ENTITIES.user, record: { ...first, version, inactive } }]);
    await put(first.version + 1, true);
    const ask = async (index: number, more: Record<string, string>) => {
      const [name = ''] = [['un', 'deux'][index]];
      const { text } = await server.get(OPERATOR, paths[index] ?? '');
      const [, version = ''] = /name="version" value="(\d+)"/.exec(text) ?? [];
      return server.post(OPERATOR, paths[index] ?? '', { ...fields, version, name, username: `${name}.seul`, ...more });
    };
    const gone = { id: paths.map((path) => path.split('/').at(-1) ?? ''), confirmed: '1' };
    expect((await server.post(OPERATOR, '/users/delete', gone)).status).toBe(422);
    const answers = await Promise.all([ask(0, { inactive: '1' }), ask(1, { inactive: '1' })]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([303, 422]);
    const left = answers.findIndex(({ status }) => status === 422);
    expect(answers[left]?.text).toMatch(/id="e-inactive">.*Il ne resterait personne/);
    // Nor is he ended by a day, narrowed, or given another role.
    for (const [field, value] of [
      ['lastDay', '2099-01-01'],
      ['restriction', 'companies'],
      ['role', 'concarneau-role-view'],
    ] as const)
      expect((await ask(left, { [field]: value })).text, field).toMatch(
        new RegExp(`id="e-${field}">.*Il ne resterait personne`),
      );
    await put(first.version + 2, false);
    expect((await ask(left, { inactive: '1' })).status).toBe(303);
  });

  test('USR-09: the list says the language, the last login and what a user is restricted to; the last login sorts it and is in the export', async () => {
    await newUser('jamais', { role: 'ponant-role-view', restriction: 'stations', stations: ['pon-1', 'pon-2'] });
    await newUser('quatre', {
      role: 'ponant-role-view',
      restriction: 'companies',
      companies: 'ponant-company-1',
      // Kept, and said of nobody who is not restricted to them.
      stations: 'pon-1',
      language: 'en',
    });
    const { text } = await server.get(MERCHANT, '/users');
    const rowOf = (username: string): string =>
      text.split('<tr id="row-').find((row) => row.includes(`>${username}</span`)) ?? '';
    const cells = (username: string) =>
      Object.fromEntries(
        [...rowOf(username).matchAll(/<td data-label="([^"]+)">([^<]*)</g)].map(([, label = '', said]) => [
          label,
          said,
        ]),
      );
    expect(rowOf('quatre')).toContain('title="English"');
    expect(cells('quatre')).toMatchObject({
      'Restriction sociétés': 'Syndicat Mobilités du Ponant',
      'Restriction stations': '',
      'Restriction clients': '',
    });
    expect(cells('jamais')).toMatchObject({
      'Restriction sociétés': '',
      'Restriction stations': 'Quai Nord, Quai Sud',
    });
    // Both have signed in by now, the second one last.
    expect(cells('jamais')['Date connexion']).toMatch(/^\d\d\/\d\d\/\d{4} \d\d:\d\d$/);
    expect((await namesOn(MERCHANT, '/users?sort=lastLoginAtMs&order=desc'))[0]).toBe('quatre');
    expect((await namesOn(MERCHANT, '/users?sort=stations')).length).toBeGreaterThan(2);
    expect((await server.get(MERCHANT, '/users.csv?q=quatre')).text).toContain('Dernière connexion');
  });

  test('USR-13, USR-14: restricted to a company, a user finds its stations and no others', async () => {
    const company = await server.post(MERCHANT, '/companies', { version: '0', name: 'Presqu’île' });
    const companyId = new URL(company.location ?? '', server.url).pathname.split('/').at(-1) ?? '';
    const path = await newStation('Crozon', { company: companyId });
    await newUser('crozon', { role: 'ponant-role-all', restriction: 'companies', companies: companyId });
    expect(await namesOn('crozon', '/stations')).toEqual(['Crozon']);
    expect(await namesOn('crozon', '/companies')).toEqual(['Presqu’île']);
    expect((await server.get('crozon', path)).status).toBe(200);
    expect((await server.get('crozon', '/stations/pon-1')).status).toBe(404);
    expect((await server.get('crozon', '/fleet')).text).not.toContain('Quai Nord');
    expect((await server.get('crozon', '/stations.csv')).text).not.toContain('Quai Nord');
  });

  test('USR-14: a restriction outlasts the bin: what is deleted is not on the form, and is named again when it is back', async () => {
    const made = await server.post(MERCHANT, '/companies', { version: '0', name: 'Archipel' });
    const archipel = new URL(made.location ?? '', server.url).pathname.split('/').at(-1) ?? '';
    const companies = ['ponant-company-1', archipel];
    await newUser('deux-societes', { role: 'ponant-role-view', restriction: 'companies', companies });
    await server.post(MERCHANT, '/companies/delete', { id: archipel, confirmed: '1' });
    const user = () => server.vigie.storage.office.findBy(ENTITIES.user, 'username', 'deux-societes');
    const path = `/users/${(await user())?.id}`;
    expect((await server.get(MERCHANT, path)).text).not.toContain(archipel);
    const fields = {
      version: '1',
      name: 'Renommé',
      username: 'deux-societes',
      language: 'fr',
      role: 'ponant-role-view',
    };
    const restriction = { restriction: 'companies', companies: 'ponant-company-1' };
    expect((await server.post(MERCHANT, path, { ...fields, ...restriction })).status).toBe(303);
    expect((await user())?.values).toMatchObject({ name: 'Renommé', companies });
  });

  test('AUT-09: a changed password differs from the present one, which must be known', async () => {
    await newUser('nolwenn', { role: 'ponant-role-view' });
    const change = (old: string, password: string) =>
      server.post('nolwenn', '/password/change', { old, password, again: password });
    expect((await change('autre chose', 'Cancale-et-Granville')).text).toContain('actuel est incorrect');
    expect((await change(PASSPHRASE, PASSPHRASE)).text).toContain('différent de l’actuel');
    expect((await change(PASSPHRASE, 'Cancale-et-Granville')).status).toBe(303);
    server.forgetLogins();
    await expect(server.cookie('nolwenn', PASSPHRASE)).rejects.toThrow('cannot sign in');
    await server.cookie('nolwenn', 'Cancale-et-Granville');
  });

  test('AUT-11: a mail address is one account’s on the whole server', async () => {
    const fields = { version: '0', name: 'Double', username: 'double', language: 'fr', restriction: 'nothing' };
    const role = 'concarneau-role-view';
    const answer = await server.post(NEIGHBOUR, '/users', { ...fields, role, email: 'Camille.Roux@ponant.example' });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('Cette valeur est déjà prise.');
  });

  test('GEN-04: the logo leads home, which is what this account has first', async () => {
    expect((await server.get(MERCHANT, '/companies')).text).toContain('class="brand" href="/"');
    expect((await server.get(MERCHANT, '/')).location).toBe('/fleet');
    expect((await server.get(INTEGRATOR, '/')).location).toBe('/models');
  });
});
