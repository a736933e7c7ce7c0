/** Reads openapi.yaml, and checks requests against it. */
@NullMarked
package io.llmaccounting.server.rest.contract;

import org.jspecify.annotations.NullMarked;
