// Runs the suite against a base address, and prints a line for each test: id, kind, outcome, detail.
// Arguments: the suite's folder, the address, and the tests to run, all by default.
import { isOfRepository, load, loadEngine } from './layout.mjs'

const [base, ids] = process.argv.slice(3)
const { runTests, getResults } = await loadEngine('client/runner.mjs')
const suites = (await load('tests/index.mjs')).default
const chosen = ids === undefined ? undefined : ids.split(',')
const asked = suites.map(suite => ({
  ...suite,
  tests: suite.tests.filter(test => chosen === undefined || chosen.includes(test.id))
}))

// The package was written for a fetch that sends what it is told. Node's asks caches to stand aside, unless these two say something already.
const plainFetch = (url, { cache, headers = [], ...init } = {}) =>
  fetch(url, { ...init, headers: [...headers, ['Pragma', 'none'], ['Cache-Control', 'none']] })

// As many at once as there are: they spend their time waiting for responses to become stale.
await (isOfRepository ? runTests(asked, false, base, 1000) : runTests(asked, plainFetch, false, base, 1000))

const results = getResults()
const tests = new Map(suites.flatMap(suite => suite.tests).map(test => [test.id, test]))

// What a test tells depends on others: where those fail it tells nothing. So the suite's own pages have it.
function outcomeOf (id) {
  const result = results[id]
  if (result === undefined) return 'untested'
  if (chosen === undefined && (tests.get(id).depends_on ?? []).some(other => outcomeOf(other) !== 'pass')) return 'dependency'
  if (result === true) return 'pass'
  return result[0] === 'Setup' ? 'setup' : result[0] === 'Assertion' ? 'fail' : 'harness'
}

for (const test of tests.values()) {
  if (test.id in results) {
    const detail = results[test.id] === true ? '' : results[test.id].join(': ').replace(/\s+/g, ' ')
    console.log(['RESULT', test.id, test.kind ?? 'required', outcomeOf(test.id), detail].join('\t'))
  }
}
process.exit(0)
