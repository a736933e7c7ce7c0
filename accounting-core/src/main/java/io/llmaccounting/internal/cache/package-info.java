/** What is read often and changes rarely, kept in memory and checked by revision. */
@NullMarked
package io.llmaccounting.internal.cache;

import org.jspecify.annotations.NullMarked;
