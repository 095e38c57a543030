// The rule aws-cli-discovery-burst as SQL in DuckDB over the same files: seconds of the query alone, without start-up.
import { DuckDBInstance } from '../build/peers/node_modules/@duckdb/node-api/lib/index.js';

const folder = process.argv[2];
const record = `STRUCT(eventTime VARCHAR, eventSource VARCHAR, eventName VARCHAR, awsRegion VARCHAR,
  sourceIPAddress VARCHAR, userAgent VARCHAR, recipientAccountId VARCHAR, sessionCredentialFromConsole VARCHAR,
  userIdentity STRUCT("type" VARCHAR, arn VARCHAR, accessKeyId VARCHAR, userName VARCHAR,
    sessionContext STRUCT(sessionIssuer STRUCT(userName VARCHAR))))[]`;
const services = ['iam', 'ec2', 's3', 'rds', 'lambda', 'dynamodb', 'kms', 'cloudfront', 'elasticloadbalancing',
  'cloudtrail', 'sts', 'ses', 'organizations'].map((s) => `'${s}.amazonaws.com'`).join(', ');
const query = `
  WITH records AS (
    SELECT unnest(Records) AS r
    FROM read_json('${folder}/**/*.json*', columns = {Records: '${record.replaceAll("'", "''")}'},
                   format = 'unstructured', maximum_object_size = 200000000)
    WHERE Records IS NOT NULL)
  SELECT epoch_ms(time_bucket(INTERVAL 10 SECOND, CAST(r.eventTime AS TIMESTAMP))) AS bucket, r.userIdentity.arn AS arn,
         count(DISTINCT r.eventName) AS calls, list(DISTINCT r.eventName), list(DISTINCT r.sourceIPAddress),
         list(DISTINCT r.awsRegion), list(DISTINCT r.userIdentity.accessKeyId)
  FROM records
  WHERE regexp_matches(r.sourceIPAddress, '^[0-9a-fA-F.:]+$')
    AND r.sessionCredentialFromConsole IS NULL
    AND r.eventSource IN (${services})
    AND r.userIdentity."type" <> 'AWSService'
    AND regexp_matches(r.userAgent, '(^|[^A-Za-z0-9_])aws-cli/[0-9]+[.][0-9]+')
    AND r.eventName <> 'DescribeCapacityReservations'
    AND coalesce(r.userIdentity.sessionContext.sessionIssuer.userName, r.userIdentity.userName) <> 'AWSServiceRoleForConfig'
    AND (starts_with(r.eventName, 'Describe') OR starts_with(r.eventName, 'Get') OR starts_with(r.eventName, 'List')
         OR starts_with(r.eventName, 'Generate'))
  GROUP BY ALL HAVING count(DISTINCT r.eventName) > 5`;

const instance = await DuckDBInstance.create(':memory:');
const connection = await instance.connect();
const start = process.hrtime.bigint();
const reader = await connection.runAndReadAll(query);
const seconds = Number(process.hrtime.bigint() - start) / 1e9;
console.log(`seconds=${seconds.toFixed(3)} rows=${reader.currentRowCount}`);
for (const row of reader.getRowObjectsJson()) console.log(`${row.bucket} ${row.arn} ${row.calls}`);
