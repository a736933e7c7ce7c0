/** Answers that are given again to the same request of the same project. */
@NullMarked
package io.llmaccounting.server.cache;

import org.jspecify.annotations.NullMarked;
