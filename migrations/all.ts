import type { Migration } from 'kysely/migration';
import * as firstSchema from './2026-11-22-1200-first-schema.ts';
import * as reviewResolution from './2026-11-25-2130-review-resolution.ts';
import * as snapshotLog from './2026-11-25-2130-snapshot-log.ts';
import * as backOffice from './2026-11-25-2200-back-office.ts';
import * as loginOfUser from './2026-11-25-2300-login-of-user.ts';
import * as identityRelease from './2026-11-26-0900-identity-release.ts';
import * as post from './2026-11-26-0905-post.ts';
import * as door from './2026-11-26-0910-door.ts';
import * as points from './2026-11-26-0920-points.ts';
import * as alert from './2026-11-26-0925-alert.ts';
import * as chargerProtocols from './2026-11-26-0930-charger-protocols.ts';
import * as supplies from './2026-11-26-0931-supplies.ts';
import * as testMerchants from './2026-11-26-0945-test-merchants.ts';
import * as grappe from './2026-11-26-0955-grappe.ts';
import * as openData from './2026-11-26-1010-open-data.ts';
import * as longLists from './2026-11-26-1020-long-lists.ts';
import * as freeServiceTag from './2026-11-26-1025-free-service-tag.ts';
import * as customers from './2026-11-26-1200-customers.ts';
import * as badgesOfCustomers from './2026-11-26-1205-badges-of-customers.ts';
import * as recharges from './2026-11-26-1300-recharges.ts';
import * as customerInvitation from './2026-11-26-1355-customer-invitation.ts';
import * as kitKey from './2026-11-26-1600-kit-key.ts';
import * as drop from './2026-11-26-1700-drop.ts';
import * as chargerCredential from './2026-11-26-1710-charger-credential.ts';
import * as chargerCertificate from './2026-11-26-1720-charger-certificate.ts';
import * as forcedKey from './2026-11-26-1800-forced-key.ts';
import * as commandBatch from './2026-11-26-1801-command-batch.ts';
import * as strict from './2026-11-26-1900-strict.ts';
import * as eventWords from './2026-11-26-1910-event-words.ts';
import * as certificateRevoked from './2026-11-26-1930-certificate-revoked.ts';
import * as leniency from './2026-11-26-2000-leniency.ts';
import * as stayLimits from './2026-11-26-2010-stay-limits.ts';
import * as postDue from './2026-11-26-2020-post-due.ts';
import * as rechargesQuickly from './2026-11-26-2100-recharges-quickly.ts';
import * as rechargesByBadgeNumber from './2026-11-26-2300-recharges-by-badge-number.ts';
import * as words from './2026-11-26-2301-words.ts';
import * as rechargesPurged from './2026-11-26-2310-recharges-purged.ts';
import * as unregisteredCharges from './2026-11-26-2320-unregistered-charges.ts';
import * as openDataWords from './2026-11-26-2330-open-data-words.ts';
import * as lastLogin from './2026-11-26-2340-last-login.ts';
import * as batchesOfDeletions from './2026-11-26-2341-batches-of-deletions.ts';
import * as rechargesInBin from './2026-11-26-2342-recharges-in-bin.ts';

/** Every change of schema by its file's name, in the order in which a database meets them. */
export const migrations: Readonly<Record<string, Migration>> = {
  '2026-11-22-1200-first-schema': firstSchema,
  '2026-11-25-2130-review-resolution': reviewResolution,
  '2026-11-25-2130-snapshot-log': snapshotLog,
  '2026-11-25-2200-back-office': backOffice,
  '2026-11-25-2300-login-of-user': loginOfUser,
  '2026-11-26-0900-identity-release': identityRelease,
  '2026-11-26-0905-post': post,
  '2026-11-26-0910-door': door,
  '2026-11-26-0920-points': points,
  '2026-11-26-0925-alert': alert,
  '2026-11-26-0930-charger-protocols': chargerProtocols,
  '2026-11-26-0931-supplies': supplies,
  '2026-11-26-0945-test-merchants': testMerchants,
  '2026-11-26-0955-grappe': grappe,
  '2026-11-26-1010-open-data': openData,
  '2026-11-26-1020-long-lists': longLists,
  '2026-11-26-1025-free-service-tag': freeServiceTag,
  '2026-11-26-1200-customers': customers,
  '2026-11-26-1205-badges-of-customers': badgesOfCustomers,
  '2026-11-26-1300-recharges': recharges,
  '2026-11-26-1355-customer-invitation': customerInvitation,
  '2026-11-26-1600-kit-key': kitKey,
  '2026-11-26-1700-drop': drop,
  '2026-11-26-1710-charger-credential': chargerCredential,
  '2026-11-26-1720-charger-certificate': chargerCertificate,
  '2026-11-26-1800-forced-key': forcedKey,
  '2026-11-26-1801-command-batch': commandBatch,
  '2026-11-26-1900-strict': strict,
  '2026-11-26-1910-event-words': eventWords,
  '2026-11-26-1930-certificate-revoked': certificateRevoked,
  '2026-11-26-2000-leniency': leniency,
  '2026-11-26-2010-stay-limits': stayLimits,
  '2026-11-26-2020-post-due': postDue,
  '2026-11-26-2100-recharges-quickly': rechargesQuickly,
  '2026-11-26-2300-recharges-by-badge-number': rechargesByBadgeNumber,
  '2026-11-26-2301-words': words,
  '2026-11-26-2310-recharges-purged': rechargesPurged,
  '2026-11-26-2320-unregistered-charges': unregisteredCharges,
  '2026-11-26-2330-open-data-words': openDataWords,
  '2026-11-26-2340-last-login': lastLogin,
  '2026-11-26-2341-batches-of-deletions': batchesOfDeletions,
  '2026-11-26-2342-recharges-in-bin': rechargesInBin,
};
