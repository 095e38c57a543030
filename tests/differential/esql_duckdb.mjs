// Random ES|QL queries over random CloudTrail files: the native engine against DuckDB with the same query as SQL.
//
//   node tests/differential/esql_duckdb.mjs [--program build/release/trailhound] [--seed 1] [--queries 300]
//        [--records 5000] [--show]
//
// Prints every disagreement with both queries and the first rows that differ; exit status 1 if there is one. The same
// seed makes the same data and queries.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '../../build/peers/node_modules/@duckdb/node-api/lib/index.js';

const options = { program: 'build/release/trailhound', seed: '1', queries: '300', records: '5000', show: false };
for (let i = 2; i < process.argv.length; ++i) {
  const name = process.argv[i].replace(/^--/, '');
  if (!(name in options)) throw new Error(`unknown option ${process.argv[i]}`);
  options[name] = name === 'show' ? true : process.argv[++i];
}

// Mulberry32: small, and the same everywhere.
let state = Number(options.seed) >>> 0;
function random() {
  state = (state + 0x6d2b79f5) >>> 0;
  let t = state;
  t = Math.imul(t ^ (t >>> 15), t | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}
const below = (n) => Math.floor(random() * n);
const pick = (list) => list[below(list.length)];
const chance = (p) => random() < p;

const actions = ['CreateUser', 'DeleteUser', 'ListUsers', 'GetObject', 'PutObject', 'AssumeRole', 'getobject'];
const services = ['iam.amazonaws.com', 's3.amazonaws.com', 'sts.amazonaws.com'];
const regions = ['us-east-1', 'eu-west-1', 'ap-south-1'];
const users = ['eve', 'bob', 'Ünal', 'carol-with-a-long-name', 'x'];
const errors = ['AccessDenied', 'Client.UnauthorizedOperation', 'ThrottlingException'];
const addresses = ['10.0.0.1', '198.51.100.7', '2001:db8::1', 'cloudformation.amazonaws.com', '203.0.113.99'];
const begin = Date.parse('2026-03-02T09:00:00Z') / 1000;

function record(number) {
  const r = {
    eventVersion: '1.11',
    eventTime: new Date((begin + below(7200)) * 1000).toISOString().replace('.000', ''),
    eventName: pick(actions),
    eventSource: pick(services),
    awsRegion: pick(regions),
    sourceIPAddress: pick(addresses),
    userAgent: chance(0.1) ? undefined : pick(['aws-cli/2.1', 'Boto3/1.34', 'console']),
    eventID: `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`,
    eventType: 'AwsApiCall',
    recipientAccountId: pick(['111122223333', '444455556666']),
    userIdentity: { type: 'IAMUser', principalId: 'AIDA', accountId: '111122223333' },
  };
  if (chance(0.9)) r.userIdentity.userName = pick(users);
  if (chance(0.3)) r.errorCode = pick(errors);
  return r;
}

/// A column in both languages. Texts are never empty: what Elastic does with them is not the subject here.
const texts = [
  { esql: 'event.action', sql: 'eventName', values: actions },
  { esql: 'event.provider', sql: 'eventSource', values: services },
  { esql: 'cloud.region', sql: 'awsRegion', values: regions },
  { esql: 'user.name', sql: 'userName', values: users },
  { esql: 'aws.cloudtrail.error_code', sql: 'errorCode', values: errors },
  { esql: 'user_agent.original', sql: 'userAgent', values: ['aws-cli/2.1', 'console'] },
  { esql: 'TO_LOWER(event.action)', sql: 'lower(eventName)', values: ['getobject', 'createuser'] },
  { esql: 'COALESCE(aws.cloudtrail.error_code, "ok")', sql: "coalesce(errorCode, 'ok')", values: ['ok', ...errors] },
  { esql: 'CONCAT(user.name, "@", cloud.region)', sql: "CASE WHEN userName IS NOT NULL THEN userName || '@' || awsRegion END", values: ['eve@eu-west-1'] },
];
const numbers = [
  { esql: 'LENGTH(user.name)', sql: 'length(userName)' },
  { esql: 'LENGTH(event.action)', sql: 'length(eventName)' },
  { esql: 'DATE_EXTRACT("second_of_minute", @timestamp)', sql: 'CAST(date_part(\'second\', ts) AS BIGINT)' },
  { esql: 'DATE_EXTRACT("minute_of_hour", @timestamp)', sql: 'CAST(date_part(\'minute\', ts) AS BIGINT)' },
  { esql: 'LENGTH(aws.cloudtrail.error_code)', sql: 'length(errorCode)' },
];

function number(depth = 2) {
  if (depth === 0 || chance(0.5)) return pick(numbers);
  const left = number(depth - 1);
  if (chance(0.3)) {
    const condition = predicate(1);
    const right = number(depth - 1);
    return { esql: `CASE(${condition.esql}, ${left.esql}, ${right.esql})`, sql: `CASE WHEN ${condition.sql} THEN ${left.sql} ELSE ${right.sql} END` };
  }
  const right = chance(0.5) ? number(depth - 1) : { esql: String(1 + below(9)), sql: undefined };
  const operator = pick(['+', '-', '*', '%', '/']);
  const sqlRight = right.sql ?? right.esql;
  // By zero is null in both; DuckDB's // floors, ES|QL's / cuts.
  const sql = operator === '/' ? `CAST(trunc(CAST((${left.sql}) AS DOUBLE) / nullif((${sqlRight}), 0)) AS BIGINT)`
    : operator === '%' ? `((${left.sql}) % nullif((${sqlRight}), 0))` : `((${left.sql}) ${operator} (${sqlRight}))`;
  return { esql: `(${left.esql} ${operator} ${right.esql})`, sql };
}

const sqlText = (text) => `'${text.replaceAll("'", "''")}'`;
function predicate(depth = 3) {
  if (depth > 0 && chance(0.5)) {
    const left = predicate(depth - 1);
    if (chance(0.3)) return { esql: `NOT (${left.esql})`, sql: `NOT (${left.sql})` };
    const right = predicate(depth - 1);
    const operator = pick(['AND', 'OR']);
    return { esql: `(${left.esql} ${operator} ${right.esql})`, sql: `(${left.sql} ${operator} ${right.sql})` };
  }
  if (chance(0.3)) {
    const left = number(1);
    const operator = pick(['==', '!=', '<', '<=', '>', '>=']);
    const value = below(30);
    return { esql: `${left.esql} ${operator} ${value}`, sql: `${left.sql} ${operator.replace('==', '=')} ${value}` };
  }
  const column = pick(texts);
  const value = pick(column.values);
  switch (below(6)) {
    case 0: return { esql: `${column.esql} IS NULL`, sql: `(${column.sql}) IS NULL` };
    case 1: {
      const operator = pick(['==', '!=', '<', '>=']);
      return { esql: `${column.esql} ${operator} "${value}"`, sql: `(${column.sql}) ${operator.replace('==', '=')} ${sqlText(value)}` };
    }
    case 2: {
      const not = pick(['', 'NOT ']);
      const list = [value, pick(column.values)];
      return { esql: `${column.esql} ${not}IN (${list.map((t) => `"${t}"`).join(', ')})`, sql: `(${column.sql}) ${not}IN (${list.map(sqlText).join(', ')})` };
    }
    case 3: {
      const [glob, like] = pick([['*', '%'], [`${value.slice(0, 2)}*`, `${value.slice(0, 2)}%`], [`*${value.slice(1, 4)}*`, `%${value.slice(1, 4)}%`], [`?${value.slice(1)}`, `_${value.slice(1)}`]]);
      return { esql: `${column.esql} LIKE "${glob}"`, sql: `(${column.sql}) LIKE ${sqlText(like)}` };
    }
    case 4: return { esql: `STARTS_WITH(${column.esql}, "${value.slice(0, 3)}")`, sql: `starts_with(${column.sql}, ${sqlText(value.slice(0, 3))})` };
    default: return { esql: `${column.esql} RLIKE "${value.slice(0, 1)}[a-zA-Z]+.*"`, sql: `regexp_full_match(${column.sql}, ${sqlText(`(?s)${value.slice(0, 1)}[a-zA-Z]+.*`)})` };
  }
}

const timeSql = (expression) => `strftime(${expression}, '%Y-%m-%dT%H:%M:%S.000Z')`;
function key() {
  const kind = below(6);
  if (kind < 3) return pick(texts);
  if (kind === 3) {
    const [span, interval] = pick([['5 minutes', '5 MINUTES'], ['1 hour', '1 HOUR'], ['10 seconds', '10 SECONDS']]);
    return { esql: `DATE_TRUNC(${span}, @timestamp)`, sql: timeSql(`time_bucket(INTERVAL ${interval}, ts)`) };
  }
  return kind === 4 ? number(1) : predicate(1);
}

function aggregate() {
  const filter = chance(0.3) ? predicate(1) : null;
  const made = (esql, sql) => ({
    esql: filter ? `${esql} WHERE ${filter.esql}` : esql,
    sql: filter ? sql.replaceAll('@F', ` FILTER (WHERE ${filter.sql})`) : sql.replaceAll('@F', ''),
  });
  const text = pick(texts);
  const value = number();
  switch (below(12)) {
    case 0: return made('COUNT(*)', 'count(*)@F');
    case 1: return made(`COUNT(${text.esql})`, `count(${text.sql})@F`);
    case 2: return made(`COUNT_DISTINCT(${text.esql})`, `count(DISTINCT ${text.sql})@F`);
    case 3: return made(`COUNT_DISTINCT(${value.esql})`, `count(DISTINCT ${value.sql})@F`);
    case 4: return made(`MIN(${text.esql})`, `min(${text.sql})@F`);
    case 5: return made(`MAX(${value.esql})`, `max(${value.sql})@F`);
    case 6: return made(`SUM(${value.esql})`, `CAST(sum(${value.sql})@F AS BIGINT)`);
    case 7: return made(`AVG(${value.esql})`, `avg(${value.sql})@F`);
    case 8: return made(`VALUES(${text.esql})`, `list(DISTINCT ${text.sql})@F`);
    case 9: return made('MAX(@timestamp)', timeSql('max(ts)@F'));
    case 10: return made(`MEDIAN(${value.esql})`, `median(${value.sql})@F`);
    default: return made('COUNT_DISTINCT(source.ip)', 'count(DISTINCT ip)@F');
  }
}

function query() {
  const where = chance(0.7) ? predicate() : null;
  const aggregates = Array.from({ length: 1 + below(3) }, aggregate);
  const keys = Array.from({ length: below(3) }, key);
  const by = keys.length ? ` BY ${keys.map((k, i) => `k${i} = ${k.esql}`).join(', ')}` : '';
  const esql = `FROM cloudtrail${where ? ` | WHERE ${where.esql}` : ''} | STATS ${aggregates.map((a, i) => `a${i} = ${a.esql}`).join(', ')}${by} | LIMIT 10000`;
  const columns = [...aggregates.map((a, i) => `${a.sql} AS a${i}`), ...keys.map((k, i) => `${k.sql} AS k${i}`)];
  const group = keys.length ? ` GROUP BY ${keys.map((_, i) => aggregates.length + i + 1).join(', ')}` : '';
  const sql = `SELECT ${columns.join(', ')} FROM events${where ? ` WHERE ${where.sql}` : ''}${group}`;
  return { esql, sql };
}

/// One form for the cells of both: lists sorted and without null, numbers with twelve digits.
function canonical(cell) {
  if (typeof cell === 'bigint') cell = Number(cell);
  if (typeof cell === 'string' && /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(cell)) cell = Number(cell);
  if (typeof cell === 'number') return Number(cell.toPrecision(12));
  if (Array.isArray(cell)) {
    const values = cell.filter((v) => v !== null).map(canonical).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    return values.length === 0 ? null : values.length === 1 ? values[0] : values;
  }
  return cell === undefined ? null : cell;
}
const sorted = (rows) => rows.map((row) => JSON.stringify(row.map(canonical))).sort();

const folder = mkdtempSync(join(tmpdir(), 'esql-duckdb-'));
let disagreements = 0;
try {
  mkdirSync(join(folder, 'logs'));
  const count = Number(options.records);
  for (let file = 0, at = 0; at < count; ++file) {
    const records = [];
    for (let n = 1 + below(1000); n > 0 && at < count; --n) records.push(record(at++));
    writeFileSync(join(folder, 'logs', `${file}.json`), JSON.stringify({ Records: records }));
  }
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`CREATE TABLE events AS SELECT r.eventName, r.eventSource, r.awsRegion, r.errorCode, r.userAgent,
    r.userIdentity.userName AS userName, CAST(r.eventTime AS TIMESTAMP) AS ts,
    CASE WHEN regexp_full_match(r.sourceIPAddress, '[0-9a-f.:]+') THEN r.sourceIPAddress END AS ip
    FROM (SELECT unnest(Records) AS r FROM read_json('${folder}/logs/*.json', format = 'unstructured', columns = {Records:
    'STRUCT(eventTime VARCHAR, eventName VARCHAR, eventSource VARCHAR, awsRegion VARCHAR, sourceIPAddress VARCHAR,
     userAgent VARCHAR, errorCode VARCHAR, userIdentity STRUCT(userName VARCHAR))[]'}))`);
  for (let i = 0; i < Number(options.queries); ++i) {
    const { esql, sql } = query();
    if (options.show) console.log(esql);
    let mine;
    try {
      const out = execFileSync(options.program, ['query', '--format', 'json', esql, join(folder, 'logs')],
        { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1 << 28 });
      mine = sorted(JSON.parse(out).values);
    } catch (error) {
      mine = [String(error.stderr || error)];
    }
    const reader = await connection.runAndReadAll(sql);
    const theirs = sorted(reader.getRowsJson());
    if (JSON.stringify(mine) === JSON.stringify(theirs)) continue;
    ++disagreements;
    const onlyMine = mine.filter((row) => !theirs.includes(row));
    const onlyTheirs = theirs.filter((row) => !mine.includes(row));
    console.log(`query ${i}: ${esql}\n  SQL: ${sql}\n  trailhound, ${mine.length} rows: ${onlyMine.slice(0, 3).join(' ')}\n  DuckDB, ${theirs.length} rows: ${onlyTheirs.slice(0, 3).join(' ')}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`seed ${options.seed}: ${options.queries} queries, ${disagreements} disagreements`);
process.exitCode = disagreements ? 1 : 0;
