const nothing = require('nothing-of-this-name');
exports.handler = async () => nothing;
