/** What applications and storage authors program against; depends on nothing but annotations. */
module io.llmaccounting.api {
  requires static transitive org.jspecify;

  exports io.llmaccounting.call;
  exports io.llmaccounting.usage;
  exports io.llmaccounting.limit;
  exports io.llmaccounting.audit;
  exports io.llmaccounting.directory;
  exports io.llmaccounting.access;
  exports io.llmaccounting.health;
  exports io.llmaccounting.pricing;
  exports io.llmaccounting.backend;
}
