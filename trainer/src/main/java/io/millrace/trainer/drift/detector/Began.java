package io.millrace.trainer.drift.detector;

/**
 * Where a change probably began.
 *
 * @param first the first offset at which it may have begun
 * @param next the first offset at which it had begun for certain, as far as the detector can tell
 * @param examples scores since it probably began, the newest included
 */
public record Began(long first, long next, long examples) {}
