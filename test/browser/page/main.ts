// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// A page of a user, as far as the bundler is concerned: what the tests run in it finds the packages under these names.
import * as arrowPayloads from '@zenoh-segments/arrow';
import * as capnpPayloads from '@zenoh-segments/capnp';
import * as zenoh from '@zenoh-segments/core';
import * as arrow from 'apache-arrow';
import * as capnp from 'capnp-es';
import { Telemetry } from '../../golden/capnp/telemetry.js';
import * as helpers from '../told.js';

Object.assign(globalThis, { zenoh, arrow, arrowPayloads, capnp, capnpPayloads, Telemetry, helpers });
