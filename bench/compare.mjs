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

function run(program, options, command) {
  const file = openSync(output, 'w');
  const { status, stderr } = spawnSync(program, [...options, ...command],
                                       { encoding: 'utf8', stdio: ['ignore', file, 'pipe'],
                                         env: { ...process.env, LC_ALL: 'C' } });
  closeSync(file);
  const lines = stderr.trim().split('\n');
  if (status !== 0) throw new Error(`${command.join(' ')} ended with ${status}\n${stderr}`);
  return { told: Number(lines.at(-1)), stdout: readFileSync(output, 'utf8') };
}

// Wall seconds of one run of a command. The shell takes them: starting a process from here takes some milliseconds that
// are not the command's.
function timed(command) {
  const { told, stdout } = run('bash', ['-c', 'TIMEFORMAT=%3R; time "$@"', 'bash'], command);
  return { seconds: told, stdout };
}

// Megabytes of memory that a command takes at most.
function peakMemory(command) {
  return run('/usr/bin/time', ['-f', '%M'], command).told / 1024;
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
  const manyCommand = [...scanCommand, '--rules', moreRules];
  timed(floorCommand);  // warms the page cache, as do the next two
  const memory = peakMemory(scanCommand);
  const memoryOfMany = moreRules ? peakMemory(manyCommand) : 0;
  const floors = [], scans = [], many = [];
  let signals = 0, size = '', bursts = [];
  for (let i = 0; i < rounds; i++) {
    const floor = timed(floorCommand);
    const scan = timed(scanCommand);
    if (moreRules) many.push(timed(manyCommand));
    floors.push(floor.seconds);
    scans.push(scan.seconds);
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
      median(ratios).toFixed(2), memory.toFixed(0));
  if (moreRules) {
    const seconds = many.map((one) => one.seconds);
    row('scan, rules of RULES', median(seconds).toFixed(3), (bytes / median(seconds) / 1e9).toFixed(2),
        median(seconds.map((s, i) => s / floors[i])).toFixed(2), memoryOfMany.toFixed(0));
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
