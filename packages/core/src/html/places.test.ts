/**
 * Places that take no value, each with what the error says to write instead; and templates that are none.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { html } from './index.ts';
import type { Html, Value } from './index.ts';
import { templateOf } from './oracle.test.ts';

/** `¤` is a hole. */
const use = (source: string, value: Value = 'x'): Html => {
  const parts = source.split('¤');
  return html(templateOf(parts), ...parts.slice(1).map(() => value));
};

describe('[XSS-13] a place that no escaping makes safe takes no value', () => {
  for (const [source, write] of [
    // Handlers, styles and pages in pages.
    ['<b onclick="f(¤)">', /an event handler runs its value; write data-… and a script of yours that listens$/],
    ["<b ONCLICK='¤'>", /event handler/],
    ['<b style="color: ¤">', /write a class/],
    ['<iframe srcdoc="¤"></iframe>', /srcdoc is a page in a page/],
    // Content that is run.
    ['<script>f("¤")</script>', /write jsonData\(id, value\) beside it/],
    ['<script type="application/json">¤</script>', /write jsonData/],
    ['<style>p { color: ¤ }</style>', /no value stands in a style; write a class/],
    ['<iframe>¤</iframe>', /<iframe> takes no value/],
    ['<noscript>¤</noscript>', /<noscript> takes no value/],
    ['<noscript><p title="¤"></p></noscript>', /<noscript> takes no value/],
    ['<xmp>¤</xmp>', /<xmp> takes no value/],
    // No quotes, no name.
    ['<a href=¤>', /a value without quotes ends at a space; write "…" around it$/],
    ['<a href= ¤>', /write "…" around it/],
    ['<a href=/¤>', /write "…" around it/],
    ['<¤>', /the name of a tag/],
    ['<h¤>', /the name of a tag; write each tag out/],
    ['</¤>', /the name of a tag/],
    ['</h¤>', /the name of a tag/],
    ['<p data-¤="x">', /part of its name/],
    ['<p id="x"¤>', /write a space and then attr\(name, value\)/],
    ['<br /¤>', /write a space/],
    ['</p ¤>', /an end tag takes no attributes/],
    ['</p id="¤">', /an end tag takes no attributes/],
    // Comments and references.
    ['<!-- ¤ -->', /a comment takes no value/],
    ['<!--¤', /a comment takes no value/],
    ['<!doctype ¤>', /a comment takes no value/],
    ['<p>&#¤;</p>', /a value would complete a character reference/],
    ['<p title="&#x¤;"></p>', /a value would complete a character reference/],
    ['<title><¤</title>', /a value would be a tag; write &lt;/],
    // Elements that run or redirect what they are given.
    ['<base href="¤">', /<base> takes no values/],
    ['<object data="¤"></object>', /<object> takes no values/],
    ['<embed src="¤">', /<embed> takes no values/],
    ['<applet code="¤">', /<applet> takes no values/],
    ['<param value="¤">', /<param> takes no values/],
    ['<svg><animate to="¤"/></svg>', /<animate> takes no values/],
    ['<svg><set to="¤"/></svg>', /<set> takes no values/],
    ['<script type="¤"></script>', /type decides what <script> is; write it out/],
    ['<style type="¤"></style>', /type decides/],
    ['<link rel="¤">', /rel decides what <link> is/],
    ['<meta name="¤" content="x">', /name decides what <meta> is/],
    ['<meta http-equiv="¤" content="x">', /"http-equiv" is not known to be harmless/],
    ['<meta charset="¤">', /"charset" is not known/],
    ['<meta http-equiv="Content-Security-Policy" content="¤">', /this meta gives orders to the browser/],
    ['<meta content="¤" http-equiv="set-cookie">', /this meta gives orders/],
    ['<meta http-equiv="refresh" content="¤">', /or as content="0; url=…" of a refresh/],
    ['<meta http-equiv="&#114;efresh" content="0; url=¤">', /this meta gives orders/],
    ['<iframe sandbox="¤"></iframe>', /"sandbox" is not known to be harmless; write data-sandbox$/],
    ['<p nonce="¤">', /"nonce" is not known/],
    ['<a ping="¤">', /"ping" is not known/],
    ['<p foo="¤">', /"foo" is not known to be harmless; write data-foo$/],
    ['<p data-="¤">', /not known/],
    ['<p x-on:click="¤">', /write data-x-on-click$/],
    ['<p @click="¤">', /not known/],
    ['<p srcset="¤">', /not known/],
  ] as const)
    it(source, () => {
      // For every value, so that no harmless first visit hides it.
      for (const value of ['x', null, html`<b></b>`])
        assert.throws(() => use(source, value), { name: 'HtmlError', code: 'html/hole', message: write });
    });

  for (const source of [
    '<script ¤></script>',
    '<link ¤>',
    '<meta ¤>',
    '<iframe ¤></iframe>',
    '<style ¤></style>',
    '<base ¤>',
    '<embed ¤>',
  ])
    it(`${source}: its attributes are written out`, () =>
      assert.throws(() => use(source, null), { code: 'html/hole', message: /decide what it does; write each out/ }));

  it('names the hole, with the text around it', () =>
    assert.throws(
      () => html`<p title="${'a'}">${'b'}</p>
        <a href="/x" onclick="${'c'}">x</a>`,
      /^HtmlError: html: hole 3, .*\$\{…\}<\/p> <a href="\/x" onclick="\$\{…\}">x<\/a>: an event handler/,
    ));
});

