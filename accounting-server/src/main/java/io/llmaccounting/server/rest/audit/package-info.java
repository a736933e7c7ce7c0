/** The audit log. */
@NullMarked
package io.llmaccounting.server.rest.audit;

import org.jspecify.annotations.NullMarked;
