// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { native } from './native.js';
import { runList } from './suite.js';

runList('native', native);
