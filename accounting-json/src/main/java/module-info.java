/** The JSON forms of what the api's values say. */
module io.llmaccounting.json {
  requires transitive io.llmaccounting.api;
  requires com.fasterxml.jackson.core;
  requires static transitive org.jspecify;

  exports io.llmaccounting.json;
  exports io.llmaccounting.json.limits;
}
