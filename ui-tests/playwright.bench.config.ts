/** The benchmark of the list: the servers and the browser of the tests, and nothing else at the time. */

import config from './playwright.config';

export default { ...config, testDir: 'benchmarks', reporter: 'line' };
