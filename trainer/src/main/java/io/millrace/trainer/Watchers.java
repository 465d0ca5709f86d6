package io.millrace.trainer;

import io.micrometer.core.instrument.MeterRegistry;

/**
 * Where a trainer's figures go.
 *
 * @param registry the meters of the process
 * @param steps receives every step
 */
record Watchers(MeterRegistry registry, StepListener steps) {}
