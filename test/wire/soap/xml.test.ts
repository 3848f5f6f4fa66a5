import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  DEPTH_MAX,
  ELEMENTS_MAX,
  escaped,
  NAMESPACES_IN_SCOPE_MAX,
  readXml,
  type XmlElement,
} from '#src/wire/ocpp-soap/xml.ts';

function root(text: string): XmlElement {
  const read = readXml(text);
  if (!read.ok) throw new Error(read.detail);
  return read.root;
}

function refusal(text: string): string {
  const read = readXml(text);
  return read.ok ? 'it was read' : read.detail;
}

describe('XML as chargers write it', () => {
  test('prefixes are resolved where they stand, and a default namespace goes down with its element', () => {
    const { namespace, children } = root(
      '<a xmlns="urn:d" xmlns:p="urn:p"><b/><p:c xmlns:p="urn:q"/><c xmlns=""/></a>',
    );
    expect([namespace, ...children.map((child) => child.namespace)]).toEqual(['urn:d', 'urn:d', 'urn:q', '']);
  });

  test('a prefix that nobody declared means no namespace', () => {
    expect(root('<x:a>1</x:a>')).toMatchObject({ name: 'a', namespace: '', text: '1' });
  });

  test('entities, numbered characters and CDATA are the text that they stand for', () => {
    expect(root('<a t="&quot;&#x41;&quot;">1 &lt; 2 &#38; <![CDATA[<3>]]></a>')).toMatchObject({ text: '1 < 2 & <3>' });
    expect(root('<a t="&quot;&#x41;&quot;"/>').attributes.get('t')).toBe('"A"');
  });

  test('comments, declarations, a byte order mark and padding around it change nothing', () => {
    expect(root('\ufeff <?xml version="1.0"?>\n<!-- <b> --><a><?x y?>1<!--2--></a>\n\0\0').text).toBe('1');
  });
});

describe('XML that nobody should write', () => {
  test.each([
    ['a document type', '<!DOCTYPE a><a/>', 'a document type is not allowed'],
    [
      'an entity that grows',
      '<!DOCTYPE a [<!ENTITY x "xxxx"><!ENTITY y "&x;&x;">]><a>&y;</a>',
      'a document type is not allowed',
    ],
    ['an entity of a file', '<!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/passwd">]><a>&f;</a>', 'a document type'],
    ['an entity that XML does not have', '<a>&nbsp;</a>', '&nbsp; is not an entity of XML'],
    ['a bare ampersand', '<a>R & D</a>', '& D is not an entity of XML'],
    ['a character beyond all', '<a>&#x110000;</a>', '&#x110000; is not an entity of XML'],
    ['an element that is not closed', '<a><b></a>', '</a> closes nothing that is open'],
    ['an element that is cut off', '<a><b>1</b>', '<a> is not closed'],
    ['a tag that is cut off', '<a><b c="1', '<b> is not well formed'],
    ['two roots', '<a/><b/>', 'there is more than one root element'],
    ['text beside the root', '<a/>b', 'there is text outside of the elements'],
    ['nothing', '', 'there is no element'],
    ['JSON', '[2,"1","Heartbeat",{}]', 'there is text outside of the elements'],
    ['a comment without end', '<a><!-- </a>', 'a comment does not end'],
  ])('%s is refused in words', (_what, text, detail) => {
    expect(refusal(text)).toContain(detail);
  });

  test('nesting and numbers have their limits, and stay cheap', () => {
    expect(refusal('<a>'.repeat(DEPTH_MAX + 1))).toBe(`elements are nested deeper than ${DEPTH_MAX}`);
    expect(refusal(`<a>${'<b/>'.repeat(ELEMENTS_MAX)}</a>`)).toBe(`there are more than ${ELEMENTS_MAX} elements`);
    expect(refusal(`<a ${Array.from({ length: 51 }, (_, at) => `b${at}="1"`).join(' ')}/>`)).toMatch(/too many/);
    const declared = Array.from({ length: 50 }, (_, at) => `xmlns:b${at}=""`).join(' ');
    expect(refusal(`<a ${declared}><a ${declared}><a xmlns:c=""/></a></a>`)).toBe(
      `there are more than ${NAMESPACES_IN_SCOPE_MAX} namespaces`,
    );
    expect(root(`<a>${`<a ${declared}/>`.repeat(10)}</a>`).children).toHaveLength(10);
  });

  test('an element named as a part of every object leaves every object alone', () => {
    const text = '<a><__proto__ id="__proto__"><polluted>1</polluted></__proto__><constructor/></a>';
    expect(root(text).children.map((child) => child.name)).toEqual(['__proto__', 'constructor']);
    expect('polluted' in {}).toBe(false);
  });

  test('whatever is thrown at it, it answers', () => {
    const pieces = fc.constantFrom(
      '<a>',
      '</a>',
      '<b ',
      'x="',
      '"',
      "'",
      '>',
      '/>',
      '&amp;',
      '&',
      '<![CDATA[',
      ']]>',
      '<!--',
    );
    const soup = fc.array(fc.oneof(pieces, fc.string({ unit: 'binary', maxLength: 5 })), { maxLength: 40 });
    fc.assert(fc.property(soup, (parts) => typeof readXml(parts.join('')).ok === 'boolean'));
  });
});

test('text that is written can be read again, but for what XML has no way to say', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(root(`<a b="${escaped(text)}">${escaped(text)}</a>`)).toMatchObject({ text });
    }),
  );
  expect(escaped('a\0b\u001f\ud800c\uffff')).toBe('ab\ufffdc');
});
