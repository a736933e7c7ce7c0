package io.llmaccounting.providers.request;

/** One shape of request. */
record RequestDialect(RequestFields fields, FieldNode tree) {
  RequestDialect(RequestFields fields) {
    this(fields, FieldNode.treeOf(fields));
  }
}
