/**
 * What tests need: a backend in memory, a clock moved by hand, calls with defaults, assertions.
 * Only the assertions need AssertJ, and nothing here needs JUnit.
 */
@NullMarked
package io.llmaccounting.testkit;

import org.jspecify.annotations.NullMarked;
