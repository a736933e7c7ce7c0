/** Commands about limits: what they are, how they stand, what they refused. */
@NullMarked
package io.llmaccounting.cli.limits;

import org.jspecify.annotations.NullMarked;
