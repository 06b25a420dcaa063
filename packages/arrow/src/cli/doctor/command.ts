// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { Command } from 'commander';
import { LONGEST_MS } from '../../after.js';
import { addConnectionOptions, type ConnectionOptions } from '../connection.js';
import { EXIT_HELP } from '../exit-code.js';
import { positive } from '../number.js';
import { addReportOptions, type ReportOptions } from '../reporter.js';
import type { DoctorOptions } from './doctor.js';

const DEFAULT_SECONDS = 3;

const HELP = `
addon          whether zenoh's native part loads; versions of all parts
clock          whether the time of this machine makes sense
shared memory  whether a session gets it, and if not, why; how much may be locked (ulimit -l)
/dev/shm       its room, and files that killed processes left behind, which --clean removes
pools          segments of zenoh's, and the processes that map them: who holds a pool (Linux)
<endpoint>     for each of -e or the configuration: whether something accepts connections there, whether it speaks zenoh and
               lets this node in, who it is, and whether shared memory was agreed on
scouting       which nodes answer by multicast

Each is ok, a warning (works, but not as well as it could, or not everywhere), or a fault. The exit code is 1 with a fault.
With --json, one object for each check.
${EXIT_HELP}

Examples:
  zenoh-arrow doctor
  zenoh-arrow doctor -e tcp/192.168.1.2:7447 --timeout 10
  zenoh-arrow doctor --clean
  zenoh-arrow doctor --json | jq 'select(.status != "ok")'
`;

interface Flags extends ConnectionOptions, ReportOptions {
  readonly timeout: number;
  readonly clean?: boolean;
}

/** The verb `doctor`; `run` gets its arguments. */
export function doctorCommand(run: (options: DoctorOptions, report: ReportOptions) => Promise<void>): Command {
  const command = new Command('doctor')
    .description('find out what is wrong: shared memory, endpoints, scouting, versions')
    .option('--timeout <s>', 'seconds for each endpoint, and for scouting', positive, DEFAULT_SECONDS)
    .option('--clean', 'remove shared memory that killed processes left behind');
  addReportOptions(addConnectionOptions(command)).addHelpText('after', HELP);
  return command.action((flags: Flags) => {
    const { timeout, clean = false, json = false } = flags;
    return run({ connection: flags, timeout: Math.min(timeout * 1000, LONGEST_MS), clean, json }, flags);
  });
}
