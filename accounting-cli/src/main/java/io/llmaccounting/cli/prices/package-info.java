/** Commands about prices; none needs a database. */
@NullMarked
package io.llmaccounting.cli.prices;

import org.jspecify.annotations.NullMarked;