describe('a template that browsers would have to repair is refused', () => {
  for (const [source, write] of [
    ['<p ¤x>', /text stands directly behind a value in a tag/],
    ['<p ¤="x">', /text stands directly behind a value in a tag/],
    ['<p hidden ¤="x">', /text stands directly behind a value in a tag/],
    ['<p hidden ¤ ="x">', /"=" stands where an attribute begins/],
    [
      '<p',
      /^HtmlError: html: the text <p: the template ends in a place called "tag name"; close there what was opened/,
    ],
    ['<p title="x', /ends in a place called "double-quoted value"/],
    ['<', /"tag open"/],
    ['</', /"end tag open"/],
    ['<!-- x', /"comment"/],
    ['<!-- x --', /"comment"/],
    ['<title>x', /"rcdata"/],
    ['<script>f()', /"rawtext"/],
    ['<script>f()</script', /"tag name"|"<" and a letter/],
    ['<p>x<p id', /"attribute name"/],
    ['<plaintext>', /write <pre>/],
    ['<title/>', /write <title><\/title>/],
    ['<svg><script /></svg>', /write <script><\/script>/],
    ['<p id="a"class="b">', /two attributes stand without a space/],
    ['<p "x">', /""" stands where an attribute begins/],
    ['<p a"b>', /stands where an attribute begins/],
    ['<p =x>', /"=" stands where an attribute begins/],
    ['<p id=>', /an attribute has no value behind "="/],
    ['<p id=a"b>', /stands in a value without quotes/],
    ['<p id=a`b>', /stands in a value without quotes/],
    ['<p/id="x">', /"\/" stands inside a tag/],
    ['<p<b>', /"<" stands in the name of a tag/],
    ['<lin\u212A>', /stands in the name of a tag/],
    ['<p hi\u212A="x">', /stands where an attribute begins/],
    ['</>', /"<\/" stands here without a name/],
    ['</ p>', /"<\/" stands here without a name/],
    ['<?xml version="1.0"?>', /"<\?" is no markup of HTML/],
    ['<![CDATA[x]]>', /"<!" is no markup of HTML/],
    ['<svg><![CDATA[<p>]]></svg>', /"<!" is no markup of HTML/],
    ['<!x>', /"<!" is no markup of HTML/],
    ['<title><b></title>', /a tag stands in <title>; write &lt;/],
    ['<textarea></b></textarea>', /a tag stands in <textarea>/],
    ['<style><!-- p {} --></style>', /a tag stands in <style>/],
    ['<svg><style><img title="</style>¤</svg>', /a tag stands in <style>/],
    ['<script>for (;i<n;) f()</script>', /write a space, or the script in a file/],
    ['<script><!-- <script></script>', /write a space, or the script in a file/],
    ['<script>x</scriptx></script>', /write a space/],
    ['<noscript><p title="</noscript>"></p>', /<noscript> holds what ends differently/],
    ['<noscript><!-- </noscript> -->', /<noscript> holds what ends differently/],
    ['<noscript><style></noscript>', /<noscript> holds what ends differently/],
    ['a\0b', /a character stands here that HTML does not know/],
    ['a\uFFFFb', /a character stands here that HTML does not know/],
  ] as const)
    it(JSON.stringify(source), () => {
      assert.throws(() => use(source, null), { code: 'html/template' });
      assert.throws(() => use(source, null), write);
    });

  for (const source of [
    '',
    'a < b & c > d <3 "',
    '<!doctype html>',
    '<!---->x<!-->y<!--->z<!-- - -- --!>',
    '<br><br/><br /><p></p ><P CLASS=x Hidden></P>',
    '<p id = \'x\'\ttitle\n=\n"y">',
    '<title>1 < 2</title><textarea>\n&lt;b></textarea>',
    '<script>if (1 < 2) f("a")</script><style>p > b { x: "y" }</style>',
    '<svg viewBox="0 0 1 1"><path d="M0 0"/><title>x</title></svg>',
    '<noscript><p class="a">x</p><!-- y --></noscript>',
    '<my-element some-thing="x"></my-element>',
  ])
    it(`${JSON.stringify(source)} stands as it is`, () => assert.equal(String(use(source)), source));
});

describe('a template is analysed once', () => {
  it('and printed as often as it is used', () => {
    const row = (id: number, name: string): Html => html`<li id="${id}">${name}</li>`;
    const other = (id: number): Html => html`<p>${id}</p>`;
    assert.equal(
      String(html`${[1, 2].map((id) => [row(id, '<'), other(id)])}`),
      '<li id="1">&lt;</li><p>1</p><li id="2">&lt;</li><p>2</p>',
    );
  });

  it('and refused as often as it is used', () => {
    const wrong = (): Html => html`<b onclick="${'x'}"></b>`;
    assert.throws(wrong, { code: 'html/hole' });
    assert.equal(String(html`<p>${'x'}</p>`), '<p>x</p>');
    assert.throws(wrong, { code: 'html/hole' });
    assert.throws(wrong, { code: 'html/hole' });
  });
});
