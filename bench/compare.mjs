// Times floor, scan and DuckDB over the same files in one run, in turn, and prints medians and ratios.
//   node bench/compare.mjs FOLDER...
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';

const rounds = Number(process.env.ROUNDS ?? 7);
// A folder of rules of the user's own: the scan is timed with all of them at once, too.
const moreRules = process.env.RULES;
const duckdbRounds = Number(process.env.DUCKDB_ROUNDS ?? 3);

// What commands print goes to a file, so that reading it is not timed.
const output = 'build/bench-output';

// Wall seconds and peak memory of one run of a command, as the operating system accounts for it.
function timed(command) {
  const file = openSync(output, 'w');
  const start = process.hrtime.bigint();
  const { status, stderr } = spawnSync('/usr/bin/time', ['-f', '%M', ...command],
                                       { encoding: 'utf8', stdio: ['ignore', file, 'pipe'] });
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  closeSync(file);
  const lines = stderr.trim().split('\n');
  const result = { seconds, memory: Number(lines.at(-1)), status, stdout: readFileSync(output, 'utf8'),
                   stderr: lines.slice(0, -1).join('\n') };
  if (result.status !== 0) throw new Error(`${command.join(' ')} ended with ${result.status}\n${result.stderr}`);
  return result;
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const row = (...cells) => console.log(cells.map((c, i) => (i === 0 ? c.padEnd(30) : c.padStart(14))).join(''));

// The signals of the rule that DuckDB runs as SQL, as "bucket identity calls".
function burstRows(jsonLines) {
  return jsonLines.trim().split('\n').filter(Boolean).map((line) => JSON.parse(line))
    .filter((signal) => signal.rule.id === 'aws-cli-discovery-burst')
    .map((signal) => [Date.parse(signal.group['Esql.time_window_date_trunc'] ?? Object.values(signal.group)[0]),
                      signal.group['aws.cloudtrail.user_identity.arn'],
                      Object.values(signal.values)[0]].join(' '))
    .sort();
}

function compare(folder) {
  const floorCommand = ['build/release/bench/trailhound-floor', folder];
  const scanCommand = ['build/release/trailhound', 'scan', folder, '--format', 'jsonl', '--quiet'];
  timed(floorCommand);
  timed(scanCommand); // warm-up: page cache
  const manyCommand = [...scanCommand, '--rules', moreRules];
  if (moreRules) timed(manyCommand);
  const floors = [], scans = [], many = [];
  let memory = 0, signals = 0, size = '', bursts = [];
  for (let i = 0; i < rounds; i++) {
    const floor = timed(floorCommand);
    const scan = timed(scanCommand);
    if (moreRules) many.push(timed(manyCommand));
    floors.push(floor.seconds);
    scans.push(scan.seconds);
    memory = Math.max(memory, scan.memory);
    signals = scan.stdout.trim().split('\n').filter(Boolean).length;
    bursts = burstRows(scan.stdout);
    size = floor.stdout.trim();
  }
  const bytes = Number(/(\d+) bytes/.exec(size)[1]);
  const ratios = scans.map((s, i) => s / floors[i]);
  console.log(`\n${folder}: ${size}`);
  row('', 'median s', 'GB/s', 'times floor', 'peak MB');
  row('floor (inflate + DOM)', median(floors).toFixed(3), (bytes / median(floors) / 1e9).toFixed(2), '1.00', '');
  row('scan, five rules', median(scans).toFixed(3), (bytes / median(scans) / 1e9).toFixed(2),
      median(ratios).toFixed(2), (memory / 1024).toFixed(0));
  if (moreRules) {
    const seconds = many.map((run) => run.seconds);
    row('scan, rules of RULES', median(seconds).toFixed(3), (bytes / median(seconds) / 1e9).toFixed(2),
        median(seconds.map((s, i) => s / floors[i])).toFixed(2),
        (Math.max(...many.map((run) => run.memory)) / 1024).toFixed(0));
  }
  if (existsSync('build/peers/node_modules/@duckdb/node-api')) {
    const peers = [];
    let found = [];
    for (let i = 0; i < duckdbRounds; i++) {
      const result = timed(['node', 'bench/duckdb.mjs', folder]);
      const [first, ...rows] = result.stdout.trim().split('\n');
      peers.push(Number(/seconds=([\d.]+)/.exec(first)[1]));
      found = rows.sort();
    }
    const peer = median(peers);
    row('DuckDB, one rule as SQL', peer.toFixed(3), (bytes / peer / 1e9).toFixed(2),
        (peer / median(floors)).toFixed(2), '');
    const same = JSON.stringify(found) === JSON.stringify(bursts);
    console.log(`scan / DuckDB = ${(median(scans) / peer).toFixed(3)}; the rule in SQL finds ${found.length} rows, ` +
                `the scan ${same ? 'the same' : `DIFFERENT ones: ${bursts.length}`}`);
    if (!same) process.exitCode = 1;
  }
  if (readFileSync(`${folder}-expected.jsonl`, 'utf8').trim() !== '') {
    const expected = readFileSync(`${folder}-expected.jsonl`, 'utf8').trim().split('\n').filter(Boolean).length;
    console.log(`${signals} signals, ${expected} planted`);
  }
}

process.argv.slice(2).forEach(compare);
