/**
 * What adapters need: asking for a call, telling how it goes on and ends, and who is calling. A
 * meter of another process, a test's or a decorator stands in for the library's own.
 */
@NullMarked
package io.llmaccounting.call;

import org.jspecify.annotations.NullMarked;
