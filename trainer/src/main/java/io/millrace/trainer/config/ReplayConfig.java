package io.millrace.trainer.config;

import static io.millrace.trainer.config.Checks.require;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Experience replay: a bounded sample of the examples trained so far, some of which join every mini-batch.
 *
 * @param share of a step's labelled examples that are replayed, once there are enough; default 0: no replay
 * @param capacity maximum number of examples kept; default 1000
 * @param sample how the kept ones are chosen; default uniform
 */
public record ReplayConfig(Double share, Integer capacity, Sample sample) {

    private static final ReplayConfig DEFAULTS = new ReplayConfig(0.0, 1000, Sample.UNIFORM);

    /** How the kept examples are chosen. */
    public enum Sample {
        /** Every example of the stream so far has the same chance. */
        @JsonProperty("uniform")
        UNIFORM,
        /** Every label gets the same number of places, if it occurs that often. */
        @JsonProperty("per-class")
        PER_CLASS
    }

    public ReplayConfig {
        share = share == null ? DEFAULTS.share : share;
        capacity = capacity == null ? DEFAULTS.capacity : capacity;
        sample = sample == null ? DEFAULTS.sample : sample;
        require(share >= 0 && share <= 0.9, "replay.share", "in [0, 0.9]", share);
        require(capacity >= 1 && capacity <= 100_000, "replay.capacity", "in [1, 100000]", capacity);
    }

    /** The defaults. */
    static ReplayConfig defaults() {
        return DEFAULTS;
    }

    /** The same with another share. */
    public ReplayConfig withShare(double other) {
        return new ReplayConfig(other, capacity, sample);
    }

    /** How many examples join {@code fresh} new ones: {@code fresh * share / (1 - share)}, rounded. */
    public int joining(int fresh) {
        return Checks.joining(fresh, share);
    }
}
