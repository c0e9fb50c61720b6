import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeForm, fillForm } from './form-body.ts';
import { pickForm, readPage } from './html-forms.ts';
import { decodeEntities } from './html-tokens.ts';
import type { FormEntry } from './form-body.ts';

function submitted(html: string, values: Parameters<typeof fillForm>[1] = {}): string {
  const form = pickForm(readPage(html));
  const button = form.controls.find(({ type, disabled }) => type === 'submit' && !disabled);
  return encodeForm(fillForm(form, values, button), 'application/x-www-form-urlencoded').bytes.toString();
}

describe('what a form sends', () => {
  const rows: readonly (readonly [name: string, controls: string, sent: string])[] = [
    ['hidden and text inputs', '<input type=hidden name=csrf value="a&amp;b"><input name=q value=1>', 'csrf=a%26b&q=1'],
    ['an input without a value', '<input name=q>', 'q='],
    ['no input without a name', '<input value=1><input name="" value=2>', ''],
    ['nothing disabled', '<input name=a disabled><fieldset disabled><input name=b></fieldset><input name=c>', 'c='],
    ['ticked boxes', '<input type=checkbox name=a checked><input type=checkbox name=b>', 'a=on'],
    ['the chosen radio', '<input type=radio name=r value=1><input type=RADIO name=r value=2 checked>', 'r=2'],
    ['a textarea without its first line feed', '<textarea name=t>\n<b>&lt;x\ny</textarea>', 't=%3Cb%3E%3Cx%0D%0Ay'],
    ['the selected option', '<select name=s><option>one<option value=2 selected>two</select>', 's=2'],
    ['the first option', '<select name=s><option disabled>no</option><option> a  b </option></select>', 's=a+b'],
    ['all of a multiple select', '<select name=s multiple><option selected>1<option selected>2</select>', 's=1&s=2'],
    ['the first submit button', '<button type=button name=x>x</button><button name=go value=1>a</button>', 'go=1'],
    ['the file name of an empty file', '<input type=file name=f>', 'f='],
    [
      'nothing from comments, scripts and templates',
      '<!--<input name=a>--><script>"<input name=b>"</script><template><input name=c></template>',
      '',
    ],
    ['the first of two equal attributes', '<input name=a name=b value=1>', 'a=1'],
    ['quotes of each kind', `<input name='a' value='"'><input name=b value=x/y>`, 'a=%22&b=x%2Fy'],
    ['a > inside quotes', '<input name=a value="1>2">', 'a=1%3E2'],
  ];
  for (const [name, controls, sent] of rows) {
    it(`sends ${name}`, () => assert.equal(submitted(`<form method=post>${controls}</form>`), sent));
  }

  it('fills in what the user types, ticks and leaves out', () => {
    const html =
      '<form><input name=a value=1><input type=checkbox name=b value=x><input type=checkbox name=b value=y checked>' +
      '<select name=s><option>1<option>2</select><input name=z value=9></form>';
    assert.equal(submitted(html, { a: 'ä', b: ['x'], s: '2', z: null }), 'a=%C3%A4&b=x&s=2');
  });

  it('refuses to fill a field the form does not have', () => {
    assert.throws(() => submitted('<form><input name=a></form>', { b: '1' }), /no field "b"; it has a/);
  });

  it('gives controls outside a form to the form they name', () => {
    const page = readPage(
      '<form id=f></form><form id=g><input name=a form=f></form><input name=b form=f><input name=c>',
    );
    assert.deepEqual(
      page.forms.map(({ controls }) => controls.map(({ name }) => name)),
      [['a', 'b'], []],
    );
  });

  it('picks a form by index or action, and will not guess among several', () => {
    const page = readPage('<form action=/a></form><form action=/b method=POST></form>');
    assert.equal(pickForm(page, '/b').method, 'post');
    assert.equal(pickForm(page, 0).action, '/a');
    assert.throws(() => pickForm(page), /2 forms, say which: "\/a", "\/b"/);
    assert.throws(() => pickForm(page, '/c'), /no form \/c/);
  });

  it('reads base and meta', () => {
    const page = readPage(
      '<base href="/in/"><meta name=CSRF-Token content="t&quot;1"><meta name=csrf-token content=2>',
    );
    assert.equal(page.base, '/in/');
    assert.equal(page.meta.get('csrf-token'), 't"1');
  });

  it('never hangs on broken markup', () => {
    for (const html of [
      '<',
      '<a',
      '<a b',
      '<a b=',
      '<a b="',
      '</',
      '</a',
      '<!--',
      '<!',
      '<script>',
      '<textarea name=a',
      '<a =b>',
      '<a b=c"d>',
    ]) {
      assert.ok(Array.isArray(readPage(html).forms), html);
    }
  });
});

describe('encodings', () => {
  const entries: readonly FormEntry[] = [
    ['a"b\n', '1 é\n2'],
    ['f', { filename: 'x".txt', type: 'text/plain', content: Buffer.from([0xff, 0x0a]) }],
  ];

  it('writes urlencoded forms as browsers do', () => {
    const { type, bytes } = encodeForm([...entries, ['m', '*-._~ ']], 'application/x-www-form-urlencoded');
    assert.equal(type, 'application/x-www-form-urlencoded');
    assert.equal(bytes.toString(), 'a%22b%0D%0A=1+%C3%A9%0D%0A2&f=x%22.txt&m=*-._%7E+');
  });

  it('writes text/plain, which lets a form post look like JSON', () => {
    const { type, bytes } = encodeForm([['{"a":"', '"}']], 'text/plain');
    assert.deepEqual([type, bytes.toString()], ['text/plain', '{"a":"="}\r\n']);
  });

  it('writes multipart with escaped names and untouched file bytes', () => {
    const { type, bytes } = encodeForm(entries, 'multipart/form-data');
    const boundary = /^multipart\/form-data; boundary=(-{4}WebKitFormBoundary\w{16,})$/.exec(type)?.[1];
    const text =
      `--${boundary}\r\nContent-Disposition: form-data; name="a%22b%0D%0A"\r\n\r\n1 \u00c3\u00a9\r\n2\r\n` +
      `--${boundary}\r\nContent-Disposition: form-data; name="f"; filename="x%22.txt"\r\nContent-Type: text/plain\r\n\r\n` +
      `\u00ff\n\r\n--${boundary}--\r\n`;
    assert.equal(bytes.toString('latin1'), text);
  });
});

describe('character references', () => {
  const rows: readonly (readonly [text: string, attribute: boolean, decoded: string])[] = [
    ['&amp;&lt;&gt;&quot;&#39;&apos;', false, "&<>\"''"],
    ['&#x26;&#X3c;&#62', false, '&<>'],
    ['&amp;lt;', false, '&lt;'],
    ['&ampx &copy2', false, '&x ©2'],
    ['?a=1&copy=2&amp;b&lt', true, '?a=1&copy=2&b<'],
    ['?a&ampb', true, '?a&ampb'],
    ['&#0;&#xD800;&#x110000;', false, '\ufffd\ufffd\ufffd'],
    ['&#x80;&#x2026;', false, '€…'],
    ['&nosuch; & &; &#; &constructor;', false, '&nosuch; & &; &#; &constructor;'],
  ];
  for (const [text, attribute, decoded] of rows) {
    it(`${text} in ${attribute ? 'an attribute' : 'text'}`, () =>
      assert.equal(decodeEntities(text, attribute), decoded));
  }
});
