/** Commands about receivers of what was recorded. */
@NullMarked
package io.llmaccounting.cli.sinks;

import org.jspecify.annotations.NullMarked;
