/** What tests of commands run them with. */
package io.llmaccounting.cli.testing;
