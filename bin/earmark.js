#!/usr/bin/env node
'use strict';

// This file is the first thing that runs, also on a Node that is too old for earmark, so it is written in the oldest
// JavaScript. It is CommonJS (see package.json beside it) because starting Node's ESM loader costs a sixth of a bare start.

// A run that ends without finishing, for whatever reason, must not look like a success: main clears this on completion.
process.exitCode = 1;

var path = require('path');

var nodeVersion = process.versions.node.split('.');
var major = Number(nodeVersion[0]);
var minor = Number(nodeVersion[1]);
var start = path.join(__dirname, '..', 'dist', 'start.js');

if (major < 20 || (major === 20 && minor < 19)) {
  console.error('error: earmark needs Node.js 20.19 or newer, and this is ' + process.versions.node + '.');
} else if (require('fs').existsSync(start)) {
  require(start);
} else {
  console.error('error: earmark has not been built: ' + start + ' is missing.');
  console.error('  build it: npm run build');
}
