const assert = require('node:assert');

exports.enrich = async (event) => {
  assert.deepStrictEqual(event.map((e) => [e.kind, e.from]), [['order', 'Enriched']]);
  return event.map((e) => ({ ...e, enriched: true }));
};
exports.target = async (event) => assert.ok(event.every((e) => e.enriched), JSON.stringify(event));
exports.refuse = async () => { throw new RangeError('no such customer'); };
exports.added = async (event) => {
  assert.strictEqual(event.source, 'steps');
  if (event.detail.id !== undefined) assert.strictEqual(typeof event.detail.id, 'string');
};
