/** Choices of how usage is recorded. */
@NullMarked
package io.llmaccounting.recording;

import org.jspecify.annotations.NullMarked;
