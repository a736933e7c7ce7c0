package io.llmaccounting.rules.planted.chicken;

import io.llmaccounting.rules.planted.egg.Egg;

/** Half of a circle, there to be found. */
public record Chicken(Egg laid) {}
