const total = (items) => items.map((item) => item.price.net);

exports.throws = async () => total([{ price: { net: 1 } }, {}]);
exports.throwsText = async () => { throw 'just a text'; };
exports.rejects = async () => {
  Promise.reject(new RangeError('nobody waits for this'));
  await new Promise((resolve) => setTimeout(resolve, 1000));
};
exports.calls = (event, context, callback) => callback(null, 'fine');
exports.callsBack = (event, context, callback) => setTimeout(() => callback(new Error('by callback')), 1);
exports.never = () => new Promise(() => setInterval(() => {}, 1000));
exports.ends = async () => process.exit(4);
exports.circular = async () => { const a = {}; a.a = a; return a; };
