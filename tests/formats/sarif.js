// Is each SARIF log given valid against the public schema of SARIF 2.1.0? The schema and the validator come from npm packages in FOLDER.
// usage: node sarif.js FOLDER LOG...
'use strict';
const fs = require('fs');
const path = require('path');
const [folder, ...logs] = process.argv.slice(2);
const modules = path.join(folder, 'node_modules');
const Ajv = require(path.join(modules, 'ajv'));
const schema = JSON.parse(fs.readFileSync(path.join(modules, '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'), 'utf8'));
const ajv = new Ajv({ schemaId: 'id', meta: false, logger: false, unknownFormats: 'ignore' });
ajv.addMetaSchema(require(path.join(modules, 'ajv/lib/refs/json-schema-draft-04.json')));
ajv._opts.defaultMeta = 'http://json-schema.org/draft-04/schema#';
const valid = ajv.compile(schema);
// What must not pass, so that a validator that takes everything is seen.
const wrong = [
  { version: '2.1.0' },
  { version: '2.1.0', runs: [{ tool: { driver: {} } }] },
  { version: '2.1.0', runs: [{ tool: { driver: { name: 'x' } }, results: [{ message: { text: 'm' }, level: 'info' }] }] },
  { version: '2.1.0', runs: [{ tool: { driver: { name: 'x' } }, columnKind: 'codePoints' }] },
];
let passed = 0, failed = 0;
wrong.forEach((log, i) => {
  if (valid(log)) { console.log(`wrong log ${i} is taken for valid`); failed++; } else passed++;
});
for (const file of logs) {
  let errors = null;
  try {
    if (!valid(JSON.parse(fs.readFileSync(file, 'utf8')))) errors = valid.errors;
  } catch (e) {
    errors = [{ dataPath: '', message: String(e) }];
  }
  if (errors === null) passed++;
  else {
    failed++;
    errors.slice(0, 5).forEach(e => console.log(`${file}: ${e.dataPath} ${e.message}`));
  }
}
console.log(`${passed} passed, ${failed} failed`);
