/** The rules that every value of this module is checked against when it is made. Not exported. */
@NullMarked
package io.llmaccounting.validation;

import org.jspecify.annotations.NullMarked;
