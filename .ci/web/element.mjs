// Makes the shipped file of <scopes-picker>: `picker.js` with its style sheet and with the functions
// that it shares with the permission page, made small by esbuild. Usage: node element.mjs, which
// compares the file with the one in the crate, or node element.mjs --write.
import { readFileSync, writeFileSync } from 'node:fs';
import { transform } from 'esbuild';

const crate = new URL('../../scopes-export/src/', import.meta.url);
const read = (file) => readFileSync(new URL(file, crate), 'utf8');
const shipped = new URL('picker/scopes-picker.js', crate);

const { code: style } = await transform(read('picker/picker.css'), { loader: 'css', minify: true });
const picker = read('picker/picker.js');
// Within the function of `picker.js`, so that the shared names are not names of the page.
const inside = picker.indexOf('(() => {') + '(() => {'.length;
const whole = `${picker.slice(0, inside)}${read('page/template.js')}${read('page/matcher.js')}${picker.slice(inside)}`;
const options = { minify: true, target: 'es2022', charset: 'utf8', legalComments: 'none', define: { STYLE: JSON.stringify(style.trim()) } };
const { code } = await transform(whole, options);
const text = `// The element <scopes-picker>. From scopes-export, MIT OR Apache-2.0. Its source has comments.\n${code}`;

if (process.argv[2] === '--write') {
    writeFileSync(shipped, text);
} else if (text !== readFileSync(shipped, 'utf8')) {
    console.error('scopes-picker.js is not made of the current sources: run `node .ci/web/element.mjs --write`');
    process.exitCode = 1;
}
console.log(`<scopes-picker>: ${Buffer.byteLength(text)} bytes`);
