/** A small program to copy from. */
@NullMarked
package io.llmaccounting.examples;

import org.jspecify.annotations.NullMarked;
