import type { AccountMessages } from './messages.ts';
import { plural } from './plural.ts';

const n = plural('en');

/** The words of the door and of everybody's own account, in English. */
export const englishAccount: AccountMessages = {
  'account.title': 'My account',
  'account.copy': 'Copy',
  'account.operator':
    'This account comes from the configuration of the server: its name and password are changed there. Its language is that of the browser.',
  'account.password.hint': 'Leave these fields empty to keep your password.',
  'account.old.hint': 'Needed to change your password or your address.',
  'account.rights': 'Your rights',
  'account.rights.hint': 'Your administrator has set them, and alone can change them.',

  'login.code.title': 'Your code',
  'login.code': 'Six-digit code',
  'login.code.hint': 'Open the authenticator on your phone and type the code that it shows.',
  'login.code.lost':
    'Lost your phone? Type one of your recovery codes. Without them, your administrator can remove two-step sign-in.',
  'login.code.back': 'Start again with another username',
  'login.code.wrong': 'This code is wrong, too old or already used. Wait for the next one and type it.',
  'login.code.late': 'More than five minutes have passed. Please sign in again.',

  'factor.title': 'Two-step sign-in',
  'factor.why': 'A code from your phone is asked for after your password: whoever guesses that still cannot get in.',
  'factor.off-now': 'It is off: your password is all it takes to get in.',
  'factor.on-since': (when: string) => `It has been on since ${when}.`,
  'factor.turn-on': 'Turn two-step sign-in on',
  'factor.turn-off': 'Turn off',
  'factor.manage': 'Manage',
  'factor.manage.hint': 'Type your password to renew your recovery codes or to turn it off.',
  'factor.step.app': 'Install an authenticator (TOTP codes) on your phone, such as FreeOTP or Aegis.',
  'factor.step.scan': 'Scan this code with it.',
  'factor.step.type': 'If you cannot scan, type this key:',
  'factor.open-app': 'On this phone: open the authenticator',
  'factor.step.code': 'Type the six-digit code that it shows, and your password.',
  'factor.qr': 'Code to scan with your authenticator',
  'factor.code': 'Six-digit code',
  'factor.on-now': 'Two-step sign-in is on.',
  'factor.codes.title': 'Your recovery codes',
  'factor.codes.hint':
    'Keep them away from your phone: each replaces the code once if you lose it. They will not be shown again.',
  'factor.codes.kept': 'I have kept them',
  'factor.codes-left': (count: number) =>
    n(count, { one: `You have ${count} recovery code left.`, other: `You have ${count} recovery codes left.` }),
  'factor.renew': 'New recovery codes',

  'logins.title': 'Where you are signed in',
  'logins.browser': 'Browser',
  'logins.address': 'Address',
  'logins.since': 'Since',
  'logins.unknown': 'Unknown browser',
  'logins.this': 'This one',
  'logins.end': 'Sign out',
  'logins.end-others': 'Sign out everywhere else',

  'user-access.title': 'This user’s access',
  'user-access.factor.none': 'Two-step sign-in: off.',
  'user-access.factor.since': (when: string) => `Two-step sign-in: on since ${when}.`,
  'user-access.factor.why': 'Remove it when both the phone and the recovery codes are lost.',
  'user-access.factor.off': 'Remove two-step sign-in',
  'user-access.logins': (shown: string, count: number) =>
    n(count, { one: `Signed in from ${shown} browser.`, other: `Signed in from ${shown} browsers.` }),
  'user-access.logins.end': 'Sign this user out everywhere',
  'user-access.did.password-set': 'Temporary password saved. It must be changed at the next sign-in.',
  'user-access.did.factor-off': 'Two-step sign-in removed.',
  'user-access.did.logins-ended': 'Signed out everywhere.',

  'password.link.recovery': 'Password recovery',
  'role.new-user': 'New user',
  'role.new-user.for': (name: string) => `New user with the role ${name}`,
  'password.link.for': (name: string) => `Make a password link for ${name}`,
  'password.temporary': 'Temporary password',
  'password.temporary.why':
    'Type one, or leave it empty to have one drawn. The user is signed out everywhere and must change it at the next sign-in.',
  'password.temporary.make': 'Set a temporary password',
  'password.temporary.title': (name: string) => `Temporary password of ${name}`,
  'password.temporary.hint': (username: string) =>
    `Hand it to its owner, whose username is “${username}”. It is not shown again, and must be changed at the first sign-in.`,

  'audit.act.password-changed': 'Password changed',
  'audit.act.password-set': 'Temporary password set',
  'audit.act.link-made': 'Password link made',
  'audit.act.factor-on': 'Two-step sign-in turned on',
  'audit.act.factor-off': 'Two-step sign-in turned off',
  'audit.act.codes-renewed': 'Recovery codes renewed',
  'audit.act.recovery-used': 'Signed in by a recovery code',
  'audit.act.logins-ended': 'Signed out elsewhere',
  'audit.act.entered': 'Account entered',

  'login.forgotten': 'Forgot your password?',
  'forgotten.title': 'Forgotten credentials',
  'forgotten.hint': 'Type the address of your account: you will receive a link to reset your password.',
  'forgotten.submit': 'Send',
  'forgotten.sent': (email: string) =>
    `If an account has the address ${email}, a message is on its way. Its link works once, within the hour.`,
  'forgotten.no-address':
    'Nothing received, or no address in your account? The administrator of your subscription can give your access back.',
  'forgotten.back': 'Back to sign-in',
  'forgotten.locked': (minutes: string) => `Too many requests. Try again in ${minutes} minutes.`,

  'mail.no-limit': 'no limit',
  'mail.forgotten.subject': 'Your Vigie credentials',
  'mail.forgotten.text': (name: string, username: string, link: string) => `Hello ${name},

You asked for your credentials. Your username is: ${username}

To choose a new password, open this link. It works once, within the hour:
${link}

If you asked for nothing, do nothing: your password stays as it is.`,
  'mail.welcome.subject': 'Your Vigie account',
  'mail.welcome.text': (name: string, username: string, link: string) => `Hello ${name},

An account has been made for you. Your username is: ${username}

To choose your password, open this link. It works once, for 72 hours:
${link}

After that, use “Forgot your password?” on the sign-in page.`,
  'mail.subscription.subject': (subscriber: string) => `Your Vigie subscription: ${subscriber}`,
  'mail.subscription.text': (name: string, username: string, recap: string, link: string) => `Hello ${name},

Your subscription is open. You are its administrator, with all rights, deletion included.

${recap}

Your username is: ${username}
To choose your password, open this link. It works once, for 72 hours:
${link}

After that, use “Forgot your password?” on the sign-in page.`,
  'mail.notice.subject': 'Your Vigie account has changed',
  'mail.notice.text': (name: string, username: string, what: string) => `Hello ${name},

${what} Account: ${username}

If it was not you, tell the administrator of your subscription at once.`,
  'mail.notice.password': 'Your password was changed.',
  'mail.notice.factor-on': 'Two-step sign-in was turned on.',
  'mail.notice.factor-off': 'Two-step sign-in was removed.',
  'mail.notice.address': 'The address of your account was changed.',

  'access.title': 'Access',
  'access.inside': (name: string) => `You are in the account of ${name}.`,
  'access.home': 'Home: back to your own account',
  'access.enter': 'Enter this account',
  'access.why': 'You work there as its administrator, under your own name: the audit of that account keeps it.',

  'footer.title': 'Legal information',
  'footer.terms': 'Terms of use',
  'footer.legal': 'Legal notice',
  'footer.privacy': 'Privacy',
  'footer.mobile': 'Mobile version',
  'footer.desktop': 'Desktop version',
};
