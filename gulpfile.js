const { dest, series, src } = require('gulp');
const { rm } = require('node:fs/promises');

/** Empties dist, so that a file that was renamed does not live on in the package. */
const clean = () => rm('dist', { recursive: true, force: true });

/** Copies what tsc does not: icons, codex files and output previews. One stream, so gulp waits for all of it. */
const copy = () =>
	src(['{icons,nodes,credentials}/**/*.{svg,png,node.json}', 'nodes/**/__schema__/**/*.json'], {
		base: '.',
		encoding: false,
	}).pipe(dest('dist'));

exports.clean = clean;
exports.default = series(copy);
