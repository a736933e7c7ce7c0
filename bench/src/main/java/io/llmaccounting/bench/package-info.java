/**
 * Measures the library beside what can be had without it: every figure is a ratio to a baseline
 * that ran in the same process, on the same data, with the same durability.
 */
@NullMarked
package io.llmaccounting.bench;

import org.jspecify.annotations.NullMarked;
