/**
 * The JSON forms of what the api's values say: usage, limits, decisions, reports, audit entries,
 * names, denials and alerts, each written and read by one class, to the bit. The command line, a
 * server and its clients share them. Knows the api and a JSON parser; neither the accounting, nor
 * files, nor a network.
 *
 * <p>A form is one object on a line of its own, so many of them are read in bounded memory. The
 * same value always makes the same bytes: fields stand in a fixed order, and those without a value
 * are left out. Reading is strict: a field of another name, or a value that is none of its kind, is
 * an {@link java.lang.IllegalArgumentException} that names the field, the value and the rule.
 */
@NullMarked
package io.llmaccounting.json;

import org.jspecify.annotations.NullMarked;
