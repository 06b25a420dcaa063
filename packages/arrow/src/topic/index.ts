// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
export { ARROW_BATCH_MEDIA_TYPE, headKey } from './bare-form.js';
export type { TableColumns } from './columns.js';
export type { KeptHeads } from './head-server.js';
export type { TableData, TableMode, TablePublisherOptions, TablePutOptions } from './table-publisher.js';
export { declareTablePublisher, TablePublisher } from './table-publisher.js';
export { TableSample } from './table-sample.js';
export type { HeadOptions, SubscribeTableOptions } from './table-subscriber.js';
export { subscribeTable, TableSubscriber } from './table-subscriber.js';
export type { TableWindow } from './window.js';
