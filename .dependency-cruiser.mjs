/**
 * The arrows of the house run one way:
 *
 *   main -> web -> { actors, exports, domain }      actors -> { wire (types only), storage/ports, domain }
 *   main -> edges -> wire                           main -> storage/sqlite -> storage/ports -> domain
 *   wire, domain -> nothing of ours                 exports -> domain
 *
 * @type {import('dependency-cruiser').IConfiguration}
 */
const rooms = '^(src|actors|web|migrations|bench)/';
const only = (name, from, allowed, extra = {}) => ({
  name,
  severity: 'error',
  from: { path: from, ...extra.from },
  to: { path: rooms, pathNot: allowed, ...extra.to },
});

export default {
  forbidden: [
    { name: 'no-rings', severity: 'error', from: {}, to: { circular: true } },
    only('domain-knows-nothing', '^src/domain/', ['^src/domain/']),
    only('wire-knows-nothing', '^src/wire/', ['^src/wire/']),
    only('exports-know-domain', '^src/exports/', ['^src/exports/', '^src/domain/']),
    only('places-know-domain', '^src/places/', ['^src/places/', '^src/domain/']),
    only('edges-know-wire', '^src/edges/', ['^src/edges/', '^src/wire/']),
    only(
      'ports-know-domain',
      '^src/storage/(ports|registry-port|office-port|post-port|alert-port|files-port|credential-port|drop-port|recharge-port)\\.ts$',
      ['^src/storage/(registry-port|ports)\\.ts$', '^src/domain/'],
    ),
    only('post-knows-its-port', '^src/post/', [
      '^src/post/',
      '^src/domain/',
      '^src/storage/post-port\\.ts$',
      '^src/config\\.ts$',
    ]),
    only('storage-knows-domain', '^src/storage/', ['^src/storage/', '^src/domain/', '^migrations/']),
    only('migrations-know-nothing', '^migrations/', ['^migrations/']),
    only('actors-know-ports', '^actors/', [
      '^actors/',
      '^src/storage/(ports|registry-port|office-port|post-port|alert-port|files-port|credential-port|drop-port|recharge-port|until-written)\\.ts$',
      '^src/domain/',
      '^src/wire/',
    ]),
    {
      name: 'actors-know-wire-by-type',
      severity: 'error',
      from: { path: '^actors/' },
      to: { path: '^src/wire/', dependencyTypesNot: ['type-only'] },
    },
    only('web-asks-actors', '^web/', [
      '^web/',
      '^actors/',
      '^src/exports/',
      '^src/domain/',
      '^src/storage/(ports|registry-port|office-port|post-port|alert-port|files-port|credential-port|drop-port|recharge-port)\\.ts$',
      '^src/wire/',
    ]),
    {
      name: 'web-knows-ports-and-wire-by-type',
      severity: 'error',
      from: { path: '^web/' },
      to: {
        path: '^src/(wire/|storage/(ports|registry-port|office-port|post-port|alert-port|files-port|credential-port|drop-port|recharge-port))',
        dependencyTypesNot: ['type-only'],
      },
    },
    // The weather is what the demonstration's page and the simulator both speak of.
    only('simulator-knows-wire', '^src/simulator/', ['^src/simulator/', '^src/wire/', '^src/domain/weather']),
    {
      name: 'one-file-imports-nact',
      severity: 'error',
      from: { path: rooms, pathNot: '^actors/shell\\.ts$' },
      to: { path: 'node_modules/nact' },
    },
    {
      name: 'decisions-are-pure',
      severity: 'error',
      from: {
        path: '^actors/[^/]+/(state|decide|facts|parking|letters|watch|starts|calls|commands|sending|links|session|levels|view|query|board)\\.ts$',
      },
      to: { dependencyTypes: ['core', 'npm'] },
    },
    {
      name: 'no-dev-packages',
      severity: 'error',
      from: { path: '^(src|actors|web|migrations)/', pathNot: '^web/icons\\.ts$' },
      to: { dependencyTypes: ['npm-dev'] },
    },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
