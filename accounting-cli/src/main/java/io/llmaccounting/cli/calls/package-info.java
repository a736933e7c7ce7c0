/** Commands about single calls: recorded, asked for, held, settled. */
@NullMarked
package io.llmaccounting.cli.calls;

import org.jspecify.annotations.NullMarked;
