/**
 * The grammars of `.env` and ini files.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseEnvFile } from './env-file.ts';
import { parseIniFile } from './ini-file.ts';

describe('a line of a .env file [CFG-02]', () => {
  const rows: readonly (readonly [line: string, value: string | RegExp])[] = [
    ['A=plain', 'plain'],
    ['A =  spaces around ', 'spaces around'],
    ['export A=with export', 'with export'],
    ['A=', ''],
    ['A=""', ''],
    ['A=a=b=c', 'a=b=c'],
    ['A=a#b', 'a#b'],
    [`A='single $X \\n "q"'`, 'single $X \\n "q"'],
    [String.raw`A="one\ntwo\t\"q\" \\ \$X"`, 'one\ntwo\t"q" \\ $X'],
    ['A="quoted" # comment', 'quoted'],
    ['A="# no comment"', '# no comment'],
    ['A=$HOME/${X}', '$HOME/${X}'],
    ["A=it's", "it's"],
    ['A=value # comment?', /# that some readers take/],
    ['A=#', /# that some readers take/],
    ['A="open', /not closed/],
    ["A='open", /not closed/],
    ['A="a"b', /behind its closing quote/],
    ['A="a"#b', /behind its closing quote/],
    [String.raw`A="C:\dir"`, /backslash that means nothing/],
    ['A', /no assignment/],
    ['2A=x', /no assignment/],
    ['A-B=x', /no assignment/],
    ['set A=x', /no assignment/],
    ['A=x\ry', /nobody sees/],
    ['A=\u00a0x', /nobody sees/],
    ['A=x\u0085', /nobody sees/],
  ];
  for (const [line, value] of rows)
    it(`${JSON.stringify(line)} ${typeof value === 'string' ? 'is read' : 'is refused'}`, () => {
      const { assignments, faults } = parseEnvFile(`# a comment\n\n${line}\r\n`);
      if (typeof value === 'string') {
        assert.deepEqual(faults, []);
        assert.deepEqual(assignments, [{ name: 'A', value, line: 3 }]);
      } else {
        assert.match(faults.map(({ wrong }) => wrong).join(), value);
        assert.equal(faults[0]?.line, 3);
      }
    });

  it('is refused where it sets a name again: readers differ in which one they take', () => {
    assert.match(parseEnvFile('A=1\nB=2\nA=3').faults[0]!.wrong, /sets A again, after line 1/);
  });

  it('is read back as it was written in quotes, whatever the text', () => {
    const value = fc.string({ unit: 'binary', maxLength: 40 }).filter((text) => text.isWellFormed());
    fc.assert(
      fc.property(value, (text) => {
        const escaped = text
          .replaceAll('\\', '\\\\')
          .replaceAll('"', '\\"')
          .replaceAll('\n', '\\n')
          .replaceAll('\r', '\\r');
        assert.equal(parseEnvFile(`A="${escaped}"`).assignments[0]?.value, text);
      }),
    );
  });

  it('never throws, and every line that is neither blank nor comment is read or refused', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (content) => {
        const { assignments, faults } = parseEnvFile(content);
        const said = new Set([...assignments, ...faults].map(({ line }) => line));
        for (const [index, line] of content.split(/\r?\n/).entries()) {
          const text = line.replaceAll(/^[ \t]+|[ \t]+$/g, '');
          assert.equal(said.has(index + 1), text !== '' && !text.startsWith('#'));
        }
      }),
    );
  });
});

describe('an ini file [CFG-02]', () => {
  it('gives its [settings], in upper case, and nothing of other sections', () => {
    const { assignments, faults } = parseIniFile(
      '; comment\n[other]\n  whatever\n[settings]\n# comment\ndebug = off\nRate: 50%%\nQuoted="kept"\nEmpty=\n[last]\ndebug=on',
    );
    assert.deepEqual(faults, []);
    assert.deepEqual(
      assignments.map(({ name, value, line }) => [name, value, line]),
      [
        ['DEBUG', 'off', 6],
        ['RATE', '50%', 7],
        ['QUOTED', '"kept"', 8],
        ['EMPTY', '', 9],
      ],
    );
  });

  const rows: readonly (readonly [content: string, wrong: RegExp])[] = [
    ['a=1', /stands before a section/],
    ['[settings]\na=%(b)s', /single %/],
    ['[settings]\na=5%', /single %/],
    ['[settings]\na=1\n  more', /indented/],
    ['[settings]\nword', /no assignment/],
    ['[settings]\na=1\nA=2', /sets A again/],
    ['[settings]\na=1\n[settings]\nb=2', /begins \[settings\] again/],
    ['[DEFAULT]\na=1', /reach into every section/],
  ];
  for (const [content, wrong] of rows)
    it(`refuses ${JSON.stringify(content)}`, () => {
      assert.match(
        parseIniFile(content)
          .faults.map((fault) => fault.wrong)
          .join('; '),
        wrong,
      );
    });
});
