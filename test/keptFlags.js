// axios looks at these before each request. In jest `process` is a copy, for which Node makes them anew at each look.
const { allowedNodeEnvironmentFlags: value } = process;
Object.defineProperty(process, 'allowedNodeEnvironmentFlags', { value, configurable: true });
