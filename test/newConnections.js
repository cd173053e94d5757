// A connection for each request to the real n8n: it closes one that was idle for five seconds, on a busy machine just as
// the next request is written, which then fails with "socket hang up".
const http = require('node:http');

http.globalAgent = new http.Agent();
