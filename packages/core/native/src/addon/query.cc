// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
#include "arguments.h"
#include "errors.h"
#include "exports.h"
#include "handles.h"

namespace zs {

namespace {

// (qos, target, consolidation, timeout in ms, accept any) from `index` on.
QueryOptions queryOptions(const Napi::CallbackInfo& info, size_t index) {
  QueryOptions options;
  options.qos = word(info, index);
  options.target = static_cast<uint8_t>(word(info, index + 1));
  options.consolidation = static_cast<uint8_t>(word(info, index + 2));
  options.timeout_ms = size(info, index + 3);
  options.accept_any = info[index + 4].ToBoolean();
  return options;
}

// [inbox, put outcome]
Napi::Value answered(Napi::Env env, rust::Box<Asked> asked) {
  Napi::Array result = Napi::Array::New(env, 2);
  result.Set(0u, makeHandle(env, asked->inbox()));
  result.Set(1u, putOutcome(env, asked->outcome()));
  return result;
}

// `source` is the place of the source, or undefined; the points of instrumentation follow it.
GetOptions getOptions(const Napi::CallbackInfo& info, size_t payload, size_t attachment, size_t encoding,
                      size_t source) {
  GetOptions options;
  options.encoding = optionalText(info, encoding);
  options.source = optionalText(info, source);
  options.instrumentation = optionalWord(info, source + 1);
  options.declared = 0;
  options.has_payload = !info[payload].IsUndefined();
  options.has_attachment = !info[attachment].IsUndefined();
  return options;
}

// (session, key, parameters, segments | undefined, attachment | undefined, encoding | undefined, query options, queue,
// source | undefined, points | undefined, declared key | undefined)
Napi::Value get(const Napi::CallbackInfo& info) {
  SessionHandle& session = handle<SessionHandle>(info, 0);
  const std::string key = text(info, 1);
  const std::string parameters = text(info, 2);
  GetOptions options = getOptions(info, 3, 4, 5, 14);
  options.declared = optionalWord(info, 16);
  const QueryOptions query = queryOptions(info, 6);
  const QueueOptions queue = queueOptions(info, 11);
  const Lent lent(info, 3, 4);
  return answered(info.Env(), session.get(environment(info), key, parameters, lent.payload(), lent.attachment(), query,
                                          options, queue));
}

// (session, key, query options)
Napi::Value declareQuerier(const Napi::CallbackInfo& info) {
  SessionHandle& session = handle<SessionHandle>(info, 0);
  return operation(info, session.declare_querier(environment(info), text(info, 1), queryOptions(info, 2)));
}

// (querier, parameters, segments | undefined, attachment | undefined, encoding | undefined, queue, source | undefined)
Napi::Value querierGet(const Napi::CallbackInfo& info) {
  QuerierHandle& querier = handle<QuerierHandle>(info, 0);
  const std::string parameters = text(info, 1);
  const GetOptions options = getOptions(info, 2, 3, 4, 8);
  const QueueOptions queue = queueOptions(info, 5);
  const Lent lent(info, 2, 3);
  return answered(info.Env(),
                  querier.get(environment(info), parameters, lent.payload(), lent.attachment(), options, queue));
}

Napi::Value querierId(const Napi::CallbackInfo& info) {
  return Napi::String::New(info.Env(), std::string(handle<QuerierHandle>(info, 0).id()));
}

Napi::Value undeclareQuerier(const Napi::CallbackInfo& info) {
  return operation(info, handle<QuerierHandle>(info, 0).undeclare(environment(info)));
}

// (session, key, timeout in ms, queue)
Napi::Value livelinessGet(const Napi::CallbackInfo& info) {
  SessionHandle& session = handle<SessionHandle>(info, 0);
  return answered(info.Env(),
                  session.liveliness_get(environment(info), text(info, 1), size(info, 2), queueOptions(info, 3)));
}

// (query, key, segments, attachment | undefined, encoding | undefined, qos, timestamp | undefined, source | undefined)
Napi::Value reply(const Napi::CallbackInfo& info) {
  QueryHandle& query = handle<QueryHandle>(info, 0);
  const std::string key = text(info, 1);
  const PutOptions options = putOptions(info, 4, !info[3].IsUndefined());
  const Lent lent(info, 2, 3);
  return putOutcome(info.Env(), query.reply(environment(info), key, lent.payload(), lent.attachment(), options));
}

// (query, key, attachment | undefined, encoding, qos, timestamp | undefined, source | undefined)
Napi::Value replyDel(const Napi::CallbackInfo& info) {
  QueryHandle& query = handle<QueryHandle>(info, 0);
  const std::string key = text(info, 1);
  const PutOptions options = putOptions(info, 3, !info[2].IsUndefined());
  const Lent lent(info, Lent::none, 2);
  return putOutcome(info.Env(), query.reply_del(environment(info), key, lent.attachment(), options));
}

// (query, segments, encoding | undefined)
Napi::Value replyErr(const Napi::CallbackInfo& info) {
  QueryHandle& query = handle<QueryHandle>(info, 0);
  const std::string encoding = optionalText(info, 2);
  const Lent lent(info, 1);
  return putOutcome(info.Env(), query.reply_err(environment(info), lent.payload(), encoding));
}

Napi::Value finalize(const Napi::CallbackInfo& info) {
  handle<QueryHandle>(info, 0).finalize();
  return info.Env().Undefined();
}

}  // namespace

void exportQuery(Napi::Object exports) {
  exportFunction<get>(exports, "sessionGet");
  exportFunction<declareQuerier>(exports, "sessionDeclareQuerier");
  exportFunction<querierGet>(exports, "querierGet");
  exportFunction<querierId>(exports, "querierId");
  exportFunction<undeclareQuerier>(exports, "querierUndeclare");
  exportFunction<livelinessGet>(exports, "sessionLivelinessGet");
  exportFunction<reply>(exports, "queryReply");
  exportFunction<replyDel>(exports, "queryReplyDel");
  exportFunction<replyErr>(exports, "queryReplyErr");
  exportFunction<finalize>(exports, "queryFinalize");
}

}  // namespace zs
