package io.llmaccounting.cli.transfer;

/** Is told how far long work has come. */
@FunctionalInterface
interface Progress {
  /** Nobody watches. */
  Progress NONE = done -> {};

  /** So much is done, in the unit in which the whole was given. */
  void at(long done);
}
