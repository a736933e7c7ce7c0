/** Work that takes longer than a request. */
@NullMarked
package io.llmaccounting.server.rest.jobs;

import org.jspecify.annotations.NullMarked;
